//! Points in time, days and money, with one unit each.

use std::fmt;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

/// A calendar day without a time zone: a deadline, the day a policy takes effect.
pub type Date = chrono::NaiveDate;

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the Unix epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This point moved by `seconds`, stopping at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The calendar day in China Standard Time (UTC+8), which every deadline in the libraries means.
    #[must_use]
    pub fn china_date(self) -> Date {
        let shifted = self.plus_seconds(8 * 3600);
        DateTime::from_timestamp_micros(shifted.0).map_or(Date::MIN, |at| at.date_naive())
    }
}

impl Timestamp {
    /// Day and minute in China Standard Time, for pages: `2026-11-24 09:30`.
    #[must_use]
    pub fn china_minute(self) -> String {
        let shifted = self.plus_seconds(8 * 3600);
        DateTime::from_timestamp_micros(shifted.0)
            .map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M").to_string())
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, to the microsecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => write!(f, "{}us", self.0),
        }
    }
}

/// An amount of renminbi in 分 (1/100 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// From 万元 as people write them; `None` unless finite, not negative and below 10^9 万元.
    #[must_use]
    pub fn from_wan_yuan(wan: f64) -> Option<Self> {
        let plausible = wan.is_finite() && (0.0..1e9).contains(&wan);
        // Below 10^9 万元 the product stays under 2^53, so the rounded value is exact.
        plausible.then(|| Self((wan * 1_000_000.0).round() as i64))
    }

    /// From 分; `None` for less than nothing or 10^9 万元 and more.
    #[must_use]
    pub fn from_fen(fen: i64) -> Option<Self> {
        (0..1_000_000_000_000_000).contains(&fen).then_some(Self(fen))
    }

    /// The amount in 分.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The amount in 万元, for showing.
    #[must_use]
    pub fn wan_yuan(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }
}
