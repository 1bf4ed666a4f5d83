//! The clock, read at the edge of each request and passed on as a value.

use std::time::{SystemTime, UNIX_EPOCH};

use kechuang_domain::Timestamp;

/// Now, to the microsecond.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
