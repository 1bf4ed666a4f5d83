//! Workbooks: each visible sheet is a table with a header row of its own.
//!
//! Parts are read as streams under the limits of the archive, so a sheet is never held as XML.

mod book;
mod number;
mod sheet;
mod strings;
mod table;

use std::collections::BTreeMap;

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

/// Where the header of a sheet stands, for writing beside its rows.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The sheet's name.
    pub(crate) sheet: String,
    /// The part that holds it.
    pub(crate) part: String,
    /// Headers by column, from 0.
    pub(crate) headers: BTreeMap<u32, String>,
    /// The row of the sheet that the header ends with, from 1.
    pub(crate) bottom: u32,
    /// The first column that says nothing in any row.
    pub(crate) free: u32,
}

/// The layouts of the sheets that [`read`] takes rows from.
pub(super) fn layouts(bytes: &[u8], known: Known<'_>) -> Result<Vec<Layout>> {
    let mut archive = Archive::open(bytes)?;
    let mut book = Book::open(&mut archive)?;
    let mut budget = Budget::new();
    let mut layouts = Vec::new();
    for entry in std::mem::take(&mut book.sheets).into_iter().filter(|entry| !entry.is_hidden) {
        let grid = sheet::read(&mut archive, &book, &entry, &mut budget)?;
        let Some(header) = table::header(&grid, &book, known) else { continue };
        let cells = grid.lines.iter().flat_map(|line| &line.cells);
        let free = cells.map(|(column, _)| column + 1).max().unwrap_or_default();
        layouts.push(Layout {
            sheet: entry.name,
            part: entry.part,
            headers: header.names,
            bottom: header.bottom,
            free,
        });
    }
    Ok(layouts)
}
