//! Parties: who owns records, asks and answers.

use serde::{Deserialize, Serialize};

use crate::PartyId;

/// What kind of organisation a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 企业.
    Firm,
    /// 高校 or 科研院所.
    Academy,
    /// 政府部门 or 事业单位, among them the scene-promotion centre.
    Government,
    /// Not stated by the source.
    Unknown,
}

impl PartyKind {
    /// The stable name in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Academy => "academy",
            Self::Government => "government",
            Self::Unknown => "unknown",
        }
    }

    /// The kind with this stable name; anything else is [`PartyKind::Unknown`].
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        [Self::Firm, Self::Academy, Self::Government]
            .into_iter()
            .find(|kind| kind.code() == code)
            .unwrap_or(Self::Unknown)
    }
}

/// An organisation. Parties are told apart by name until credit codes arrive with full records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Identifier.
    pub id: PartyId,
    /// Full name as the source writes it.
    pub name: String,
    /// What kind of organisation.
    pub kind: PartyKind,
}
