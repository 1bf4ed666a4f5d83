//! What can go wrong with an experiment.

use kechuang_eval::EvalError;
use kechuang_ingest::IngestError;
use kechuang_matching::MatchError;
use kechuang_store::StoreError;

/// A failure of an experiment.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The folder is no benchmark, or a file of it is wrong; the message is Chinese.
    #[error("{0}")]
    Bench(String),
    /// The judgements do not fit what was ranked, or cannot be read.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// A file could not be taken in.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The engine failed.
    #[error(transparent)]
    Match(#[from] MatchError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The scratch folder failed.
    #[error("临时目录无法读写：{0}")]
    Scratch(#[from] std::io::Error),
}
