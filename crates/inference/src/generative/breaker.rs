//! A breaker: a server that fails again and again is left alone for a while, then tried once.

use std::time::{Duration, Instant};

/// When a server is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row from which it is.
    pub failures: u32,
    /// For how long.
    pub rest: Duration,
}

impl Default for BreakerSettings {
    /// Five in a row are no accident; half a minute is about what a restart takes.
    fn default() -> Self {
        Self { failures: 5, rest: Duration::from_secs(30) }
    }
}

/// What is known of a server's health.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    failures: u32,
    /// Until when it is left alone.
    until: Option<Instant>,
    /// Since when somebody tries whether it is back.
    trying: Option<Instant>,
}

impl Breaker {
    pub(super) const fn new(settings: BreakerSettings) -> Self {
        Self { settings, failures: 0, until: None, trying: None }
    }

    /// How long to leave the server alone; `None` where it may be asked. After a rest one may, until it is known what
    /// came of it; who was given up on meanwhile is forgotten after another rest.
    pub(super) fn admit(&mut self, now: Instant) -> Option<Duration> {
        let until = self.until?;
        if now < until {
            return Some(until - now);
        }
        let rest = self.settings.rest;
        if let Some(since) = self.trying.filter(|since| now < *since + rest) {
            return Some(since + rest - now);
        }
        self.trying = Some(now);
        None
    }

    pub(super) const fn succeeded(&mut self) {
        (self.failures, self.until, self.trying) = (0, None, None);
    }

    pub(super) fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        self.trying = None;
        if self.failures >= self.settings.failures {
            self.until = Some(now + self.settings.rest);
        }
    }

    /// How long it will be left alone; `None` where it is not.
    pub(super) fn resting(&self, now: Instant) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_failures_in_a_row_it_rests_and_then_one_may_try() {
        let rest = Duration::from_secs(30);
        let mut breaker = Breaker::new(BreakerSettings { failures: 2, rest });
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        breaker.failed(at(0));
        breaker.succeeded();
        breaker.failed(at(1));
        assert_eq!(breaker.admit(at(1)), None);
        breaker.failed(at(2));
        assert_eq!(breaker.admit(at(12)), Some(Duration::from_secs(20)));
        assert_eq!(breaker.admit(at(32)), None);
        assert_eq!(breaker.admit(at(33)), Some(Duration::from_secs(29)));
        breaker.failed(at(40));
        assert_eq!(breaker.admit(at(41)), Some(Duration::from_secs(29)));
        assert_eq!(breaker.admit(at(70)), None);
        // Nobody told what came of that try.
        assert_eq!(breaker.admit(at(100)), None);
        breaker.succeeded();
        assert_eq!((breaker.admit(at(101)), breaker.resting(at(101))), (None, None));
    }
}
