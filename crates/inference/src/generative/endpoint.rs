//! A server that speaks the OpenAI chat protocol: a city's own vLLM, Ollama or llama.cpp, or a service.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::{
    Client, Response, StatusCode,
    header::{AUTHORIZATION, HeaderValue, RETRY_AFTER},
    redirect,
};
use tokio::{sync::Semaphore, time::timeout_at};

use super::{
    BreakerSettings, GenerateError, Health, JsonMode, Prompt, Reply,
    events::Events,
    health::Watched,
    wire::{Gathered, Request},
};
use crate::{InferenceError, Result};

/// The longest answer, in bytes: some hundred thousand characters.
const ANSWER_LIMIT_BYTES: usize = 1 << 20;
const FIRST_DELAY: Duration = Duration::from_millis(200);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// Where a server is and how it is asked.
#[derive(Debug, Clone)]
pub struct EndpointSettings {
    /// Its address, up to `/v1`.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// What lets one in.
    pub key: Option<Secret>,
    /// How it is told of the form of an answer.
    pub json: JsonMode,
    /// How long one attempt takes at most.
    pub attempt: Duration,
    /// How often is tried at most.
    pub attempts: usize,
    /// How many questions are open at once, at most.
    pub concurrent: usize,
    /// When it is left alone.
    pub breaker: BreakerSettings,
}

/// Something that must not be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A server that is asked.
#[derive(Debug)]
pub struct Endpoint {
    settings: EndpointSettings,
    address: String,
    authorization: Option<HeaderValue>,
    client: Client,
    permits: Semaphore,
    watched: Mutex<Watched>,
}

impl Endpoint {
    /// A server at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// [`InferenceError::Manifest`] for a key that cannot stand in a header.
    pub fn new(settings: EndpointSettings) -> Result<Self> {
        // Whoever has installed one before has made the choice.
        drop(rustls::crypto::ring::default_provider().install_default());
        let wrong = |what: &str| InferenceError::Manifest(what.to_owned());
        // A redirect would carry prompt and key to somewhere nobody has chosen.
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.attempt)
            .build()
            .map_err(|error| wrong(&format!("大模型服务的连接设置有误：{error}")))?;
        let mut authorization = None;
        if let Some(Secret(key)) = &settings.key {
            let value = HeaderValue::try_from(format!("Bearer {key}"));
            let mut value = value.map_err(|_| wrong("大模型服务的密钥含有不能发送的字符"))?;
            value.set_sensitive(true);
            authorization = Some(value);
        }
        Ok(Self {
            address: format!("{}/chat/completions", settings.url.trim_end_matches('/')),
            authorization,
            client,
            permits: Semaphore::new(settings.concurrent.max(1)),
            watched: Mutex::new(Watched::new(settings.breaker)),
            settings,
        })
    }

    /// The model's name.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.settings.model
    }

    /// How often it is tried at most.
    #[must_use]
    pub const fn attempts(&self) -> usize {
        self.settings.attempts
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.settings.url
    }

    /// How it is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        self.watched().health(Instant::now())
    }

    /// Asks, and has the whole answer at once.
    ///
    /// # Errors
    /// [`GenerateError`], by `until` at the latest.
    pub async fn ask(
        &self,
        prompt: &Prompt,
        until: Instant,
    ) -> std::result::Result<Reply, GenerateError> {
        self.patiently(prompt, until, None).await
    }

    /// Asks, and is told the words as they come. What was told cannot be taken back, so that nobody is asked a second
    /// time once the first word is there.
    ///
    /// # Errors
    /// [`GenerateError`], by `until` at the latest.
    pub async fn listen(
        &self,
        prompt: &Prompt,
        until: Instant,
        told: &mut (dyn FnMut(&str) + Send),
    ) -> std::result::Result<Reply, GenerateError> {
        self.patiently(prompt, until, Some(told)).await
    }

    async fn patiently(
        &self,
        prompt: &Prompt,
        until: Instant,
        told: Option<&mut (dyn FnMut(&str) + Send)>,
    ) -> std::result::Result<Reply, GenerateError> {
        // Who only waits for the others tells nothing of the server.
        let permit = timeout_at(until.into(), self.permits.acquire()).await;
        let Ok(Ok(_permit)) = permit else { return Err(GenerateError::Deadline) };
        let all = self.with_retries(prompt, until, told);
        timeout_at(until.into(), all).await.unwrap_or_else(|_| {
            // An attempt that outlives the time that is given is one that failed.
            self.watched().failed(&GenerateError::Deadline, Instant::now());
            Err(GenerateError::Deadline)
        })
    }

    async fn with_retries(
        &self,
        prompt: &Prompt,
        until: Instant,
        mut told: Option<&mut (dyn FnMut(&str) + Send)>,
    ) -> std::result::Result<Reply, GenerateError> {
        let mut delays = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(FIRST_DELAY)
            .with_max_delay(LONGEST_DELAY)
            .with_max_times(self.settings.attempts.saturating_sub(1))
            .build();
        // Attempts that came to nothing and may have been counted all the same.
        let mut wasted = 0;
        loop {
            self.watched().admit(Instant::now())?;
            let mut has_begun = false;
            let began = Instant::now();
            let mut noted = told.as_deref_mut().map(|told| {
                |words: &str| {
                    has_begun |= !words.is_empty();
                    told(words);
                }
            });
            let noted = noted.as_mut().map(|noted| noted as &mut (dyn FnMut(&str) + Send));
            let attempt = self.attempt(prompt, noted);
            let tried = match tokio::time::timeout(self.settings.attempt, attempt).await {
                Ok(tried) => tried,
                Err(_) => Err(GenerateError::Broken("超时")),
            };
            let error = match tried {
                Ok(mut reply) => {
                    reply.usage.prompt_tokens *= 1 + wasted;
                    self.watched().answered(reply.usage, began.elapsed());
                    return Ok(reply);
                }
                Err(error) => error,
            };
            self.watched().failed(&error, Instant::now());
            tracing::info!(code = error.code(), %error, "a language model did not answer");
            let delay = delays.next().filter(|_| error.is_transient() && !has_begun);
            let delay = delay.map(|delay| delay.max(error.rest()));
            let Some(delay) = delay.filter(|delay| Instant::now() + *delay < until) else {
                // What was computed before may be counted, however the last attempt ended.
                let tells_its_cost = wasted == 0 || error.may_have_cost();
                return Err(if tells_its_cost {
                    error
                } else {
                    GenerateError::Broken("几次都没有答成")
                });
            };
            wasted += u64::from(error.may_have_cost());
            tokio::time::sleep(delay).await;
        }
    }

    async fn attempt(
        &self,
        prompt: &Prompt,
        told: Option<&mut (dyn FnMut(&str) + Send)>,
    ) -> std::result::Result<Reply, GenerateError> {
        let EndpointSettings { model, json, .. } = &self.settings;
        let mut request = self.client.post(&self.address).json(&Request::new(
            model,
            prompt,
            *json,
            told.is_some(),
        ));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let answer = fine(request.send().await.map_err(|error| unreachable(&error))?)?;
        match told {
            Some(told) => read_stream(answer, told).await?,
            None => read_whole(answer).await?,
        }
        .into_reply(prompt)
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read_whole(mut answer: Response) -> std::result::Result<Gathered, GenerateError> {
    let mut whole = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        whole.extend_from_slice(&piece);
        if whole.len() > ANSWER_LIMIT_BYTES {
            return Err(GenerateError::Endless(ANSWER_LIMIT_BYTES));
        }
    }
    let mut gathered = Gathered::default();
    gathered.take(&whole)?;
    Ok(gathered)
}

async fn read_stream(
    mut answer: Response,
    told: &mut (dyn FnMut(&str) + Send),
) -> std::result::Result<Gathered, GenerateError> {
    let (mut events, mut gathered) = (Events::default(), Gathered::default());
    let (mut received, mut has_event) = (0, false);
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        received += piece.len();
        if received > ANSWER_LIMIT_BYTES {
            return Err(GenerateError::Endless(ANSWER_LIMIT_BYTES));
        }
        for data in events.take(&piece) {
            has_event = true;
            told(&gathered.take(&data)?);
        }
        if events.is_over {
            return Ok(gathered);
        }
    }
    // Some servers say why they end, and no more.
    match has_event {
        true if gathered.is_finished() => Ok(gathered),
        true => Err(GenerateError::Broken("答到一半中断")),
        // What ends without an event was no stream.
        false => Err(GenerateError::Garbage("不是事件流".to_owned())),
    }
}

fn fine(answer: Response) -> std::result::Result<Response, GenerateError> {
    let status = answer.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let said = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = said.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        return Err(GenerateError::Busy { retry_after });
    }
    if status.is_success() {
        Ok(answer)
    } else {
        Err(GenerateError::Refused { status: status.as_u16() })
    }
}

fn unreachable(error: &reqwest::Error) -> GenerateError {
    tracing::debug!(%error, "a language model could not be reached");
    match error {
        error if error.is_timeout() => GenerateError::Broken("超时"),
        error if error.is_connect() => GenerateError::Unreachable,
        error if error.is_body() || error.is_decode() => GenerateError::Broken("答到一半中断"),
        _ => GenerateError::Broken("通信出错"),
    }
}
