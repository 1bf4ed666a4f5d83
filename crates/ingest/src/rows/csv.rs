//! CSV with a header row; the separator is the one that makes most of the header row's names known.
//!
//! A stray quotation mark would swallow every row up to the next one. So a record that spans lines and
//! has the wrong number of columns costs its first line only; reading goes on at the next line.

use std::ops::Range;

use csv::{ByteRecord, ReaderBuilder};
use kechuang_domain::Place;
use serde_json::{Map, Value};

use super::{
    Known, ROW_LIMIT_BYTES, Row,
    known::add,
    limits::{Budget, COLUMNS, over},
};
use crate::{IngestError, Result};

/// The most lines that one record may span.
const RECORD_LIMIT_LINES: usize = 100;
/// What may stand between values; where two fit as well, the first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Rows of text in UTF-8; what is not is told row by row.
pub(super) fn read(bytes: &[u8], known: Known<'_>) -> Result<Vec<Row>> {
    let (headers, separator, mut offset) = headers(bytes, known)?;
    let mut budget = Budget::of_lines();
    let mut line = 1 + newlines(&bytes[..offset]);
    let mut rows = Vec::new();
    while offset < bytes.len() {
        let rest = &bytes[offset..];
        let (record, taken) = record(rest, separator);
        let raw = &rest[..taken];
        let (row, taken) = match row(&headers, &record, raw, line) {
            Err(reason) => (Some(Row::broken(line, raw, reason)), first_line(rest)),
            Ok(row) => (row, taken),
        };
        if let Some(row) = row {
            budget.spend_row(headers.len())?;
            rows.push(row);
        }
        line += newlines(&rest[..taken]);
        offset += taken;
    }
    Ok(rows)
}

/// Where the rows of a file stand, for writing beside them.
#[derive(Debug)]
pub(crate) struct Cut {
    /// The header row's names.
    pub(crate) headers: Vec<String>,
    /// What stands between values.
    pub(crate) separator: u8,
    /// The header row and each row that is not blank: the line it begins in, and its bytes.
    pub(crate) rows: Vec<(u64, Range<usize>)>,
}

/// Cuts a file as [`read`] does; the header row is the first.
pub(super) fn cut(bytes: &[u8], known: Known<'_>) -> Result<Cut> {
    let (headers, separator, mut offset) = headers(bytes, known)?;
    let mut rows = vec![(1, 0..offset)];
    let mut line = 1 + newlines(&bytes[..offset]);
    while offset < bytes.len() {
        let rest = &bytes[offset..];
        let (record, taken) = record(rest, separator);
        let (says, taken) = match row(&headers, &record, &rest[..taken], line) {
            Err(_) => (true, first_line(rest)),
            Ok(row) => (row.is_some(), taken),
        };
        if says {
            rows.push((line, offset..offset + taken));
        }
        line += newlines(&rest[..taken]);
        offset += taken;
    }
    Ok(Cut { headers, separator, rows })
}

/// The header row, its separator and where it ends.
fn headers(bytes: &[u8], known: Known<'_>) -> Result<(Vec<String>, u8, usize)> {
    let mut best: Option<(usize, Vec<String>, u8, usize)> = None;
    for separator in SEPARATORS {
        let (record, taken) = record(bytes, separator);
        let names: Vec<String> =
            record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let count = names.iter().filter(|name| known.column(name).is_some()).count();
        if best.as_ref().is_none_or(|(most, ..)| count > *most) {
            best = Some((count, names, separator, taken));
        }
    }
    match best {
        Some((1.., names, ..)) if names.len() > COLUMNS => Err(over("列数", &COLUMNS.to_string())),
        Some((1.., names, separator, taken)) => Ok((names, separator, taken)),
        _ => Err(IngestError::File(
            "第一行没有可识别的列名；应有“名称”“内容简介”“单位”等列".to_owned(),
        )),
    }
}

/// The record at the beginning of `bytes`, and how many bytes it takes.
fn record(bytes: &[u8], separator: u8) -> (ByteRecord, usize) {
    let line = first_line(bytes);
    // Most lines have no quotation marks: nothing has to be understood but the separator.
    if !bytes[..line].contains(&b'"') {
        let bare = without_line_end(&bytes[..line]);
        return (bare.split(|byte| *byte == separator).collect(), line);
    }
    // Most records with quotation marks end soon.
    let near = window(bytes, 8);
    match quoted_record(&bytes[..near], separator) {
        (record, taken) if taken < near => (record, taken),
        _ => quoted_record(&bytes[..window(bytes, 2 * RECORD_LIMIT_LINES)], separator),
    }
}

fn quoted_record(bytes: &[u8], separator: u8) -> (ByteRecord, usize) {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator);
    let mut reader = builder.from_reader(bytes);
    let mut record = ByteRecord::new();
    // Reading bytes from memory with flexible lengths cannot fail.
    let read = reader.read_byte_record(&mut record).unwrap_or(false);
    let taken = usize::try_from(reader.position().byte()).unwrap_or(bytes.len()).max(1);
    // The reader stops between the two halves of a Windows line end.
    let split =
        bytes[..taken.min(bytes.len())].ends_with(b"\r") && bytes.get(taken) == Some(&b'\n');
    (record, if read { taken + usize::from(split) } else { bytes.len() })
}

/// How much of `bytes` one record may take: whole lines, so many of them, and not too long. Without a
/// limit, a file whose every line opens a quotation would be read to its end for each of its lines.
fn window(bytes: &[u8], line_ends: usize) -> usize {
    let within = &bytes[..bytes.len().min(ROW_LIMIT_BYTES + 1)];
    // Old files end lines with \r alone; \r\n then counts twice.
    let mut ends = within.iter().enumerate().filter(|(_, byte)| matches!(**byte, b'\n' | b'\r'));
    ends.nth(line_ends - 1).map_or(within.len(), |(at, _)| at + 1)
}

/// The row of a record, or why it is none; `Ok(None)` for a blank one.
fn row(
    headers: &[String],
    record: &ByteRecord,
    raw: &[u8],
    line: u64,
) -> std::result::Result<Option<Row>, String> {
    if record.iter().all(|value| value.trim_ascii().is_empty()) {
        return Ok(None);
    }
    if raw.len() > ROW_LIMIT_BYTES {
        let reason = format!("这一行超过 {} MB；可能少了一个引号", ROW_LIMIT_BYTES >> 20);
        return Err(reason);
    }
    let is_open = raw.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
    if is_open && newlines(raw.trim_ascii_end()) > 0 {
        return Err("这一行的引号没有配对；请检查引号".to_owned());
    }
    if record.len() != headers.len() {
        let reason = format!(
            "这一行有 {} 列，列名有 {} 个；请检查分隔符和引号",
            record.len(),
            headers.len()
        );
        return Err(reason);
    }
    let mut fields = Map::new();
    for (header, value) in headers.iter().zip(record) {
        let Ok(value) = std::str::from_utf8(value) else {
            let reason = format!("“{header}”列不是 UTF-8 编码（可能混有 GBK）；请转为 UTF-8");
            return Err(reason);
        };
        add(&mut fields, header, Value::String(value.to_owned()));
    }
    Ok(Some(Row::Fields { place: Place::line(line), fields }))
}

fn first_line(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| matches!(*byte, b'\n' | b'\r')).map(|at| at + 1);
    match end {
        Some(at) if bytes[..at].ends_with(b"\r") && bytes.get(at) == Some(&b'\n') => at + 1,
        Some(at) => at,
        None => bytes.len(),
    }
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
