//! Feeds: JSON that another office's system offers at an address, fetched again and again.
//!
//! An address from outside can be made to point at our own machines. So only listed hosts are asked,
//! each is resolved once, what it resolves to must be public, and the connection goes to just that;
//! redirects are followed by hand under the same rules.

mod address;
mod answer;
pub mod follow;
mod rules;

use std::net::SocketAddr;

use chrono::DateTime;
use kechuang_domain::Timestamp;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{
        ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        RETRY_AFTER,
    },
    redirect::Policy,
};
use serde::{Deserialize, Serialize};

use crate::{Row, rows::Format};

use answer::Answer;
pub use rules::{FeedRules, PRIVATE_ADDRESSES_WARNING};

/// The longest answer.
const ANSWER_LIMIT_BYTES: usize = 20 << 20;
/// How often an address may lead to another.
const REDIRECT_LIMIT: usize = 3;
/// The longest mark (`ETag`, `Last-Modified`) that is kept, in bytes.
const MARK_LIMIT_BYTES: usize = 512;
/// How long a feed waits after its first failure, in seconds; twice as long after each further one.
const RETRY_SECONDS: i64 = 60;
/// The longest that it waits by itself, and the longest that its server can make it wait.
const RETRY_LIMIT_SECONDS: i64 = 24 * 3600;
const SERVER_RETRY_LIMIT_SECONDS: i64 = 7 * 24 * 3600;

/// A feed and what is known from its last answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Where it is.
    pub url: String,
    /// `ETag` of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Failures since the last success.
    #[serde(default)]
    pub failures: u32,
}

/// What came of fetching.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedOutcome {
    /// Nothing has changed since the last answer.
    NotModified,
    /// New rows.
    Rows {
        /// In the order of the answer.
        rows: Vec<Row>,
        /// What the answer would be called as a file: the last part of its address, with an ending.
        file_name: String,
        /// The answer as it came.
        bytes: Vec<u8>,
        /// `ETag` of this answer.
        etag: Option<String>,
        /// `Last-Modified` of this answer.
        last_modified: Option<String>,
    },
    /// Nothing could be read.
    Failed {
        /// Before this, it should not be asked again.
        retry_at: Timestamp,
        /// Why, in Chinese.
        reason: String,
    },
}

impl Feed {
    /// A feed that has not been asked yet.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// The feed after this outcome.
    #[must_use]
    pub fn after(&self, outcome: &FeedOutcome) -> Self {
        match outcome {
            FeedOutcome::NotModified => Self { failures: 0, ..self.clone() },
            FeedOutcome::Rows { etag, last_modified, .. } => Self {
                url: self.url.clone(),
                etag: etag.clone(),
                last_modified: last_modified.clone(),
                failures: 0,
            },
            FeedOutcome::Failed { .. } => {
                Self { failures: self.failures.saturating_add(1), ..self.clone() }
            }
        }
    }
}

/// Asks a feed for what is new.
pub async fn fetch(feed: &Feed, rules: &FeedRules, now: Timestamp) -> FeedOutcome {
    match ask(feed, rules).await {
        Ok(outcome) => outcome,
        Err(failure) => {
            let doubled = RETRY_SECONDS.checked_shl(feed.failures.min(16)).unwrap_or(i64::MAX);
            let own = doubled.min(RETRY_LIMIT_SECONDS);
            let asked = failure.retry_after.as_ref().and_then(|text| seconds(text, now));
            let asked = asked.unwrap_or(0).clamp(0, SERVER_RETRY_LIMIT_SECONDS);
            let retry_at = now.plus_seconds(own.max(asked));
            FeedOutcome::Failed { retry_at, reason: failure.reason }
        }
    }
}

/// Why a feed could not be read.
struct Failure {
    reason: String,
    /// `Retry-After`, as it was sent.
    retry_after: Option<String>,
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self { reason, retry_after: None }
    }
}

async fn ask(feed: &Feed, rules: &FeedRules) -> Result<FeedOutcome, Failure> {
    let mut url = rules.check(&feed.url)?;
    for _ in 0..=REDIRECT_LIMIT {
        let addresses = address::resolve(&url, rules).await?;
        let response = send(feed, &url, &addresses, rules).await?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(FeedOutcome::NotModified);
        }
        if status.is_redirection() {
            let target = header(response.headers(), &LOCATION);
            let target = target.and_then(|target| url.join(&target).ok());
            let target = target.ok_or_else(|| "数据源的跳转没有写明地址；请联系对方".to_owned())?;
            url = rules.check(target.as_str())?;
            continue;
        }
        if !status.is_success() {
            return Err(Failure {
                reason: format!("数据源返回 HTTP {}；将自动重试", status.as_u16()),
                retry_after: header(response.headers(), &RETRY_AFTER),
            });
        }
        let etag = header(response.headers(), &ETAG);
        let last_modified = header(response.headers(), &LAST_MODIFIED);
        let Answer { format, bytes, rows } = answer::read(response, ANSWER_LIMIT_BYTES).await?;
        let file_name = file_name(&url, format);
        return Ok(FeedOutcome::Rows { rows, file_name, bytes, etag, last_modified });
    }
    Err(format!("数据源跳转超过 {REDIRECT_LIMIT} 次；请填写最终地址").into())
}

/// Sends one request, to these addresses and no other.
async fn send(
    feed: &Feed,
    url: &Url,
    addresses: &[SocketAddr],
    rules: &FeedRules,
) -> Result<Response, Failure> {
    let unreachable = |error: reqwest::Error| {
        let reason = if error.is_timeout() { "超时" } else { "连接失败" };
        tracing::info!(%error, "a feed cannot be read");
        format!("数据源{reason}；请检查地址是否可访问，将自动重试")
    };
    // Whoever has installed one before has made the choice.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(rules.time_limit)
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .build()
        .map_err(unreachable)?;
    let mut request =
        client.get(url.clone()).header("accept", "application/json, application/x-ndjson");
    if let Some(etag) = &feed.etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(time) = &feed.last_modified {
        request = request.header(IF_MODIFIED_SINCE, time);
    }
    Ok(request.send().await.map_err(unreachable)?)
}

fn file_name(url: &Url, format: Format) -> String {
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let stem = if stem.is_empty() { url.host_str().unwrap_or("feed") } else { stem };
    let ending = if format == Format::JsonLines { "jsonl" } else { "json" };
    format!("{stem}.{ending}")
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= MARK_LIMIT_BYTES).then(|| value.to_owned())
}

/// `Retry-After`: seconds, or a point in time.
fn seconds(text: &str, now: Timestamp) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let then = DateTime::parse_from_rfc2822(text).ok()?;
        Some(then.timestamp() - now.micros() / 1_000_000)
    })
}
