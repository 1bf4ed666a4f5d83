//! How much one address may ask for.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::extract::ConnectInfo;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DefaultKeyedStateStore,
};
use kechuang_domain::{Problem, ProblemCode};

use crate::Settings;

type Limiter = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>;

/// Requests between two clean-ups of addresses that have been silent.
const CLEAN_EVERY: u32 = 1_000;

/// Who has asked how much, per address.
pub struct Limits {
    matches: Limiter,
    requests: Limiter,
    since_cleaned: AtomicU32,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        let limiter = |per_minute: NonZeroU32| RateLimiter::keyed(Quota::per_minute(per_minute));
        Self {
            matches: limiter(settings.matches_per_minute),
            requests: limiter(settings.requests_per_minute),
            since_cleaned: AtomicU32::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// [`ProblemCode::RateLimited`] with the seconds to wait.
    pub fn request(&self, from: Caller) -> Result<(), Problem> {
        if self.since_cleaned.fetch_add(1, Ordering::Relaxed) >= CLEAN_EVERY {
            self.since_cleaned.store(0, Ordering::Relaxed);
            self.requests.retain_recent();
            self.matches.retain_recent();
        }
        check(&self.requests, from)
    }

    /// Counts a match.
    ///
    /// # Errors
    /// [`ProblemCode::RateLimited`] with the seconds to wait.
    pub fn match_run(&self, from: Caller) -> Result<(), Problem> {
        check(&self.matches, from)
    }
}

fn check(limiter: &Limiter, Caller(from): Caller) -> Result<(), Problem> {
    limiter.check_key(&from).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        let problem = Problem::new(ProblemCode::RateLimited, format!("请 {wait} 秒后再试"));
        Problem { retry_after_seconds: Some(wait), ..problem }
    })
}

/// The address a request came from. A proxy's own address is what counts behind a proxy, until one is
/// named as trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Caller(IpAddr);

impl From<ConnectInfo<SocketAddr>> for Caller {
    fn from(ConnectInfo(from): ConnectInfo<SocketAddr>) -> Self {
        // One customer has a whole /64 of IPv6.
        match from.ip().to_canonical() {
            IpAddr::V6(six) => Self(IpAddr::V6((six.to_bits() & !0xffff_ffff_ffff_ffff).into())),
            four => Self(four),
        }
    }
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}
