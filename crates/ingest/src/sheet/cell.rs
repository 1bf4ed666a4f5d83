//! How a text stands in a cell of an exported sheet.
//!
//! - A text that a spreadsheet program would take for a formula gets a `'` before it in CSV. In a
//!   workbook it is a text cell as it is.
//! - So that a reader of both can take the `'` away again, a text that has quotes before such a
//!   beginning of its own gets one more in either: `'=1` becomes `''=1`.
//! - Readers of workbooks take U+000D for half of a line end and drop it, so it is written `_x000D_`, after
//!   the habit of the format, as are other characters that XML has no place for; a text that says
//!   `_x000D_` or `_x005F_` itself has `_x005F_` for its `_`.
//! - A text that is longer than a workbook's cell goes on in further columns, 内容简介（续1） and so on.

use std::borrow::Cow;

/// What begins a formula in some spreadsheet program, after the OWASP list of CSV injections.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The most UTF-16 units put into one cell of a workbook. The format allows 32,767; the rest is room for
/// a quote.
const CELL_UNITS: usize = 32_000;

/// How many bytes a mark has: `_x`, four hexadecimal digits and `_`.
const MARK: usize = 7;

/// The character that a mark at the beginning of `text` stands for, if it is one of ours: a low line, or
/// what XML has no place for.
fn meant(text: &str) -> Option<char> {
    let digits =
        text.strip_prefix("_x")?.get(..4).filter(|_| text.as_bytes().get(6) == Some(&b'_'))?;
    let is_ours = |digit: u8| matches!(digit, b'0'..=b'9' | b'A'..=b'F');
    let code = digits.bytes().all(is_ours).then(|| u32::from_str_radix(digits, 16).ok())??;
    char::from_u32(code).filter(|&c| c == '_' || has_no_place(c))
}

/// Whether a workbook cannot hold the character as it is: XML 1.0 has no place for it, or readers change it.
fn has_no_place(c: char) -> bool {
    matches!(c, '\0'..'\t' | '\u{b}'..' ' | '\u{fffe}' | '\u{ffff}')
}

/// The text with marks that it has of its own told apart.
pub(super) fn marked(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        told.push_str(&rest[..at]);
        rest = &rest[at..];
        told.push_str(if meant(rest).is_some() { "_x005F_" } else { "_" });
        rest = &rest[1..];
    }
    told.push_str(rest);
    told.into()
}

/// The same for a workbook: characters that it has no place for are marks, too. The writer of workbooks
/// would mark them by itself, but then `_x01E5` before one of them would read as a mark.
pub(super) fn marked_for_workbook(text: &str) -> Cow<'_, str> {
    let told = marked(text);
    if !told.contains(has_no_place) {
        return told;
    }
    let mut safe = String::with_capacity(told.len() + MARK);
    for c in told.chars() {
        if has_no_place(c) {
            safe.push_str(&format!("_x{:04X}_", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    safe.into()
}

/// The text that [`marked`] or [`marked_for_workbook`] was given.
pub(super) fn unmarked(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let mark = meant(rest);
        plain.push(mark.unwrap_or('_'));
        rest = &rest[if mark.is_some() { MARK } else { 1 }..];
    }
    plain.push_str(rest);
    plain
}

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
