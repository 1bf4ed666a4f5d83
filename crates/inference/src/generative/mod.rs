//! Models that write: what they are asked, what comes back, and what can go wrong on the way.
//!
//! A [`Prompt`] goes to an [`Endpoint`], any server that speaks the OpenAI chat protocol, or to a [`LocalModel`] in this
//! process. Whoever asks names a moment until which an answer is of use; a model that is away, slow, or talks nonsense
//! costs no more than that.

mod breaker;
mod endpoint;
mod error;
mod events;
mod health;
mod local;
mod tokenizer;
mod wire;

pub use breaker::BreakerSettings;
pub use endpoint::{Endpoint, EndpointSettings, Secret};
pub use error::GenerateError;
pub use health::{BreakerState, Health};
pub use local::LocalModel;
pub use wire::JsonMode;

use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::hex::hex;

/// A model that writes.
#[derive(Debug)]
pub enum Generator {
    /// On a server.
    Endpoint(Box<Endpoint>),
    /// In this process.
    Local(Box<LocalModel>),
}

impl Generator {
    /// The model's name.
    #[must_use]
    pub fn model(&self) -> &str {
        match self {
            Self::Endpoint(endpoint) => endpoint.model(),
            Self::Local(model) => model.name(),
        }
    }

    /// Where it is, in Chinese or as an address.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Endpoint(endpoint) => endpoint.url(),
            Self::Local(_) => "本进程",
        }
    }

    /// How often it is tried at most to answer a question.
    #[must_use]
    pub const fn attempts(&self) -> usize {
        match self {
            Self::Endpoint(endpoint) => endpoint.attempts(),
            Self::Local(_) => 1,
        }
    }

    /// How it is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        match self {
            Self::Endpoint(endpoint) => endpoint.health(),
            Self::Local(model) => model.health(),
        }
    }

    /// Asks, and has the whole answer at once.
    ///
    /// # Errors
    /// [`GenerateError`], by `until` at the latest.
    pub async fn ask(&self, prompt: &Prompt, until: Instant) -> Result<Reply, GenerateError> {
        match self {
            Self::Endpoint(endpoint) => endpoint.ask(prompt, until).await,
            Self::Local(model) => model.ask(prompt, until, &mut |_| {}).await,
        }
    }

    /// Asks, and is told the words as they come.
    ///
    /// # Errors
    /// [`GenerateError`], by `until` at the latest.
    pub async fn listen(
        &self,
        prompt: &Prompt,
        until: Instant,
        told: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Reply, GenerateError> {
        match self {
            Self::Endpoint(endpoint) => endpoint.listen(prompt, until, told).await,
            Self::Local(model) => model.ask(prompt, until, told).await,
        }
    }
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What it is to do.
    pub system: String,
    /// What it is to do it with.
    pub user: String,
    /// The form of its answer; `None` for prose.
    pub form: Option<Form>,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How freely it chooses its words: 0 for the likeliest.
    pub temperature: f32,
}

/// The form of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Its name, in ASCII letters, digits and underscores.
    pub name: &'static str,
    /// Its JSON schema.
    pub schema: serde_json::Value,
}

impl Prompt {
    /// SHA-256 in hex of everything in it: the same prompt, and no other, has the same.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let schema = self.form.as_ref().map(|form| form.schema.to_string()).unwrap_or_default();
        let name = self.form.as_ref().map_or("", |form| form.name);
        for part in [&self.system, &self.user, name, &schema] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(self.max_tokens.to_le_bytes());
        hash.update(self.temperature.to_le_bytes());
        hex(&hash.finalize())
    }

    /// The most tokens that asking and answering can cost. A character is taken for a token: no tokenizer that is in use
    /// makes more of Chinese prose on the average, and of other scripts fewer.
    #[must_use]
    pub fn most_tokens(&self) -> u64 {
        let schema = self.form.as_ref().map_or(0, |form| form.schema.to_string().chars().count());
        let chars = self.system.chars().count() + self.user.chars().count() + schema;
        chars as u64 + u64::from(self.max_tokens)
    }
}

/// What a model has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its words, without what it thought aloud before.
    pub text: String,
    /// What it cost.
    pub usage: Usage,
    /// Whether it was cut off at its longest.
    pub is_cut_off: bool,
}

/// What an answer cost, in tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub output_tokens: u64,
    /// Whether the server did not say, and characters were counted instead.
    pub is_estimated: bool,
}

impl Usage {
    /// Both together.
    #[must_use]
    pub const fn tokens(self) -> u64 {
        self.prompt_tokens.saturating_add(self.output_tokens)
    }
}
