//! Feeds that are asked again and again, each answer an import like any other.

use kechuang_domain::{Library, Timestamp, Watch};
use kechuang_store::Store;

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

/// Asks the feeds whose time has come. One that cannot be read is asked again later, as its server
/// wishes or after ever longer pauses; why is kept.
///
/// # Errors
/// What the store says.
pub async fn ask_due(store: &Store, feeds: &Feeds, now: Timestamp, watch: &Watch) -> Result<()> {
    for followed in &feeds.followed {
        let next = now.plus_seconds(followed.every_seconds);
        let Some(state) = store.claim_feed(&followed.name, next, now).await? else { continue };
        let known: Option<Feed> = serde_json::from_str(&state).ok();
        let feed = known
            .filter(|known| known.url == followed.url)
            .unwrap_or_else(|| Feed::new(&followed.url));
        let outcome = fetch(&feed, &feeds.rules, now).await;
        let state = serde_json::to_string(&feed.after(&outcome))?;
        match outcome {
            FeedOutcome::NotModified => {
                store.keep_feed(&followed.name, &state, None, next).await?;
            }
            FeedOutcome::Failed { retry_at, reason } => {
                tracing::warn!(feed = followed.name, reason, "a feed cannot be read");
                store.keep_feed(&followed.name, &state, Some(&reason), retry_at).await?;
            }
            FeedOutcome::Rows { file_name, bytes, .. } => {
                let file = ImportFile {
                    library: followed.library,
                    source: followed.name.clone(),
                    name: file_name,
                    bytes,
                    sample: false,
                    asks_mapping: false,
                    mapping: None,
                };
                // Only what is safe in the store is not asked for again.
                import::submit(store, file, now, watch).await?;
                store.keep_feed(&followed.name, &state, None, next).await?;
            }
        }
    }
    Ok(())
}
