//! An indicator of a table: its name, value and condition stand in cells of their own.

use kechuang_domain::Indicator;

use super::indicators;
use crate::{Lexicon, normalise};

/// Stands before a stated value, so that it is read as in a sentence.
const NAME: &str = "指标";

/// Reads a row whose value is wholly a comparison and an amount (`≥320 MPa`); `None` for any other: what is read in part
/// may be misread. What the name has in brackets, and a name that has numbers, is condition.
#[must_use]
pub fn indicator_of_row(
    lexicon: &Lexicon,
    name: &str,
    stated: &str,
    condition: &str,
) -> Option<Indicator> {
    let stated = stated.trim();
    let sentence = format!("{NAME}{stated}");
    let mut found = indicators(lexicon, &sentence).into_iter();
    let read = found.next().filter(|read| read.span.start == 0)?;
    if read.span.end < sentence.len() || found.next().is_some() {
        return None;
    }
    let name = normalise(lexicon, name.trim()).text;
    let (name, bracketed) = without_brackets(&name);
    let numbered = Some(name.as_str()).filter(|name| name.contains(|c: char| c.is_ascii_digit()));
    let conditions: Vec<&str> = [condition.trim(), bracketed.as_str()]
        .into_iter()
        .chain(numbered)
        .chain([read.indicator.condition.as_str()])
        .filter(|part| !part.is_empty())
        .collect();
    let condition = normalise(lexicon, &conditions.join("，")).text.into_owned();
    Some(Indicator { name, condition, ..read.indicator })
}

/// A name without what it has in brackets, and that.
fn without_brackets(name: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth > 0 => inside.push(c),
            c => outside.push(c),
        }
    }
    (outside.trim().to_owned(), inside)
}
