//! `fsck`: store and index hold the same records at the same revisions, and the change log has no gaps.

use std::collections::BTreeMap;

use kechuang_domain::{RecordId, Viewer};
use serde::Serialize;
use tokio::task::block_in_place;

use crate::{Engine, Result};

/// Records read from the store at once.
const PAGE: i64 = 1_000;
/// Records named in each list of a report, at most.
const NAMED: usize = 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Records in the store, withdrawn ones included.
    pub stored: u64,
    /// Records in the index.
    pub indexed: u64,
    /// The last change of the log.
    pub change_head: i64,
    /// The last change that the index has taken up.
    pub applied_seq: i64,
    /// Entries that the change log lacks.
    pub log_gaps: i64,
    /// Records that the index should have and has not; at most 20 are named.
    pub missing: Vec<RecordId>,
    /// Records that the index has at another revision.
    pub stale: Vec<RecordId>,
    /// Records that the index has and should not have, or has twice.
    pub extra: Vec<RecordId>,
    /// What is wrong with the index's files.
    pub damage: Option<String>,
}

impl CheckReport {
    /// Whether nothing is wrong. An index that is merely behind is fine: it will follow.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.log_gaps == 0
            && self.missing.is_empty()
            && self.stale.is_empty()
            && self.extra.is_empty()
            && self.damage.is_none()
    }
}

/// Compares store and index. The index should have caught up first.
///
/// # Errors
/// What the store says.
pub async fn check(engine: &Engine) -> Result<CheckReport> {
    let snapshot = engine.index().snapshot();
    let mut report = CheckReport {
        change_head: engine.store().change_head().await?,
        applied_seq: snapshot.applied_seq(),
        log_gaps: engine.store().change_log_gaps().await?,
        damage: block_in_place(|| engine.index().verify()).err().map(|error| error.to_string()),
        ..CheckReport::default()
    };
    let mut indexed: BTreeMap<RecordId, i64> = BTreeMap::new();
    for (id, revision) in snapshot.records() {
        report.indexed += 1;
        if indexed.insert(id, revision).is_some() {
            name(&mut report.extra, id);
        }
    }
    let mut after = None;
    loop {
        let page = engine.store().records_after(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.record.id);
        for stored in &page {
            report.stored += 1;
            let record = &stored.record;
            match (record.listed_for(Viewer::Public), indexed.remove(&record.id)) {
                (true, None) => name(&mut report.missing, record.id),
                (true, Some(revision)) if revision != record.revision => {
                    name(&mut report.stale, record.id);
                }
                (false, Some(_)) => name(&mut report.extra, record.id),
                _ => {}
            }
        }
    }
    for id in indexed.into_keys() {
        name(&mut report.extra, id);
    }
    Ok(report)
}

fn name(list: &mut Vec<RecordId>, id: RecordId) {
    if list.len() < NAMED {
        list.push(id);
    }
}
