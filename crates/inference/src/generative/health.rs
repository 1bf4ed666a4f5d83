//! How a server that writes is doing.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    GenerateError, Usage,
    breaker::{Breaker, BreakerSettings},
};

/// Whether a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// It is.
    Closed,
    /// It is left alone for so long.
    Open(Duration),
}

/// How a server is doing, since the program was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether it is asked.
    pub breaker: BreakerState,
    /// Answers that came.
    pub answered: u64,
    /// Attempts that failed, by the error's code; what was not even tried is `resting`.
    pub failed: BTreeMap<&'static str, u64>,
    /// How long the answers took in all.
    pub waited: Duration,
    /// How long the last answer took.
    pub last: Option<Duration>,
    /// Tokens of all prompts and answers.
    pub usage: Usage,
    /// What went wrong last.
    pub last_error: Option<GenerateError>,
}

impl Health {
    /// How long an answer took on the average.
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        let answered = u32::try_from(self.answered).unwrap_or(u32::MAX);
        (answered > 0).then(|| self.waited / answered)
    }
}

/// A breaker with what is counted beside it.
#[derive(Debug)]
pub(super) struct Watched {
    breaker: Breaker,
    health: Health,
}

impl Watched {
    pub(super) const fn new(settings: BreakerSettings) -> Self {
        let health = Health {
            breaker: BreakerState::Closed,
            answered: 0,
            failed: BTreeMap::new(),
            waited: Duration::ZERO,
            last: None,
            usage: Usage { prompt_tokens: 0, output_tokens: 0, is_estimated: false },
            last_error: None,
        };
        Self { breaker: Breaker::new(settings), health }
    }

    /// Whether the server may be asked now.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), GenerateError> {
        let Some(rest) = self.breaker.admit(now) else { return Ok(()) };
        let resting = GenerateError::Resting(rest);
        *self.health.failed.entry(resting.code()).or_default() += 1;
        Err(resting)
    }

    pub(super) fn answered(&mut self, usage: Usage, took: Duration) {
        self.breaker.succeeded();
        let health = &mut self.health;
        health.answered += 1;
        health.waited += took;
        health.last = Some(took);
        health.usage.prompt_tokens += usage.prompt_tokens;
        health.usage.output_tokens += usage.output_tokens;
        health.usage.is_estimated |= usage.is_estimated;
    }

    pub(super) fn failed(&mut self, error: &GenerateError, now: Instant) {
        self.breaker.failed(now);
        *self.health.failed.entry(error.code()).or_default() += 1;
        self.health.last_error = Some(error.clone());
    }

    pub(super) fn health(&self, now: Instant) -> Health {
        let breaker = self.breaker.resting(now).map_or(BreakerState::Closed, BreakerState::Open);
        Health { breaker, ..self.health.clone() }
    }
}
