//! What people have said of a record after looking at it.

use crate::{RecordId, Status, Timestamp};

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewKind {
    /// It still holds.
    Confirmed,
    /// It says the same as this one.
    SameAs(RecordId),
    /// It is another than this one, which looks alike.
    OtherThan(RecordId),
    /// It stands like this from now on.
    Status(Status),
}

/// One entry of a record's review log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// What was said.
    pub kind: ReviewKind,
    /// When.
    pub at: Timestamp,
}

impl ReviewKind {
    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::SameAs(_) => "same_as",
            Self::OtherThan(_) => "other_than",
            Self::Status(_) => "status",
        }
    }

    /// The other record that it speaks of.
    #[must_use]
    pub const fn other(self) -> Option<RecordId> {
        match self {
            Self::SameAs(other) | Self::OtherThan(other) => Some(other),
            Self::Confirmed | Self::Status(_) => None,
        }
    }

    /// The standing that it gives.
    #[must_use]
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Status(status) => Some(status),
            Self::Confirmed | Self::SameAs(_) | Self::OtherThan(_) => None,
        }
    }
}
