//! Imports as JSON.

use kechuang_domain::{Import, ImportPreview};
use kechuang_ingest::{ImportReport, RejectedRow};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Rejected rows that are listed, at most; the returned file has all.
const REJECTED_SHOWN: usize = 100;

/// A file on its way in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportWire {
    /// The import's id.
    pub id: String,
    /// `reading`, `mapping` (waits for `start`), `importing`, `done` or `failed`.
    pub stage: &'static str,
    /// `achievement`, `demand`, `equipment` or `policy`.
    pub library: &'static str,
    /// The source its rows belong to.
    pub source: String,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// RFC 3339.
    pub created_at: String,
    /// How many rows the file has, once it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_count: Option<i64>,
    /// How many of them were looked at.
    pub rows_done: usize,
    /// New records.
    pub created: usize,
    /// New revisions of known records.
    pub updated: usize,
    /// Records that said the same already.
    pub unchanged: usize,
    /// Rows that became no record.
    pub rejected: usize,
    /// Rows that became records and that a person should look at.
    pub doubtful: usize,
    /// The first of them.
    #[schema(value_type = Vec<Object>)]
    pub doubts: Vec<RejectedRow>,
    /// Records that say the same as an earlier one, which is shown for both.
    pub linked: usize,
    /// Pairs that look alike and wait for a person.
    pub offered: usize,
    /// The first rejected rows, with the reason for each cell.
    #[schema(value_type = Vec<Object>)]
    pub rejected_rows: Vec<RejectedRow>,
    /// Headers that mean no field.
    pub ignored_columns: Vec<String>,
    /// What was noticed while reading.
    pub notes: Vec<String>,
    /// Columns with their first values and the field each is understood to mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub preview: Option<ImportPreview>,
    /// What the sender has said of the headers.
    #[schema(value_type = Object)]
    pub mapping: Value,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl ImportWire {
    /// An import with what has become of its rows.
    #[must_use]
    pub fn new(import: Import, report: ImportReport) -> Self {
        let ImportReport { rows_done, created, updated, unchanged, compared, ingested, error } =
            report;
        Self {
            id: import.id.to_string(),
            stage: import.stage.code(),
            library: import.library.code(),
            source: import.source,
            file: import.file,
            sha256: import.sha256,
            created_at: import.created_at.to_string(),
            row_count: import.row_count,
            rows_done,
            created,
            updated,
            unchanged,
            rejected: ingested.rejected.len(),
            doubtful: ingested.doubtful,
            doubts: ingested.doubts.into_iter().take(REJECTED_SHOWN).collect(),
            linked: compared.linked,
            offered: compared.offered,
            rejected_rows: ingested.rejected.into_iter().take(REJECTED_SHOWN).collect(),
            ignored_columns: ingested.ignored_columns,
            notes: import.notes,
            preview: import.preview,
            mapping: serde_json::from_str(&import.mapping).unwrap_or_default(),
            error: import.error.or(error),
        }
    }
}
