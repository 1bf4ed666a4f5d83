//! In which order a library is listed. This is the one registry of orders: which library has which,
//! and by what it goes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Fact, Library, Record, public_facts::PublicFacts};

/// An order of a list. Equals stand newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best first; needs words.
    Relevance,
    /// Newest first.
    Newest,
    /// Last changed first.
    Updated,
    /// Last confirmed first.
    Confirmed,
    /// The next deadline first, then those that are past, the last of them first, then those without.
    Deadline,
    /// Last come into force first; those without a day at the end.
    EffectiveFrom,
    /// Like [`Sort::Deadline`], by a policy's last day.
    EffectiveUntil,
    /// The largest amount first; those without at the end.
    Amount,
}

impl Sort {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 8] = [
        Self::Relevance,
        Self::Newest,
        Self::Updated,
        Self::Confirmed,
        Self::Deadline,
        Self::EffectiveFrom,
        Self::EffectiveUntil,
        Self::Amount,
    ];

    /// The stable name in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Updated => "updated",
            Self::Confirmed => "confirmed",
            Self::Deadline => "deadline",
            Self::EffectiveFrom => "effective_from",
            Self::EffectiveUntil => "effective_until",
            Self::Amount => "amount",
        }
    }

    /// What it is called in a library; `None` where the library has no such order.
    #[must_use]
    pub const fn label_in(self, library: Library) -> Option<&'static str> {
        use Library::{Demand, Equipment, Policy};
        match (self, library) {
            (Self::Relevance, _) => Some("最相关"),
            (Self::Newest, _) => Some("最新入库"),
            (Self::Updated, _) => Some("最近更新"),
            (Self::Confirmed, _) => Some("最近确认"),
            (Self::Deadline, Demand) => Some("最早截止"),
            (Self::EffectiveFrom, Policy) => Some("最近施行"),
            (Self::EffectiveUntil, Policy) => Some("最早失效"),
            (Self::Amount, Demand) => Some("拟投入最多"),
            (Self::Amount, Equipment) => Some("原值最高"),
            (Self::Amount, Policy) => Some("支持上限最高"),
            _ => None,
        }
    }

    /// The orders of a library.
    pub fn of(library: Library) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |sort| sort.label_in(library).is_some())
    }
}

impl Record {
    /// What [`Sort::Amount`] goes by, in 分, as far as the public may know.
    #[must_use]
    pub fn amount(&self) -> Option<i64> {
        let fact = match self.library() {
            Library::Achievement => return None,
            Library::Demand => Fact::Budget,
            Library::Equipment => Fact::OriginalValue,
            Library::Policy => Fact::Cap,
        };
        PublicFacts::of(self).whole(fact)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有名为「{0}」的排序方式")]
pub struct UnknownSort(pub String);

impl FromStr for Sort {
    type Err = UnknownSort;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|sort| sort.code() == text.trim())
            .ok_or_else(|| UnknownSort(text.to_owned()))
    }
}
