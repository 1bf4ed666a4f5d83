//! What people judged: how well each document answers each query.

use std::collections::BTreeMap;

use crate::error::EvalError;

/// The judged documents of one query, by document id.
pub type Judged = BTreeMap<String, Level>;

/// All judgements of a data set. A pair that is not here is unjudged, not irrelevant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgements {
    /// The judged documents, by query id.
    pub queries: BTreeMap<String, Judged>,
}

/// How well a document answers a query, as a person judged it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Level 1: no relation.
    Unrelated = 1,
    /// Level 2: a weak relation.
    Weak = 2,
    /// Level 3: a fairly strong relation.
    FairlyStrong = 3,
    /// Level 4: a strong relation.
    Strong = 4,
}

impl Judgements {
    /// Reads the text of a `qrels.tsv`: on each line a query id, a document id and a level from 1
    /// to 4, separated by tabs, without a heading. Blank lines and comments (`#`) are skipped, and so is the
    /// byte order mark that spreadsheets write. The first wrong line is an error.
    pub fn parse(text: &str) -> Result<Judgements, EvalError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut judgements = Judgements::default();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            judgements
                .add_line(line)
                .map_err(|message| EvalError::BadLine { line: index + 1, message })?;
        }
        Ok(judgements)
    }

    fn add_line(&mut self, line: &str) -> Result<(), String> {
        let columns: Vec<&str> = line.split('\t').collect();
        let &[query, document, level] = columns.as_slice() else {
            return Err(format!(
                "应为 3 列（需求编号、成果编号、等级，以制表符分隔），实际为 {} 列",
                columns.len()
            ));
        };
        if query.trim().is_empty() {
            return Err("需求编号为空".to_owned());
        }
        if document.trim().is_empty() {
            return Err("成果编号为空".to_owned());
        }
        let Some(level) = level.parse().ok().and_then(Level::from_number) else {
            return Err(format!("等级应为 1、2、3 或 4，实际为“{level}”"));
        };
        let judged = self.queries.entry(query.to_owned()).or_default();
        if judged.insert(document.to_owned(), level).is_some() {
            return Err(format!("需求“{query}”与成果“{document}”的等级重复"));
        }
        Ok(())
    }
}

impl Level {
    /// The level with this number, if it is one of 1 to 4.
    pub fn from_number(number: u8) -> Option<Level> {
        match number {
            1 => Some(Level::Unrelated),
            2 => Some(Level::Weak),
            3 => Some(Level::FairlyStrong),
            4 => Some(Level::Strong),
            _ => None,
        }
    }

    /// The number of the level, 1 to 4.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Whether the document counts as found, where a metric knows only yes and no.
    pub fn is_relevant(self) -> bool {
        self >= Level::FairlyStrong
    }
}
