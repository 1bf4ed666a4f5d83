//! How long a record stands without anybody standing by it.
//!
//! A record that nobody has confirmed for a while is stale: it still answers, further down. Its owner is
//! then told that it will be hidden, and only when that was said long enough ago is it hidden.

use serde::{Deserialize, Serialize};

use crate::{Library, RecordId, Timestamp};

const SECONDS_PER_DAY: i64 = 24 * 3600;
/// The longest period that can be set, in days: ten years.
const LIMIT_DAYS: u32 = 3_660;

/// How fresh a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Confirmed lately.
    Fresh,
    /// Unconfirmed for long: listed and matched, further down.
    Stale,
    /// Unconfirmed for longer, and its owner was told: neither listed nor matched until confirmed.
    Hidden,
}

impl Freshness {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fresh, Self::Stale, Self::Hidden];

    /// The stable name in the API and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Hidden => "hidden",
        }
    }

    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fresh => "新近确认",
            Self::Stale => "久未确认",
            Self::Hidden => "久未确认，已隐去",
        }
    }

    /// The freshness with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|freshness| freshness.code() == code)
    }
}

/// How long the records of one library stand unconfirmed, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreshnessRule {
    /// From this age on a record is stale.
    pub stale_days: u32,
    /// From this age on a record is hidden.
    pub hide_days: u32,
    /// How long before it is hidden its owner is told.
    pub notice_days: u32,
}

/// What can never be right about a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FreshnessError {
    /// A period of no days, or a very long one.
    #[error("stale_days、hide_days、notice_days 须在 1 到 {LIMIT_DAYS} 之间")]
    OutOfRange,
    /// Records would be hidden before they are stale, or their owners told before they were confirmed.
    #[error("须 stale_days ≤ hide_days，且 notice_days < hide_days")]
    OutOfOrder,
}

impl FreshnessRule {
    /// Checks that the periods follow each other.
    ///
    /// # Errors
    /// What [`FreshnessError`] lists.
    pub fn check(self) -> Result<(), FreshnessError> {
        let periods = [self.stale_days, self.hide_days, self.notice_days];
        if !periods.iter().all(|days| (1..=LIMIT_DAYS).contains(days)) {
            return Err(FreshnessError::OutOfRange);
        }
        if self.stale_days > self.hide_days || self.notice_days >= self.hide_days {
            return Err(FreshnessError::OutOfOrder);
        }
        Ok(())
    }

    /// Records confirmed at this time or before are stale at `now`.
    #[must_use]
    pub const fn stale_before(self, now: Timestamp) -> Timestamp {
        days_before(now, self.stale_days)
    }

    /// The owners of records confirmed at this time or before are to be told at `now`.
    #[must_use]
    pub const fn notice_before(self, now: Timestamp) -> Timestamp {
        days_before(now, self.hide_days - self.notice_days)
    }

    /// Records confirmed at this time or before are to be hidden at `now`, if their owners were told
    /// long enough ago.
    #[must_use]
    pub const fn hide_before(self, now: Timestamp) -> Timestamp {
        days_before(now, self.hide_days)
    }

    /// When a record is hidden whose owner is told at `now`.
    #[must_use]
    pub fn hides_at(self, confirmed_at: Timestamp, now: Timestamp) -> Timestamp {
        let of_age = confirmed_at.plus_seconds(i64::from(self.hide_days) * SECONDS_PER_DAY);
        of_age.max(now.plus_seconds(i64::from(self.notice_days) * SECONDS_PER_DAY))
    }
}

const fn days_before(now: Timestamp, days: u32) -> Timestamp {
    now.plus_seconds(-(days as i64) * SECONDS_PER_DAY)
}

/// The rules of all libraries. A library without one keeps its records as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreshnessRules([Option<FreshnessRule>; Library::ALL.len()]);

impl FreshnessRules {
    /// Rules under which nothing ages.
    pub const NONE: Self = Self([None; Library::ALL.len()]);

    /// The rule of a library.
    #[must_use]
    pub const fn of(&self, library: Library) -> Option<FreshnessRule> {
        self.0[library as usize]
    }

    /// The same with another rule for a library.
    #[must_use]
    pub const fn with(mut self, library: Library, rule: Option<FreshnessRule>) -> Self {
        self.0[library as usize] = rule;
        self
    }
}

impl Default for FreshnessRules {
    /// A firm's need is out of date within a year, a result or an instrument within two; a policy says
    /// itself how long it is in force.
    fn default() -> Self {
        let rule = |stale_days, hide_days, notice_days| {
            Some(FreshnessRule { stale_days, hide_days, notice_days })
        };
        Self::NONE
            .with(Library::Demand, rule(180, 365, 30))
            .with(Library::Achievement, rule(365, 730, 60))
            .with(Library::Equipment, rule(365, 730, 60))
    }
}

/// What the owner of a record is told: that it will be hidden unless somebody confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreshnessNotice {
    /// The record.
    pub record: RecordId,
    /// Its library.
    pub library: Library,
    /// Its owner's name.
    pub owner: String,
    /// When it was confirmed last.
    pub confirmed_at: Timestamp,
    /// When the notice was made.
    pub created_at: Timestamp,
    /// When the record is hidden.
    pub hides_at: Timestamp,
    /// How fresh it is now.
    pub freshness: Freshness,
}
