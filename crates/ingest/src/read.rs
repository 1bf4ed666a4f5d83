//! What was read of a free text, as the fields of a row; and a document as such a text.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{Library, Place, Span};
use kechuang_reading::record::{ReadField, ReadValue};
use serde_json::{Map, Value};

use crate::{Mapping, PdfReader, ReadOptions, Result, Row, rows::read_file};

/// The longest words that are kept as the place of a field, in characters.
const SENTENCE_CHARS: usize = 400;

/// The values by the codes of their fields; several of one field on a line each, as in a sheet.
pub(crate) fn fields_of(values: &[ReadValue]) -> Map<String, Value> {
    let mut lines: BTreeMap<ReadField, Vec<&str>> = BTreeMap::new();
    for ReadValue { field, value, .. } in values {
        lines.entry(*field).or_default().push(value);
    }
    let fields = lines.into_iter();
    fields.map(|(field, lines)| (field.code().to_owned(), lines.join("\n").into())).collect()
}

/// The words of `text` that each field was read from, by its code. Of several values of one field the words from the first
/// to the last, where they are not too many, else those of the first.
#[must_use]
pub fn places_of(values: &[ReadValue], text: &str) -> BTreeMap<String, Place> {
    let words = |field: ReadField| {
        let (first, whole) = spans_of(values, field)?;
        let all = whole.of(text).filter(|words| words.chars().nth(SENTENCE_CHARS).is_none());
        let sentence = all.or_else(|| first.of(text)).map(str::to_owned);
        Some((field.code().to_owned(), Place { sentence, ..Place::default() }))
    };
    let fields: BTreeSet<ReadField> = values.iter().map(|value| value.field).collect();
    fields.into_iter().filter_map(words).collect()
}

/// Where the first value of a field was read, and the stretch that all of them were read from.
pub(crate) fn spans_of(values: &[ReadValue], field: ReadField) -> Option<(Span, Span)> {
    let mut quotes = values.iter().filter(|value| value.field == field).map(|value| value.quote);
    let first = quotes.next()?;
    let whole = quotes.fold(first, |whole, quote| Span {
        start: whole.start.min(quote.start),
        end: whole.end.max(quote.end),
    });
    Some((first, whole))
}

/// The words of a document, as somebody would paste them; a form's as labels with their values.
///
/// # Errors
/// As [`read_file`].
pub fn text_of_file(
    library: Library,
    name: &str,
    bytes: &[u8],
    pdf: Option<&PdfReader>,
) -> Result<String> {
    let mapping = Mapping::default();
    let options = ReadOptions { library: Some(library), mapping: &mapping, pdf };
    let texts = read_file(&options, name, bytes)?.rows.into_iter().filter_map(|row| match row {
        Row::Text { text, .. } => Some(text),
        Row::Fields { fields, .. } => {
            let line =
                |(label, value): (&String, &Value)| Some(format!("{label}：{}", value.as_str()?));
            Some(fields.iter().filter_map(line).collect::<Vec<_>>().join("\n"))
        }
        Row::Broken { .. } => None,
    });
    Ok(texts.collect::<Vec<_>>().join("\n"))
}
