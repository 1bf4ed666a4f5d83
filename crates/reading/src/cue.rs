//! The table of phrases that speak of resources.

use std::collections::HashMap;

use kechuang_domain::ResourceKind;

/// What a phrase of the table does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// It names a resource.
    Resource(Box<Named>),
    /// It asks, or tells of a lack.
    Ask,
    /// It tells that something is there already, or is not wanted.
    Have,
    /// The same, unless it is asked of somebody else (须具备).
    Own,
    /// After a resource: that is done.
    Done,
    /// It looks like one of them and is none (需求, 应力).
    Plain,
}

/// When a phrase that names a resource counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Wherever it stands.
    Always,
    /// Where its sentence asks for something or lacks it.
    Asked,
    /// As the name of an indicator.
    Measured,
}

/// A resource as the table names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) kind: ResourceKind,
    pub(crate) when: When,
    /// What such a resource says of itself, its name first; empty where the text has to tell.
    pub(crate) words: Vec<String>,
    pub(crate) qualifications: Vec<String>,
}

/// The phrases that speak of resources, with what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceCues {
    /// By first character, longest first: a longer phrase says more than one within it.
    by_first: HashMap<char, Vec<(String, Role)>>,
}

/// A line of the table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "词表 resources.tsv 第 {line} 行有误：应为「说法<TAB>类别<TAB>何时<TAB>词语<TAB>资质」，见文件开头的说明"
)]
pub struct ResourceCuesError {
    /// Which line, from 1.
    pub line: usize,
}

impl ResourceCues {
    /// Reads the table: phrase, role, when, words and qualifications, tab-separated, the last three where
    /// there are any.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(table: &str) -> Result<Self, ResourceCuesError> {
        let mut by_first: HashMap<char, Vec<(String, Role)>> = HashMap::new();
        let rows = (1..).zip(table.lines()).filter(|(_, row)| {
            !row.trim().is_empty() && !row.starts_with('#') && !row.starts_with("cue\t")
        });
        for (line, row) in rows {
            let wrong = ResourceCuesError { line };
            let mut cells = row.split('\t').map(str::trim);
            let cue = cells.next().filter(|cue| !cue.is_empty()).ok_or(wrong.clone())?;
            let role = role(&mut cells).ok_or(wrong.clone())?;
            let first = cue.chars().next().ok_or(wrong)?;
            by_first.entry(first).or_default().push((cue.to_owned(), role));
        }
        for cues in by_first.values_mut() {
            cues.sort_by_key(|(cue, _)| std::cmp::Reverse(cue.len()));
        }
        Ok(Self { by_first })
    }

    /// The longest phrase that `text` begins with and that `wanted` takes: its length and its role.
    /// Latin letters must end where the phrase ends.
    pub(crate) fn longest_at(
        &self,
        text: &str,
        wanted: impl Fn(&Role) -> bool,
    ) -> Option<(usize, &Role)> {
        let cues = self.by_first.get(&text.chars().next()?)?;
        cues.iter()
            .find(|(cue, role)| wanted(role) && text.starts_with(cue) && ends_well(text, cue.len()))
            .map(|(cue, role)| (cue.len(), role))
    }
}

fn ends_well(text: &str, end: usize) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !(is_latin(text[..end].chars().next_back()) && is_latin(text[end..].chars().next()))
}

fn role<'a>(cells: &mut impl Iterator<Item = &'a str>) -> Option<Role> {
    let kind = match cells.next()? {
        "ask" => return Some(Role::Ask),
        "have" => return Some(Role::Have),
        "own" => return Some(Role::Own),
        "done" => return Some(Role::Done),
        "plain" => return Some(Role::Plain),
        code => ResourceKind::from_code(code)?,
    };
    let when = match cells.next()? {
        "always" => When::Always,
        "asked" => When::Asked,
        "measured" => When::Measured,
        _ => return None,
    };
    let mut words =
        || cells.next().unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    Some(Role::Resource(Box::new(Named { kind, when, words: words(), qualifications: words() })))
}
