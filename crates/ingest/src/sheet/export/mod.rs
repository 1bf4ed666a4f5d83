//! A library as a file.
//!
//! What a keeper exports is imported again to equal records: owner, key, status, content with tiers,
//! and 出处. 来源名称 is honoured only by imports that ask for it, so that a file cannot write over the
//! records of another source by what stands in a column. Records so long that a row would exceed
//! [`ROW_LIMIT_BYTES`](crate::rows::ROW_LIMIT_BYTES), or as CSV span more lines than its reader takes for
//! one record, are exported in full, but the reader refuses them.

mod csv;
mod json_lines;
mod label;
mod value;
mod workbook;

use std::str::FromStr;

use kechuang_domain::{Library, Viewer};
use kechuang_store::StoredRecord;

use crate::{Column, Result};
use value::cell;

/// A format to export to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// An Excel workbook with one sheet.
    Xlsx,
    /// Comma-separated values: UTF-8 with a byte order mark, CRLF, a header row.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Xlsx, Self::Csv, Self::JsonLines];

    /// The ending of such a file's name, which is also its name on the command line.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// The text names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有导出格式「{0}」；可用：xlsx、csv、jsonl")]
pub struct UnknownExportFormat(pub String);

impl FromStr for ExportFormat {
    type Err = UnknownExportFormat;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.ending() == text.trim())
            .ok_or_else(|| UnknownExportFormat(text.to_owned()))
    }
}

/// For whom a library is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anybody: listed records, public texts and facts, public numbers.
    Public,
    /// Whoever keeps the library: everything, with status, tiers, 出处 and the names of sources.
    Keeper,
}

/// The records of `library` among these as a file, in their order.
///
/// # Errors
/// [`crate::IngestError`] where a workbook cannot hold them.
pub fn export<'a>(
    format: ExportFormat,
    library: Library,
    records: impl Iterator<Item = &'a StoredRecord>,
    reach: Reach,
) -> Result<Vec<u8>> {
    let is_wanted = |stored: &&StoredRecord| {
        let within_reach = reach == Reach::Keeper || stored.record.listed_for(Viewer::Public);
        stored.record.library() == library && within_reach
    };
    let records: Vec<&StoredRecord> = records.filter(is_wanted).collect();
    let columns = columns(library, &records, reach);
    match format {
        ExportFormat::JsonLines => Ok(json_lines::write(&columns, &records, reach)),
        ExportFormat::Csv => csv::write(&columns, &records, reach),
        ExportFormat::Xlsx => workbook::write(library, &columns, &records, reach),
    }
}

/// Everything for keepers, so that each export of a library looks alike; for others the columns that
/// say something. Where a large model has read anything, a column tells what.
fn columns(library: Library, records: &[&StoredRecord], reach: Reach) -> Vec<Column> {
    let says =
        |column: Column| records.iter().any(|stored| !cell(stored, column, reach).is_empty());
    let mut columns: Vec<Column> = Column::of(library).collect();
    match reach {
        Reach::Keeper => columns.push(Column::SourceName),
        Reach::Public => columns.retain(|column| says(*column)),
    }
    columns.extend(Some(Column::ReadByModel).filter(|column| says(*column)));
    columns
}
