//! Pairs of records that look alike.

use serde::{Deserialize, Serialize};

use crate::{Library, RecordId, Timestamp};

/// What a person has said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateDecision {
    /// Nothing yet.
    Open,
    /// They are the same; one is shown for both.
    Same,
    /// They are two.
    Different,
}

impl DuplicateDecision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Same, Self::Different];

    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Same => "same",
            Self::Different => "different",
        }
    }

    /// The decision with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.code() == code)
    }
}

/// A pair that a person should look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DuplicateOffer {
    /// The earlier record.
    pub first: RecordId,
    /// The later one.
    pub second: RecordId,
    /// Their library.
    pub library: Library,
    /// How alike they are, 0 to 1.
    pub score: f64,
    /// What was decided.
    pub decision: DuplicateDecision,
    /// When they were found.
    pub created_at: Timestamp,
}
