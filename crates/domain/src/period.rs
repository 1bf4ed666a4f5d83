//! From when until when a record holds, as far as the public may know.

use crate::{Date, Fact, Library, Record, public_facts::PublicFacts};

/// The days between which a record holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// Its first day, of policies only.
    pub begins: Option<Date>,
    /// Its last day: of a demand, the day it must be solved or is not stood by any more.
    pub ends: Option<Date>,
    /// Whether it was taken out of force or revised, whatever its days say.
    pub is_repealed: bool,
}

/// In which way a record does not hold any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// A policy that is not in force any more.
    Expired,
    /// A demand whose day is past.
    Overdue,
    /// A result or resource whose owner does not stand by it any more.
    Outdated,
}

impl Lapse {
    /// The stable name in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Overdue => "overdue",
            Self::Outdated => "outdated",
        }
    }

    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Expired => "已失效",
            Self::Overdue => "已截止",
            Self::Outdated => "已过有效期",
        }
    }

    /// In which way records of a library lapse.
    #[must_use]
    pub const fn in_library(library: Library) -> Self {
        match library {
            Library::Achievement | Library::Equipment => Self::Outdated,
            Library::Demand => Self::Overdue,
            Library::Policy => Self::Expired,
        }
    }
}

impl Period {
    /// The period of a record, from public facts.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let facts = PublicFacts::of(record);
        let valid_until = facts.date(Fact::ValidUntil);
        match record.library() {
            Library::Achievement | Library::Equipment => {
                Self { ends: valid_until, ..Self::default() }
            }
            Library::Demand => {
                let days = [facts.date(Fact::Deadline), valid_until];
                Self { ends: days.into_iter().flatten().min(), ..Self::default() }
            }
            Library::Policy => Self {
                begins: facts.date(Fact::EffectiveFrom),
                ends: facts.date(Fact::EffectiveUntil),
                is_repealed: facts.text(Fact::Validity).is_some_and(|validity| validity != "有效"),
            },
        }
    }

    /// Whether it is over on `today`.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.is_repealed || self.ends.is_some_and(|ends| ends < today)
    }
}

impl Record {
    /// In which way the record does not hold on `today` any more, as far as the public may know.
    #[must_use]
    pub fn lapse(&self, today: Date) -> Option<Lapse> {
        Period::of(self).is_over(today).then_some(Lapse::in_library(self.library()))
    }
}
