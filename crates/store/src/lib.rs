//! The truth: everything the product must not lose, on SQLite (embedded) or PostgreSQL (shared).
//!
//! Records with all their revisions, the change log that every index follows, background jobs, saved
//! match runs, outcome events, access tokens and what large models were asked. Each public method is one transaction.
//!
//! Knows: sqlx, both databases, how their semantics differ.
//! Must not know: tantivy, models, HTTP, file formats, the clock (times are arguments).
//!
//! SQL is written once where both databases take it (`$1` works on both); it branches only where they
//! mean different things, as in [`jobs`].

mod db;

pub mod access;
pub mod assist;
pub mod changes;
pub mod duplicates;
pub mod error;
pub mod events;
pub mod feeds;
pub mod freshness;
pub mod imports;
pub mod jobs;
pub mod parties;
pub mod records;
pub mod refinements;
pub mod reviews;
pub mod runs;

use std::path::Path;

pub use assist::{CallerDay, DailyCaps, Entered, NewCall, Spend};
pub use changes::{Change, ChangeKind};
pub use db::Location;
use db::Pool;
pub use duplicates::{DuplicatePair, RecordKeys};
pub use error::StoreError;
pub use events::Outcome;
pub use feeds::FeedStatus;
pub use freshness::Aged;
pub use imports::{ImportJob, NewImport, ReadOutcome};
pub use jobs::{ClaimedJob, Job};
pub use records::{RecordDraft, SaveKind, Saved, StoredRecord};
pub use refinements::{NewRefinement, RefinedEvent, RefinementCount, RunRefinement};
pub use runs::{NewRun, SavedRun};

/// A `Result` whose error is a [`StoreError`].
pub type Result<T> = std::result::Result<T, StoreError>;

/// The store. Cheap to clone; all clones share one set of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
}

impl Store {
    /// Opens the store at `location` and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] where the folder cannot be written, [`StoreError::Unavailable`] where
    /// no database answers, [`StoreError::Schema`] where a migration fails or a newer program made it.
    pub async fn open(location: &Location) -> Result<Self> {
        Ok(Self { pool: Pool::open(location).await? })
    }

    /// Opens an embedded store in `folder`, which must exist.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_embedded(folder: &Path) -> Result<Self> {
        Self::open(&Location::Embedded(folder.join("kechuang.sqlite"))).await
    }

    /// Which database this is, for people: `SQLite` or `PostgreSQL`.
    #[must_use]
    pub const fn backend(&self) -> &'static str {
        self.pool.backend()
    }

    /// Closes all connections after their statements have ended.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
