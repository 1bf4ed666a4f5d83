//! What a file's columns hold, so that a mapping can be looked at before it is applied.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Row;

/// The longest sample that is shown, in characters.
const SAMPLE_CHARS: usize = 80;

/// A header with some of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The header as it stands in the file.
    pub name: String,
    /// Its first values that say something, shortened.
    pub samples: Vec<String>,
}

/// The headers of one sheet; of the whole file where it has no sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The sheet.
    pub sheet: Option<String>,
    /// How many of its rows could be read.
    pub rows: usize,
    /// Its headers, by name.
    pub headers: Vec<Header>,
}

/// The headers of `rows`, sheet by sheet, each with at most `n` values.
#[must_use]
pub fn preview(rows: &[Row], n: usize) -> Vec<Preview> {
    let mut sheets: Vec<Sheet<'_>> = Vec::new();
    for row in rows {
        let Row::Fields { place, fields } = row else { continue };
        let name = place.sheet.as_deref();
        if sheets.last().is_none_or(|last| last.name != name) {
            sheets.push(Sheet { name, rows: 0, headers: BTreeMap::new() });
        }
        let Some(sheet) = sheets.last_mut() else { continue };
        sheet.rows += 1;
        for (header, value) in fields {
            let samples = sheet.headers.entry(header).or_default();
            if samples.len() < n {
                samples.extend(sample(value));
            }
        }
    }
    sheets.into_iter().map(Sheet::shown).collect()
}

struct Sheet<'a> {
    name: Option<&'a str>,
    rows: usize,
    headers: BTreeMap<&'a str, Vec<String>>,
}

impl Sheet<'_> {
    fn shown(self) -> Preview {
        let header = |(name, samples): (&str, _)| Header { name: name.to_owned(), samples };
        Preview {
            sheet: self.name.map(str::to_owned),
            rows: self.rows,
            headers: self.headers.into_iter().map(header).collect(),
        }
    }
}

fn sample(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (!text.is_empty()).then(|| match text.char_indices().nth(SAMPLE_CHARS) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    })
}
