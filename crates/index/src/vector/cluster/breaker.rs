//! Not asking a server that has just failed.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{IndexError, Result};

/// The pause after the first failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Whether a server may be asked.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Option<Pause>>);

#[derive(Debug, Clone)]
struct Pause {
    until: Instant,
    length: Duration,
    why: String,
}

impl Breaker {
    /// Refuses while a pause lasts, with what happened before it.
    pub(super) fn check(&self) -> Result<()> {
        let pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match pause.as_ref().filter(|pause| Instant::now() < pause.until) {
            Some(pause) => Err(IndexError::Server(pause.why.clone())),
            None => Ok(()),
        }
    }

    /// Takes note of how the server answered.
    pub(super) fn saw(&self, failure: Option<&IndexError>) {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Many that were asked together and failed together are one failure.
        let lasts = pause.as_ref().is_some_and(|pause| Instant::now() < pause.until);
        if lasts && failure.is_some() {
            return;
        }
        *pause = failure.map(|failure| {
            let length = pause
                .as_ref()
                .map_or(FIRST_PAUSE, |pause| LONGEST_PAUSE.min(pause.length.saturating_mul(2)));
            let why = match failure {
                IndexError::Server(why) => why.clone(),
                other => other.to_string(),
            };
            Pause { until: Instant::now() + length, length, why }
        });
    }
}
