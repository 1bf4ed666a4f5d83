//! The daily check of how fresh the libraries are, as a job that comes again by itself.

use kechuang_domain::{JobKind, Library, Timestamp};
use kechuang_store::{Aged, ClaimedJob, Store};
use serde_json::json;

use crate::{IngestRules, Ingested, Result, Worked};

/// How long after one check the next is due.
const CHECK_EVERY_SECONDS: i64 = 24 * 3600;

/// Sees to it that a check waits, the first one now.
///
/// # Errors
/// What the store says.
pub async fn schedule(store: &Store, now: Timestamp) -> Result<()> {
    Ok(store.enqueue_once(JobKind::AgeRecords, now).await?)
}

/// Checks all libraries, a thousand records at a time: killed half-way, the next worker goes on.
pub(crate) async fn age(
    store: &Store,
    rules: &IngestRules,
    job: &ClaimedJob,
    now: Timestamp,
) -> Result<Worked> {
    let started = tokio::time::Instant::now();
    let mut report = serde_json::Map::new();
    for library in Library::ALL {
        let mut aged = Aged::default();
        loop {
            let round = store.age_records(library, rules.freshness.of(library), now).await?;
            if round.is_done() {
                break;
            }
            aged.add(round);
            let passed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
            store.heartbeat(job, now.plus_seconds(passed)).await?;
        }
        if !aged.is_done() {
            let library = library.code();
            let Aged { restored, stale, told, hidden } = aged;
            tracing::info!(library, restored, stale, told, hidden, "records have aged");
            let moved = json!({
                "restored": restored, "stale": stale, "told": told, "hidden": hidden,
            });
            report.insert(library.to_owned(), moved);
        }
    }
    let again = now.plus_seconds(CHECK_EVERY_SECONDS);
    let result = serde_json::to_string(&report)?;
    store.finish_and_repeat(job, &result, again, now).await?;
    Ok(Worked { job: job.id, ingested: Ingested::default() })
}
