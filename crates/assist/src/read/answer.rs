//! What of a reading can be kept.

use kechuang_domain::Library;
use kechuang_reading::record::{Grounds, ReadField, ReadValue, grounded, is_same_value};
use kechuang_text::Lexicon;
use serde::Deserialize;

use super::MOST_VALUES;
use crate::shown::without_fence;

#[derive(Deserialize)]
struct Answer {
    values: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    field: String,
    value: String,
    quote: String,
}

/// The values of an answer that its text says, in the order of their fields, and how many others there were. Of a field
/// that has one value the first stands; the same value twice is kept once, and nothing is wrong with that.
pub(super) fn read(
    lexicon: &Lexicon,
    library: Library,
    text: &str,
    answer: &str,
) -> Result<(Vec<ReadValue>, usize), String> {
    let answer: Answer = serde_json::from_str(without_fence(answer))
        .map_err(|error| format!("第 {} 行起不是约定的 JSON", error.line()))?;
    let mut removed = answer.values.len().saturating_sub(MOST_VALUES);
    let mut kept: Vec<ReadValue> = Vec::new();
    for One { field, value, quote } in answer.values.into_iter().take(MOST_VALUES) {
        let field = ReadField::of_code(library, &field);
        let held = field.map(|field| grounded(lexicon, library, text, field, &value, &quote));
        let Some(Grounds::Said(read)) = held else {
            removed += 1;
            continue;
        };
        let is_known = |known: &ReadValue| {
            known.field == read.field
                && is_same_value(lexicon, read.field, &known.value, &read.value)
        };
        if kept.iter().any(is_known) {
            continue;
        }
        let is_second = !read.field.is_list() && kept.iter().any(|known| known.field == read.field);
        if is_second {
            removed += 1;
        } else {
            kept.push(read);
        }
    }
    let order = |field: ReadField| ReadField::of(library).iter().position(|one| *one == field);
    kept.sort_by_key(|read| order(read.field));
    Ok((kept, removed))
}
