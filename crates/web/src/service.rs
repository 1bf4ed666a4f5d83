//! What every handler is given.

use std::{fmt, num::NonZeroU32, sync::Arc};

use kechuang_ingest::sheet::Choices;
use kechuang_matching::Engine;

use crate::{large_model::LargeModel, limit::Limits, names::Names};

/// How the site behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Matches that one address may ask for in a minute. Each costs some tens of milliseconds and a
    /// file sync.
    pub matches_per_minute: NonZeroU32,
    /// All requests of one address in a minute.
    pub requests_per_minute: NonZeroU32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            matches_per_minute: NonZeroU32::new(30).unwrap_or(NonZeroU32::MIN),
            requests_per_minute: NonZeroU32::new(600).unwrap_or(NonZeroU32::MIN),
        }
    }
}

/// The site's parts. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    /// What answers.
    pub engine: Arc<Engine>,
    /// What codes are called.
    pub names: Arc<Names>,
    /// What templates offer to choose from.
    pub choices: Arc<Choices>,
    /// Who asks too much.
    pub limits: Arc<Limits>,
    /// The large model; `None` where there is none.
    pub assist: Option<Arc<dyn LargeModel>>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_assist = self.assist.is_some();
        f.debug_struct("Service").field("has_assist", &has_assist).finish_non_exhaustive()
    }
}

impl Service {
    /// A site over an engine.
    #[must_use]
    pub fn new(engine: Arc<Engine>, names: Names, choices: Choices, settings: &Settings) -> Self {
        let (names, choices) = (Arc::new(names), Arc::new(choices));
        Self { engine, names, choices, limits: Arc::new(Limits::new(settings)), assist: None }
    }

    /// The same with a large model beside it.
    #[must_use]
    pub fn with_assist(self, assist: Option<Arc<dyn LargeModel>>) -> Self {
        Self { assist, ..self }
    }
}
