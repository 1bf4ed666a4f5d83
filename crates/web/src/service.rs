//! What every handler is given.

use std::{fmt, num::NonZeroU32, pin::Pin, sync::Arc};

use kechuang_domain::{AssistHealth, Library, Question, RunId};
use kechuang_ingest::sheet::Choices;
use kechuang_matching::Engine;
use kechuang_reading::record::ReadValue;

use crate::{limit::Limits, names::Names};

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

/// The large model beside the site, as far as the site itself asks it.
pub trait LargeModel: Send + Sync {
    /// How it is doing.
    fn health(&self) -> AssistHealth;

    /// Has a text read as a record of a library, on behalf of somebody whom nobody knows. Why it was not, in Chinese and
    /// fit for anybody.
    fn read(&self, library: Library, text: String) -> Asking<'_, ModelValues>;

    /// Has questions proposed that would make the demand of a run clearer, likewise.
    fn propose(&self, run: RunId) -> Asking<'_, ModelQuestions>;
}

/// A question to a large model, under way.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;

/// What a large model has read, each value with words of the text that say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelValues {
    /// The model.
    pub model: String,
    /// The values.
    pub values: Vec<ReadValue>,
    /// Others that the text does not say, and that were taken out.
    pub removed: usize,
    /// Whether it was shown the beginning of the text only.
    pub is_cut: bool,
}

/// What a large model proposes to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelQuestions {
    /// The model.
    pub model: String,
    /// Questions about what is there.
    pub questions: Vec<Question>,
    /// Others that were taken out.
    pub removed: usize,
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
