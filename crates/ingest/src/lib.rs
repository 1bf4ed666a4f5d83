//! Files into the libraries.
//!
//! A file is cut into rows; rows are saved raw, some 500 with one job; a worker turns each job's rows
//! into records. A row that cannot be read is kept with its reason and stops no other row.
//!
//! Knows: file formats, feeds, column names, what makes a row a record.
//! Must not know: our own API, SQL, indexes, the clock.

pub mod columns;
pub mod document;
pub mod draft;
pub mod error;
pub mod feed;
pub mod job;
pub mod rows;

pub use columns::{Column, Mapping};
pub use draft::{Issue, RowContext};
pub use error::IngestError;
pub use feed::{Feed, FeedOutcome, FeedRules};
pub use job::{Ingested, Outcome, RejectedRow, SavedRow, Upload, enqueue, enqueue_rows, work_one};
pub use rows::{Format, ReadFile, ReadOptions, Row};

/// A `Result` whose error is an [`IngestError`].
pub type Result<T> = std::result::Result<T, IngestError>;
