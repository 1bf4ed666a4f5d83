//! Separated values with one more column: no byte of the others is changed.
//!
//! A line with too few or too many values gets its reason as its last value, so that it still does not
//! fit the header row until somebody has looked at it.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, WriterBuilder};
use encoding_rs::GB18030;

use super::is_errors;
use crate::{Column, IngestError, RejectedRow, Result, rows, sheet::cell::quoted};

pub(super) fn write(bytes: &[u8], rejected: &[RejectedRow]) -> Result<Vec<u8>> {
    let (text, encoding) = rows::decoded(bytes)?;
    let cut = rows::cut(&text)?;
    let reasons: BTreeMap<u64, String> =
        rejected.iter().filter_map(|row| Some((row.place.row?, row.reason()))).collect();
    let former = cut.headers.iter().position(|header| is_errors(header));
    let mut written = String::with_capacity(text.len() + 64 * reasons.len());
    let mut done = 0;
    for (number, (line, range)) in cut.rows.iter().enumerate() {
        written.push_str(&text[done..range.start]);
        done = range.end;
        let reason = match number {
            0 => Column::Errors.label(),
            _ => reasons.get(line).map_or("", String::as_str),
        };
        let raw = &text[range.clone()];
        let content = raw.trim_end_matches(['\r', '\n']);
        let kept = match former {
            Some(place) => without(content, place, cut.separator)?,
            None => content.to_owned(),
        };
        written.push_str(&kept);
        written.push(char::from(cut.separator));
        written.push_str(&value(reason, cut.separator)?);
        written.push_str(&raw[content.len()..]);
    }
    written.push_str(&text[done..]);
    Ok(encoded(&written, encoding, bytes))
}

/// A record without the reason of last time.
fn without(record: &str, place: usize, separator: u8) -> Result<String> {
    let mut reader = ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(separator);
    let mut values = reader.from_reader(record.as_bytes()).into_records();
    let Some(values) = values.next() else { return Ok(record.to_owned()) };
    let values = values.map_err(failed)?;
    joined(
        values.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, value)| value),
        separator,
    )
}

fn value(text: &str, separator: u8) -> Result<String> {
    joined([quoted(text).as_ref()].into_iter(), separator)
}

fn joined<'a>(values: impl Iterator<Item = &'a str>, separator: u8) -> Result<String> {
    let mut writer = WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(values).map_err(failed)?;
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    let line = String::from_utf8_lossy(&bytes);
    // An only value that is empty is written as two quotes.
    Ok(if line == "\"\"\n" { String::new() } else { line.trim_end_matches('\n').to_owned() })
}

fn failed(error: csv::Error) -> IngestError {
    IngestError::Write(error.to_string())
}

/// The text as the file had it.
fn encoded(text: &str, encoding: Option<&'static str>, former: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    match (encoding, former) {
        (None, _) if former.starts_with(MARK) => [MARK, text.as_bytes()].concat(),
        (None, _) => text.as_bytes().to_vec(),
        (Some(_), [0xff, 0xfe, ..]) => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        }
        (Some(_), [0xfe, 0xff, ..]) => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_be_bytes).collect()
        }
        (Some(_), _) => GB18030.encode(text).0.into_owned(),
    }
}
