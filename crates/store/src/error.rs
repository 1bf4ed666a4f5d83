//! What can go wrong with the store, by what the caller can do about it.

use std::path::Path;

use kechuang_domain::RecordId;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such record.
    #[error("record {0} does not exist")]
    UnknownRecord(RecordId),
    /// The record has moved on since the caller read it.
    #[error("record {id} is at revision {current}")]
    RevisionConflict {
        /// Which record.
        id: RecordId,
        /// The revision it is at now.
        current: i64,
    },
    /// Another worker has taken over the job; this one's work was rolled back.
    #[error("the lease of this job has passed to another worker")]
    LeaseLost,
    /// The file or its folder cannot be written.
    #[error("{0} cannot be written")]
    ReadOnly(String),
    /// No database answers.
    #[error("no database answers: {0}")]
    Unavailable(String),
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date: {0}")]
    Schema(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what this program wrote.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
    /// Anything else the database says.
    #[error("database: {0}")]
    Database(sqlx::Error),
}

impl StoreError {
    pub(crate) fn opening(error: sqlx::Error, file: &Path) -> Self {
        match Self::from(error) {
            Self::ReadOnly(_) | Self::Unavailable(_) => Self::ReadOnly(file.display().to_string()),
            other => other,
        }
    }
}

/// SQLite's primary result codes for a file that cannot be written or opened.
const SQLITE_READONLY: i64 = 8;
const SQLITE_CANTOPEN: i64 = 14;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::Database(database) => {
                // The low byte is the primary code; the rest tells variants apart.
                let code = database.code().and_then(|code| code.parse::<i64>().ok());
                match code.map(|code| code & 0xff) {
                    Some(SQLITE_READONLY) if is_sqlite(database.as_ref()) => {
                        Self::ReadOnly("the database file".to_owned())
                    }
                    Some(SQLITE_CANTOPEN) if is_sqlite(database.as_ref()) => {
                        Self::Unavailable(error.to_string())
                    }
                    _ => Self::Database(error),
                }
            }
            _ => Self::Database(error),
        }
    }
}

fn is_sqlite(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
}

pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}
