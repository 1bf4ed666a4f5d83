//! What can go wrong with a whole file or job. What is wrong with one row is that row's reason.

use kechuang_store::StoreError;

/// A failure of ingestion.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file as a whole cannot be read; the message is for its owner, in Chinese.
    #[error("{0}")]
    File(String),
    /// The file of an import is not there any more.
    #[error("the file of import {0} is gone")]
    Lost(String),
    /// A reader ended without an answer.
    #[error("a reader of files broke down: {0}")]
    Reader(String),
    /// A file cannot be written.
    #[error("a sheet cannot be written: {0}")]
    Write(String),
    /// A job's payload is not what this program wrote.
    #[error("the payload of a job cannot be read: {0}")]
    Payload(#[from] serde_json::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rust_xlsxwriter::XlsxError> for IngestError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Write(error.to_string())
    }
}
