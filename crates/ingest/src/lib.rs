//! Files into the libraries.
//!
//! A file is cut into rows; rows are saved raw, some 500 with one job; a worker turns each job's rows
//! into records. A row that cannot be read is kept with its reason and stops no other row.
//!
//! Knows: file formats, feeds, column names, what makes a row a record.
//! Must not know: our own API, SQL, indexes, the clock.

pub mod columns;
pub mod context;
pub mod document;
pub mod draft;
pub mod duplicates;
pub mod error;
pub mod feed;
pub mod freshness;
pub mod import;
pub mod ingested;
pub mod job;
mod places;
mod policy_row;
pub mod read;
pub mod rows;
pub mod sheet;
pub mod tables;
mod value;

use std::sync::Arc;

use kechuang_domain::FreshnessRules;
use kechuang_text::{Lexicon, near::Rule};

pub use columns::{Column, Mapping};
pub use context::RowContext;
pub use draft::Issue;
pub use duplicates::Compared;
pub use error::IngestError;
pub use feed::{
    Feed, FeedOutcome, FeedRules,
    follow::{Feeds, FollowedFeed},
};
pub use import::{ImportFile, ImportReport};
pub use ingested::{Ingested, Outcome, RejectedRow, SavedRow};
pub use job::{Upload, Worked, enqueue, enqueue_rows, work_one};
pub use rows::{Format, PdfReader, ReadFile, ReadOptions, Row};
pub use tables::Tables;

/// What ingestion goes by beside the rows: data of the installation.
#[derive(Debug, Clone, Default)]
pub struct IngestRules {
    /// Names of codes.
    pub tables: Arc<Tables>,
    /// What reads PDF files; without it they are refused.
    pub pdf: Option<PdfReader>,
    /// How records that say the same are found; without it every row stays a record of its own, as
    /// evaluation wants it, and nothing is taken for junk.
    pub linking: Option<Linking>,
    /// How long records stand unconfirmed.
    pub freshness: FreshnessRules,
}

/// How records that say the same are found.
#[derive(Debug, Clone)]
pub struct Linking {
    /// Characters and words.
    pub lexicon: Arc<Lexicon>,
    /// From where on two records are near-duplicates.
    pub rule: Rule,
}

/// A `Result` whose error is an [`IngestError`].
pub type Result<T> = std::result::Result<T, IngestError>;
