//! Whether two values say the same, however they are written.

use kechuang_domain::{Fact, Indicator, Library};
use kechuang_text::{Lexicon, indicator_of_row};

use super::{ReadField, ReadValue, figure::folded};

/// Whether two values of a field say the same: 300万元 and 300 万元, ≥0.2 MPa and ≥0.20MPa.
#[must_use]
pub fn is_same_value(lexicon: &Lexicon, field: ReadField, one: &str, other: &str) -> bool {
    match field {
        ReadField::Fact(Fact::Targets | Fact::Measured) => {
            let (one, other) = (Row::of(lexicon, one), Row::of(lexicon, other));
            one.name == other.name && one.says(&other)
        }
        ReadField::Fact(fact) if !field.is_verbatim() => {
            let parse = |cell: &str| fact.parse_cell(cell).ok().flatten();
            parse(one).is_some() && parse(one) == parse(other)
        }
        _ => folded(lexicon, one) == folded(lexicon, other),
    }
}

/// Which of two readers has read a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBy {
    /// The first.
    First,
    /// The second.
    Second,
    /// Both, alike.
    Both,
}

/// The values of two readers of one text, what they agree on once, in the order of a record's fields with the first's
/// before the second's.
#[must_use]
pub fn together(
    lexicon: &Lexicon,
    library: Library,
    first: Vec<ReadValue>,
    second: Vec<ReadValue>,
) -> Vec<(ReadValue, ReadBy)> {
    let mut values: Vec<(ReadValue, ReadBy)> =
        first.into_iter().map(|read| (read, ReadBy::First)).collect();
    for read in second {
        let is_same = |known: &ReadValue| {
            known.field == read.field
                && is_same_value(lexicon, read.field, &known.value, &read.value)
        };
        match values.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, by)) => *by = ReadBy::Both,
            None => values.push((read, ReadBy::Second)),
        }
    }
    let order = |field| ReadField::of(library).iter().position(|known| *known == field);
    values.sort_by_key(|(read, _)| order(read.field));
    values
}

/// A row of indicators: 抗拉强度|≥240 MPa.
struct Row {
    name: String,
    /// As far as its unit is known.
    read: Option<Indicator>,
    stated: String,
}

impl Row {
    fn of(lexicon: &Lexicon, cell: &str) -> Self {
        let (name, stated) = cell.split_once('|').unwrap_or((cell, ""));
        let stated = stated.split('|').next().unwrap_or_default();
        Self {
            name: folded(lexicon, name),
            read: indicator_of_row(lexicon, name, stated, ""),
            stated: folded(lexicon, stated).trim_start_matches('=').to_owned(),
        }
    }

    fn says(&self, other: &Self) -> bool {
        let is_read = self.read.as_ref().zip(other.read.as_ref()).is_some_and(|(one, other)| {
            one.comparison == other.comparison && one.quantity == other.quantity
        });
        is_read || self.stated == other.stated
    }
}
