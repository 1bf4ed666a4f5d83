//! What kind of support fits what kind of demand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The table from kinds of demands to what clauses for them say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportCues(BTreeMap<String, WantedSupport>);

/// A line of the table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("词表 support.tsv 第 {line} 行有误：应为「类别<TAB>词语<TAB>支持类别」，词语之间空一格")]
pub struct SupportCuesError {
    /// Which line, from 1.
    pub line: usize,
}

/// The support that fits one demand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedSupport {
    /// Phrases of clauses that fit.
    pub words: Vec<String>,
    /// Ways of support that fit, of [`SUPPORT_KINDS`](kechuang_domain::fact::SUPPORT_KINDS).
    pub kinds: Vec<String>,
}

impl SupportCues {
    /// Reads the table, below a line that names the columns.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(table: &str) -> Result<Self, SupportCuesError> {
        let mut rows = BTreeMap::new();
        let lines = (1..).zip(table.lines()).filter(|(_, row)| {
            !row.trim().is_empty() && !row.starts_with('#') && !row.starts_with("category\t")
        });
        for (line, row) in lines {
            let cells: Vec<&str> = row.split('\t').collect();
            let [category, words, kinds] = cells[..] else { return Err(SupportCuesError { line }) };
            let list = |cell: &str| cell.split_whitespace().map(str::to_owned).collect();
            let support = WantedSupport { words: list(words), kinds: list(kinds) };
            rows.insert(category.to_owned(), support);
        }
        Ok(Self(rows))
    }

    /// What fits a demand of these kinds; a kind that the table does not have adds nothing.
    #[must_use]
    pub fn wanted<'a>(&self, categories: impl IntoIterator<Item = &'a str>) -> WantedSupport {
        let mut wanted = WantedSupport::default();
        for category in categories {
            let Some(WantedSupport { words, kinds }) = self.0.get(category) else { continue };
            for (list, more) in [(&mut wanted.words, words), (&mut wanted.kinds, kinds)] {
                for one in more {
                    if !list.contains(one) {
                        list.push(one.clone());
                    }
                }
            }
        }
        wanted
    }
}

impl WantedSupport {
    /// How a text fits: 1 where it says one of the words, 1/2 where only its way of support does.
    #[must_use]
    pub fn fit(&self, text: &str, kinds: &[String]) -> f64 {
        if self.words.iter().any(|word| text.contains(word.as_str())) {
            1.0
        } else if kinds.iter().any(|kind| self.kinds.contains(kind)) {
            0.5
        } else {
            0.0
        }
    }
}
