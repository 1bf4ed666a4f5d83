//! Files into the libraries.
//!
//! A file is cut into rows; rows are saved raw, some 500 with one job; a worker turns each job's rows
//! into records. A row that cannot be read is kept with its reason and stops no other row.
//!
//! Knows: file formats, column names, what makes a row a record.
//! Must not know: HTTP, SQL, indexes, the clock.

pub mod columns;
pub mod draft;
pub mod error;
pub mod import;
pub mod job;
pub mod rows;
pub mod sheet;

pub use columns::{Column, Mapping};
pub use draft::{Issue, RowContext};
pub use error::IngestError;
pub use import::{ImportFile, ImportReport};
pub use job::{Ingested, Outcome, RejectedRow, SavedRow, Upload, Worked, enqueue, work_one};
pub use rows::{Format, Row};

/// What ingestion goes by beside the rows: data of the installation.
#[derive(Debug, Clone, Default)]
pub struct IngestRules {}

/// A `Result` whose error is an [`IngestError`].
pub type Result<T> = std::result::Result<T, IngestError>;
