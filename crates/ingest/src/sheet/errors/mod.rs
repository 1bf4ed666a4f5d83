//! A filled sheet, given back with what is wrong in it.
//!
//! The file stays the sender's: same sheets, rows, formats, lists and notes. A workbook gets a column
//! 错误说明, a red fill and a note on each rejected cell; separated values get the column, in the same
//! encoding and with the same separator. The column is ignored when the corrected file comes in again, and
//! taken over when it is given back once more. Of other formats, a list goes back.
//!
//! What a workbook loses: the stored size of its used range, which programs work out anew, and, where a
//! cell that was red is right now, the fill it had before it became red.

mod comments;
mod list;
mod package;
mod rows;
mod separated;
mod styles;
mod workbook;
mod xml;

use crate::{Column, Format, RejectedRow, Result, columns::column};
use kechuang_domain::Library;

/// The file with the reasons for these rows.
///
/// # Errors
/// [`crate::IngestError::File`] for a file that could not be read in the first place.
pub fn with_errors(file_name: &str, bytes: &[u8], rejected: &[RejectedRow]) -> Result<Vec<u8>> {
    match Format::detect(file_name, bytes)? {
        Format::Csv => separated::write(bytes, rejected),
        Format::Xlsx => match workbook::write(bytes, rejected)? {
            Some(file) => Ok(file),
            None => list::write(rejected),
        },
        _ => list::write(rejected),
    }
}

/// The ending of the name of what [`with_errors`] gives for this file.
#[must_use]
pub fn errors_ending(file_name: &str) -> &'static str {
    let ending = file_name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "csv" => "csv",
        "tsv" => "tsv",
        "xlsm" => "xlsm",
        _ => "xlsx",
    }
}

/// The place of the header that an issue names among `headers`: by its words, else by what it means.
fn place_of<'a>(
    wanted: &str,
    headers: impl Iterator<Item = (u32, &'a String)> + Clone,
) -> Option<u32> {
    let meaning = |header: &str| -> Option<Column> {
        Library::ALL.into_iter().find_map(|library| column(library, header))
    };
    let same = headers.clone().find(|(_, header)| *header == wanted);
    let meant = || {
        let wanted = meaning(wanted)?;
        headers.clone().find(|(_, header)| meaning(header) == Some(wanted))
    };
    same.or_else(meant).map(|(place, _)| place)
}

/// Whether a header is that of the reasons.
fn is_errors(header: &str) -> bool {
    column(Library::Demand, header) == Some(Column::Errors)
}
