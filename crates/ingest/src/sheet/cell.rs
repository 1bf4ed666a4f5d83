//! How a text stands in a cell of an exported sheet.
//!
//! - A text that a spreadsheet program would take for a formula gets a `'` before it in CSV. In a
//!   workbook it is a text cell as it is.
//! - So that a reader of both can take the `'` away again, a text that has quotes before such a
//!   beginning of its own gets one more in either: `'=1` becomes `''=1`.
//! - A text that is longer than a workbook's cell goes on in further columns, 内容简介（续1） and so on.

use std::borrow::Cow;

/// What begins a formula in some spreadsheet program, after the OWASP list of CSV injections.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The most UTF-16 units put into one cell of a workbook. The format allows 32,767; the rest is room for
/// a quote.
const CELL_UNITS: usize = 32_000;

/// The text as a cell of CSV.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    if begins_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// The text as a text cell of a workbook.
pub(super) fn quoted_in_workbook(text: &str) -> Cow<'_, str> {
    if text.starts_with('\'') { quoted(text) } else { text.into() }
}

/// The text of a cell, either kind.
pub(super) fn unquoted(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if begins_formula(text) => text,
        _ => cell,
    }
}

fn begins_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The text in pieces that each fit a cell of a workbook; at least one.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut units) = (0, 0);
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > CELL_UNITS {
            pieces.push(&text[start..at]);
            (start, units) = (at, 0);
        }
        units += c.len_utf16();
    }
    pieces.push(&text[start..]);
    pieces
}

/// The header of the column that continues `header`; `number` counts from 1.
pub(super) fn continuation(header: &str, number: usize) -> String {
    format!("{header}（续{number}）")
}

/// The header that a column continues, and its number.
pub(super) fn continued(header: &str) -> Option<(&str, usize)> {
    let (base, number) = header.strip_suffix('）')?.rsplit_once("（续")?;
    Some((base, number.parse().ok()?))
}
