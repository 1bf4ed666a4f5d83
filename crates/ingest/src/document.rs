//! What the text of a document says as a record's fields, where it is no form.

use kechuang_domain::{Library, TextField};
use serde_json::{Map, Value};

/// A first line longer than this, in characters, is prose and no title.
const TITLE_LIMIT_CHARS: usize = 100;

/// The first line is the title and the rest the body; where the first line is prose, the file's name is
/// the title. No library reads its documents in another way yet.
#[must_use]
pub fn document_fields(_library: Library, name: &str, text: &str) -> Map<String, Value> {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim().trim_start_matches('#').trim_start();
    let is_title = first.chars().nth(TITLE_LIMIT_CHARS).is_none() && !rest.trim().is_empty();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (title, body) = if is_title { (first, rest.trim()) } else { (stem, text) };
    let field = |field: TextField, text: &str| (field.code().to_owned(), Value::from(text));
    [field(TextField::Title, title), field(TextField::Body, body)].into_iter().collect()
}
