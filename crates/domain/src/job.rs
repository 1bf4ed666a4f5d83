//! Names of background work. What a job does is known to the crate that exports its handler.

use serde::{Deserialize, Serialize};

/// The kind of a job, which chooses its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Rows of a file on their way into a library.
    Ingest,
    /// A file that was handed in and has to be cut into rows.
    ReadImport,
    /// Records that were saved and have to be compared with what is there.
    FindDuplicates,
    /// Records that nobody has confirmed for long: each library once a day.
    AgeRecords,
    /// A saved run whose head a large model is to judge.
    Refine,
}

impl JobKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Ingest, Self::ReadImport, Self::FindDuplicates, Self::AgeRecords, Self::Refine];

    /// The stable name in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::ReadImport => "read_import",
            Self::FindDuplicates => "find_duplicates",
            Self::AgeRecords => "age_records",
            Self::Refine => "refine",
        }
    }

    /// The kind with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Waits for its time or for a worker. A running job whose lease ended is claimable again.
    Queued,
    /// A worker holds its lease.
    Running,
    /// Finished.
    Done,
    /// Given up after too many attempts, with the reason kept.
    Dead,
}

impl JobStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Done, Self::Dead];

    /// The stable name in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// The status with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}
