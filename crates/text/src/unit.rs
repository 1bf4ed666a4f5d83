//! Units of measure: how they are written, and what compares with what.

use std::collections::{HashMap, HashSet};

use crate::{Lexicon, LexiconError, lexicon::lines};

/// A way of writing a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The unit's one name, such as `MPa` for 兆帕.
    pub canonical: String,
    /// Values of the same dimension compare.
    pub dimension: String,
    /// A value in the base unit is `value * factor + offset`.
    pub factor: f64,
    /// See `factor`.
    pub offset: f64,
}

/// All ways of writing units.
#[derive(Debug)]
pub(crate) struct Units {
    written: HashMap<String, Unit>,
    /// The same in lower case, as words are cut.
    lowercase: HashSet<String>,
    longest_chars: usize,
}

impl Units {
    pub(crate) fn parse(table: &str) -> Result<Self, LexiconError> {
        let mut written = HashMap::new();
        // The first line names the columns.
        for (line, row) in lines(table).skip(1) {
            let (name, unit) = unit(row).ok_or_else(|| LexiconError {
                file: "units.tsv",
                line,
                what: "应为「写法、规范单位、量纲、系数、偏移」五列".to_owned(),
            })?;
            written.insert(name.to_owned(), unit);
        }
        let longest_chars = written.keys().map(|name| name.chars().count()).max().unwrap_or(0);
        let lowercase = written.keys().map(|name| name.to_lowercase()).collect();
        Ok(Self { written, lowercase, longest_chars })
    }

    pub(crate) fn get(&self, written: &str) -> Option<&Unit> {
        self.written.get(written)
    }

    /// The longest unit that `text` begins with, and its length in bytes.
    pub(crate) fn longest_at(&self, text: &str) -> Option<(&Unit, usize)> {
        let ends: Vec<usize> =
            text.char_indices().take(self.longest_chars).map(|(at, c)| at + c.len_utf8()).collect();
        ends.into_iter().rev().find_map(|end| {
            let unit = self.written.get(&text[..end])?;
            // `m` is not the unit of `mol`, nor `A` that of `Al2O3`.
            let cut_off = text[..end].ends_with(|c: char| c.is_ascii_alphanumeric())
                && text[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
            (!cut_off).then_some((unit, end))
        })
    }
}

fn unit(row: &str) -> Option<(&str, Unit)> {
    let cells: Vec<&str> = row.split('\t').collect();
    let [written, canonical, dimension, factor, offset] = cells.try_into().ok()?;
    let unit = Unit {
        canonical: canonical.to_owned(),
        dimension: dimension.to_owned(),
        factor: factor.parse().ok()?,
        offset: offset.parse().ok()?,
    };
    Some((written, unit))
}

/// A value in the base unit of its dimension, with the dimension; `None` for an unknown unit.
#[must_use]
pub fn to_base(lexicon: &Lexicon, value: f64, unit: &str) -> Option<(f64, String)> {
    let unit = lexicon.unit(unit)?;
    Some((value.mul_add(unit.factor, unit.offset), unit.dimension.clone()))
}

/// Whether a word, as the analyser gives it, is a number, a unit, or a number with its unit: it then
/// says how much, not what.
#[must_use]
pub fn is_measure(lexicon: &Lexicon, word: &str) -> bool {
    let is_unit = |text: &str| lexicon.units.lowercase.contains(text);
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '~' | '/');
    let unit = word.trim_start_matches(number);
    let is_counted = unit.len() < word.len();
    match unit {
        "" => true,
        // 316l and 304l are steels.
        "l" => !is_counted,
        unit if unit.is_ascii() => is_unit(unit) || (unit.len() == 1 && !is_counted),
        // 小时, 天 and their like stand in many sentences, whatever those are about.
        unit => is_unit(unit),
    }
}
