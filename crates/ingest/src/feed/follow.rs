//! Feeds that are asked again and again, each answer an import like any other.

use kechuang_domain::{Library, Timestamp, Watch};
use kechuang_store::Store;
use serde::{Deserialize, Serialize};

use super::{Feed, FeedOutcome, FeedRules, fetch};
use crate::{ImportFile, Result, import};

/// A feed to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedFeed {
    /// The source name of its records.
    pub name: String,
    /// Where its rows go.
    pub library: Library,
    /// Where it is.
    pub url: String,
    /// How long after one answer it is asked again.
    pub every_seconds: i64,
}

/// The feeds of an installation.
#[derive(Debug, Clone)]
pub struct Feeds {
    /// Which addresses may be asked.
    pub rules: FeedRules,
    /// Which feeds are followed.
    pub followed: Vec<FollowedFeed>,
}

/// How long an answer stands for what the feed says. After that it is asked in full, and what it still
/// says is confirmed.
const TAKEN_FOR_SECONDS: i64 = 24 * 3600;

/// What is known of a followed feed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Known {
    #[serde(flatten)]
    feed: Feed,
    /// SHA-256 of the last answer that was taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// When it was taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_at: Option<Timestamp>,
}

/// Asks the feeds whose time has come. One that cannot be read is asked again later, as its server
/// wishes or after ever longer pauses; why is kept.
///
/// # Errors
/// What the store says.
pub async fn ask_due(store: &Store, feeds: &Feeds, now: Timestamp, watch: &Watch) -> Result<()> {
    for followed in &feeds.followed {
        let next = now.plus_seconds(followed.every_seconds);
        let Some(state) = store.claim_feed(&followed.name, next, now).await? else { continue };
        let mut known = known(&state, &followed.url);
        let is_old = known.taken_at.is_none_or(|at| at.plus_seconds(TAKEN_FOR_SECONDS) <= now);
        if is_old {
            (known.feed.etag, known.feed.last_modified) = (None, None);
        }
        let outcome = fetch(&known.feed, &feeds.rules, now).await;
        known.feed = known.feed.after(&outcome);
        let (error, next) = match outcome {
            FeedOutcome::NotModified => (None, next),
            FeedOutcome::Failed { retry_at, reason } => {
                tracing::warn!(feed = followed.name, reason, "a feed cannot be read");
                (Some(reason), retry_at)
            }
            FeedOutcome::Rows { file_name, bytes, .. } => {
                let sha256 = Some(import::sha256(&bytes));
                // A server without marks says the same again and again.
                if is_old || known.sha256 != sha256 {
                    // Only what is safe in the store is not asked for again.
                    import::submit(store, followed.file(file_name, bytes), now, watch).await?;
                    (known.sha256, known.taken_at) = (sha256, Some(now));
                }
                (None, next)
            }
        };
        let state = serde_json::to_string(&known)?;
        store.keep_feed(&followed.name, &state, error.as_deref(), next).await?;
    }
    Ok(())
}

/// What is known of the feed at this address; nothing where the name had another one before.
fn known(state: &str, url: &str) -> Known {
    let known: Option<Known> = serde_json::from_str(state).ok();
    known
        .filter(|known| known.feed.url == url)
        .unwrap_or_else(|| Known { feed: Feed::new(url), ..Known::default() })
}

impl FollowedFeed {
    /// An answer as a file to be taken in.
    fn file(&self, name: String, bytes: Vec<u8>) -> ImportFile {
        ImportFile {
            library: self.library,
            source: self.name.clone(),
            name,
            bytes,
            sample: false,
            asks_mapping: false,
            mapping: None,
        }
    }
}
