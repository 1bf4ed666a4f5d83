//! Workbooks: each visible sheet is a table with a header row of its own.
//!
//! Parts are read as streams under the limits of the archive, so a sheet is never held as XML.

mod book;
mod number;
mod sheet;
mod strings;
mod table;

use super::{Known, Row, archive::Archive, limits::Budget};
use crate::{IngestError, Result};
use book::Book;

pub(super) fn read(bytes: &[u8], known: Known<'_>, notes: &mut Vec<String>) -> Result<Vec<Row>> {
    let mut archive = Archive::open(bytes)?;
    let mut book = Book::open(&mut archive)?;
    let mut budget = Budget::new();
    let mut rows = Vec::new();
    let mut reasons = Vec::new();
    for entry in std::mem::take(&mut book.sheets) {
        if entry.is_hidden {
            reasons.push(format!("工作表“{}”是隐藏的，未导入", entry.name));
            continue;
        }
        let grid = sheet::read(&mut archive, &book, &entry, &mut budget)?;
        match table::rows(&entry.name, grid, &book, known, &mut budget, notes)? {
            Ok(found) => rows.extend(found),
            Err(reason) => reasons.push(format!("工作表“{}”{reason}，未导入", entry.name)),
        }
    }
    if rows.is_empty() && !reasons.is_empty() {
        return Err(IngestError::File(reasons.join("；")));
    }
    notes.extend(reasons);
    Ok(rows)
}
