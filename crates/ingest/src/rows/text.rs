//! Plain text: forms of lines, or one document.

use kechuang_domain::Place;

use super::{Known, Row, encoding::decode_whole, encoding_note, form::Forms, limits};
use crate::{IngestError, Result};

pub(super) fn read(
    name: &str,
    bytes: &[u8],
    known: Known<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Row>> {
    if bytes.len() > limits::DOCUMENT_TEXT_BYTES {
        return Err(limits::over("文本", &format!("{} MB", limits::DOCUMENT_TEXT_BYTES >> 20)));
    }
    let (text, encoding) = decode_whole(bytes)?;
    notes.extend(encoding.map(encoding_note));
    let mut forms = Forms::new(known);
    for (line, number) in text.lines().zip(1_u64..) {
        if number > limits::LINES {
            return Err(limits::over("文本的行数", &limits::LINES.to_string()));
        }
        forms.line(line, &Place::line(number));
    }
    match forms.rows() {
        Some(rows) => Ok(rows),
        None => document(name, &text).map(|row| vec![row]),
    }
}

/// A document without pages.
pub(super) fn document(name: &str, text: &str) -> Result<Row> {
    let text = text.replace('\0', "");
    if text.trim().is_empty() {
        return Err(IngestError::File(format!("文件「{name}」里没有文字")));
    }
    Ok(Row::Text { place: Place::default(), name: name.to_owned(), text, pages: Vec::new() })
}
