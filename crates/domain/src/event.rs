//! Outcome events: what became of a match. Every clock and rate of the product is computed from them.

use serde::{Deserialize, Serialize};

use crate::{EventId, PartyId, RecordId, RunId, Timestamp};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The engine proposed the record.
    Matched,
    /// Somebody opened it.
    Seen,
    /// The other side answered.
    Replied,
    /// The proposal was taken up.
    Accepted,
    /// The proposal was turned down, with a reason.
    Declined,
    /// The two sides met.
    Met,
    /// A contract was signed.
    Contracted,
}

impl EventKind {
    /// All kinds, in the order of a good story.
    pub const ALL: [Self; 7] = [
        Self::Matched,
        Self::Seen,
        Self::Replied,
        Self::Accepted,
        Self::Declined,
        Self::Met,
        Self::Contracted,
    ];

    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Seen => "seen",
            Self::Replied => "replied",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Met => "met",
            Self::Contracted => "contracted",
        }
    }

    /// The kind with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One event, never changed once saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeEvent {
    /// Identifier.
    pub id: EventId,
    /// The run that proposed the record.
    pub run: RunId,
    /// The proposed record.
    pub record: RecordId,
    /// What happened.
    pub kind: EventKind,
    /// Why, for a refusal.
    pub reason: Option<String>,
    /// Who did it; `None` for the engine or an anonymous visitor.
    pub actor: Option<PartyId>,
    /// When.
    pub at: Timestamp,
}
