//! Asking a model: within caps of tokens, and nothing twice.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use kechuang_domain::{AssistHealth, Timestamp, Viewer};
use kechuang_inference::generative::{
    BreakerState, GenerateError, Generator, Prompt, Reply, Usage,
};
use kechuang_store::{DailyCaps, Entered, NewCall, Spend, Store, StoreError};
use sha2::{Digest, Sha256};

/// On whose behalf a model is asked, and what its answer may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose tokens are spent.
    pub name: String,
    /// What the reader of the answer may see.
    pub viewer: Viewer,
    /// What the log keeps.
    pub log: Log,
}

/// What the log keeps of questions and answers, beside their hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Their words, where anybody may see them.
    Words,
    /// Nothing: they are somebody's own, such as a free text, which lives as long as its run.
    Hashes,
}

/// What a model costs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Price {
    /// Yuan for a million tokens of prompts.
    pub prompt: f64,
    /// Yuan for a million tokens of answers.
    pub output: f64,
}

/// How a model is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssistantSettings {
    /// Tokens of a day.
    pub caps: DailyCaps,
    /// What they cost.
    pub price: Price,
    /// How long one question takes at most.
    pub patience: Duration,
}

/// A model with the store that keeps what it was asked.
#[derive(Debug)]
pub struct Assistant {
    generator: Generator,
    store: Store,
    settings: AssistantSettings,
    /// Values and questions that rest on nothing.
    removed: AtomicU64,
    listener: Option<Listener>,
}

/// Is told the words of answers as they come, where a person waits for them.
#[derive(Clone)]
pub struct Listener(Arc<dyn Fn(&str) + Send + Sync>);

impl Listener {
    /// One that is told so.
    #[must_use]
    pub fn new(told: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}

/// What a model has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its words.
    pub text: String,
    /// What it cost; nothing where it had been answered before.
    pub usage: Usage,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The caller's tokens of the day are spent.
    #[error(
        "本单位今日的大模型用量已用完，明日恢复；如需更多，请管理员调高 assist.caller_daily_tokens"
    )]
    CallerCap,
    /// Everybody's tokens of the day are spent.
    #[error("今日的大模型总用量已用完，明日恢复；如需更多，请管理员调高 assist.daily_tokens")]
    AllCap,
    /// The model did not answer.
    #[error(transparent)]
    Model(#[from] GenerateError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It answered something else than was asked for.
    #[error("大模型的回答不合要求（{0}）")]
    Unusable(String),
}

impl AskError {
    /// The same for anybody: whose fault it is, and nothing of what was asked or answered.
    #[must_use]
    pub const fn public(&self) -> &'static str {
        match self {
            Self::CallerCap | Self::AllCap => "今日的大模型用量已用完，明日恢复",
            Self::Model(GenerateError::Resting(_)) => "大模型服务连续失败，暂停调用",
            Self::Model(GenerateError::Deadline) => "大模型没有在限定的时间内答完",
            Self::Model(_) => "大模型服务没有正常作答",
            Self::Store(_) => "大模型的用量没能记下，因此没有调用",
            Self::Unusable(_) => "大模型的回答不合要求",
        }
    }
}

impl Price {
    fn of(self, usage: Usage) -> Spend {
        // A million tokens at one yuan is one millionth of a yuan a token.
        let cost =
            usage.prompt_tokens as f64 * self.prompt + usage.output_tokens as f64 * self.output;
        Spend {
            prompt_tokens: usage.prompt_tokens,
            output_tokens: usage.output_tokens,
            cost_micros: cost.ceil() as u64,
        }
    }
}

impl Assistant {
    /// A model that is asked within these bounds.
    #[must_use]
    pub const fn new(generator: Generator, store: Store, settings: AssistantSettings) -> Self {
        Self { generator, store, settings, removed: AtomicU64::new(0), listener: None }
    }

    /// The same, and somebody is told the words of its answers as they come.
    #[must_use]
    pub fn listened_by(self, listener: Listener) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// The model behind it.
    #[must_use]
    pub const fn generator(&self) -> &Generator {
        &self.generator
    }

    /// How the model is doing, since the program was started.
    #[must_use]
    pub fn health(&self) -> AssistHealth {
        let health = self.generator.health();
        let ms = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        AssistHealth {
            model: self.generator.model().to_owned(),
            place: self.generator.place().to_owned(),
            resting_seconds: match health.breaker {
                BreakerState::Closed => None,
                BreakerState::Open(rest) => Some(rest.as_secs()),
            },
            answered: health.answered,
            mean_ms: health.mean().map(ms),
            last_ms: health.last.map(ms),
            last_error: health.last_error.map(|error| error.to_string()),
            failed: health.failed,
            removed: self.removed.load(Ordering::Relaxed),
            daily_tokens: (self.settings.caps.all, self.settings.caps.caller),
        }
    }

    /// Counts values and questions that were taken out of its answers.
    pub(crate) fn note_removed(&self, count: usize) {
        self.removed.fetch_add(count as u64, Ordering::Relaxed);
    }

    async fn reply(&self, prompt: &Prompt, until: Instant) -> Result<Reply, GenerateError> {
        match &self.listener {
            Some(Listener(told)) => {
                self.generator.listen(prompt, until, &mut |words| told(words)).await
            }
            None => self.generator.ask(prompt, until).await,
        }
    }

    /// Takes an answer back that was of no use: the next time, it is asked for again. Gives why, as an error.
    pub(crate) async fn reject(&self, prompt: &Prompt, why: String) -> AskError {
        let rejected = self.store.reject_answer(&prompt.hash(), self.generator.model()).await;
        match rejected {
            Ok(()) => AskError::Unusable(why),
            Err(error) => error.into(),
        }
    }

    /// Asks, unless the same has been asked before.
    ///
    /// # Errors
    /// [`AskError`]; a question that would go over a cap is not asked.
    pub async fn ask(
        &self,
        caller: &Caller,
        purpose: &'static str,
        prompt: &Prompt,
        now: Timestamp,
    ) -> Result<Asked, AskError> {
        let (hash, model) = (prompt.hash(), self.generator.model());
        if let Some(text) = self.store.answered_before(&hash, model).await? {
            return Ok(Asked { text, usage: Usage::default() });
        }
        let output_tokens = u64::from(prompt.max_tokens);
        let prompt_tokens = prompt.most_tokens().saturating_sub(output_tokens);
        if let BreakerState::Open(rest) = self.generator.health().breaker
            && !rest.is_zero()
        {
            return Err(GenerateError::Resting(rest).into());
        }
        // Each attempt may be counted, whatever comes of it.
        let attempts = self.generator.attempts().max(1) as u64;
        let prompt_tokens = prompt_tokens.saturating_mul(attempts);
        let most = Usage { prompt_tokens, output_tokens, is_estimated: true };
        let call = NewCall {
            caller: caller.name.clone(),
            purpose,
            model: model.to_owned(),
            prompt_hash: hash,
            prompt: shown(caller, || format!("{}\n\n{}", prompt.system, prompt.user)),
            most: self.settings.price.of(most),
        };
        let id = match self.store.enter_call(&call, self.settings.caps, now).await? {
            Entered::Asked(id) => id,
            Entered::CallerCap => return Err(AskError::CallerCap),
            Entered::AllCap => return Err(AskError::AllCap),
        };
        let began = Instant::now();
        let reply = match self.reply(prompt, began + self.settings.patience).await {
            Ok(reply) => reply,
            Err(error) => {
                self.store.fail_call(id, error.code(), spent_on(&error)).await?;
                return Err(error.into());
            }
        };
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if reply.is_cut_off {
            self.store.fail_call(id, "cut_off", Some(self.settings.price.of(reply.usage))).await?;
            return Err(AskError::Unusable("没有答完就到了长度上限".to_owned()));
        }
        let text = shown(caller, || reply.text.clone());
        let (cost, hash) = (self.settings.price.of(reply.usage), hash_of(&reply.text));
        self.store.answer_call(id, text.as_deref(), &hash, cost, took_ms).await?;
        Ok(Asked { text: reply.text, usage: reply.usage })
    }
}

/// What the log keeps in words.
fn shown(caller: &Caller, words: impl FnOnce() -> String) -> Option<String> {
    match (caller.log, caller.viewer) {
        (Log::Words, Viewer::Public) => Some(words()),
        (Log::Hashes, _) => None,
    }
}

/// What a question has cost that was not answered: nothing where it never reached the model; where that is not known, what
/// was held back.
fn spent_on(error: &GenerateError) -> Option<Spend> {
    (!error.may_have_cost()).then(Spend::default)
}

fn hash_of(text: &str) -> String {
    kechuang_domain::hex(&Sha256::digest(text))
}
