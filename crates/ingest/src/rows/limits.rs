//! How much of a file is read. Every limit is far above what people hand in and far below what would
//! hurt the machine; a refusal names the limit.
//!
//! Together they keep the memory of one reading below 300 MiB beside the file itself: at most
//! [`BUDGET_BYTES`] of rows and [`SHARED_TEXT_BYTES`] of shared texts exist at a time.

use super::Row;
use crate::IngestError;

/// The largest ZIP-based file: XLSX, DOCX.
pub(crate) const ARCHIVE_BYTES: usize = 64 << 20;
/// The most entries of an archive. A workbook of 250 sheets with a picture each has some 800.
pub(crate) const ARCHIVE_ENTRIES: usize = 4_096;
/// The most that one part of an archive may inflate to: some 150,000 rows of 15 columns.
pub(crate) const PART_BYTES: u64 = 128 << 20;
/// The most that all parts together may inflate to.
pub(crate) const ARCHIVE_INFLATED_BYTES: u64 = 512 << 20;
/// The highest ratio of a part's size to its packed size. Deflate reaches 1,032; a sheet of 100,000
/// equal rows stays below 120.
pub(crate) const PART_RATIO: u64 = 300;
/// Parts below this size may be packed as tightly as they like.
pub(crate) const RATIO_FREE_BYTES: u64 = 1 << 20;

/// The deepest nesting of elements. Tables in tables in text boxes reach some 60.
pub(crate) const XML_DEPTH: usize = 256;
/// The longest tag or run of text between two tags. A cell holds at most 32,767 characters.
pub(crate) const XML_TOKEN_BYTES: usize = 1 << 20;

/// The most text that the cells of a workbook may share.
pub(crate) const SHARED_TEXT_BYTES: usize = 48 << 20;
/// The most texts that the cells of a workbook may share.
pub(crate) const SHARED_TEXTS: usize = 500_000;
/// The most sheets of a workbook.
pub(crate) const SHEETS: usize = 256;
/// The most rows that are read from one file.
pub(crate) const ROWS: usize = 200_000;
/// The most columns of a table.
pub(crate) const COLUMNS: usize = 512;
/// The most merged ranges of a sheet.
pub(crate) const MERGES: usize = 65_536;
/// The most cells that merged ranges may fill or pass over.
pub(crate) const MERGE_STEPS: usize = 2_000_000;
/// The memory that rows read from a document or workbook may take.
pub(crate) const BUDGET_BYTES: usize = 128 << 20;
/// The memory that values of CSV and JSON may take beside their text: some 200,000 rows of five values.
pub(crate) const LINES_BUDGET_BYTES: usize = 192 << 20;
/// What a cell takes beside its header and text: two strings of their own.
pub(crate) const CELL_BYTES: usize = 64;
/// What a node of a map takes, and how many cells it holds at least once there are more than that.
const MAP_BYTES: usize = 640;
const MAP_FILLED: usize = 6;

/// The largest file that is one JSON value. Three bytes of it can take 32 in memory.
pub(crate) const JSON_BYTES: usize = 20 << 20;
/// The most lines of a text.
pub(crate) const LINES: u64 = 200_000;
/// What a paragraph or row of a document takes beside its text.
pub(crate) const BLOCK_BYTES: usize = 64;
/// The most relations between the parts of a package, and the most number formats of its own.
pub(crate) const RELATIONS: usize = 10_000;
/// The longest text that is read from one document.
pub(crate) const DOCUMENT_TEXT_BYTES: usize = 16 << 20;

/// What is left of the memory for rows, and what there was.
#[derive(Debug)]
pub(crate) struct Budget(usize, usize);

impl Budget {
    pub(crate) const fn new() -> Self {
        Self(BUDGET_BYTES, BUDGET_BYTES)
    }

    /// For formats whose text stands in the file as it is: only what values take beside their text is
    /// counted.
    pub(crate) const fn of_lines() -> Self {
        Self(LINES_BUDGET_BYTES, LINES_BUDGET_BYTES)
    }

    /// Takes what a row with so many values costs, or refuses the file.
    pub(crate) fn spend_row(&mut self, values: usize) -> Result<(), IngestError> {
        self.spend(size_of::<Row>() + MAP_BYTES * values.div_ceil(MAP_FILLED) + CELL_BYTES * values)
    }

    /// Takes `bytes`, or refuses the file.
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), IngestError> {
        match self.0.checked_sub(bytes) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err(over("表格内容占用的内存", &format!("{} MB", self.1 >> 20))),
        }
    }
}

/// The refusal of a file for its size: what is too much, and the limit.
pub(crate) fn over(what: &str, limit: &str) -> IngestError {
    IngestError::File(format!("{what}超过上限 {limit}；请拆成几个文件再导入"))
}
