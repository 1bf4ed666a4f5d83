//! `fsck`: store, index and vectors hold the same records at the same revisions, and the change log has no gaps.

use std::collections::BTreeMap;

use kechuang_domain::{RecordId, Viewer};
use serde::Serialize;
use tokio::task::block_in_place;

use crate::{Engine, MeaningState, Result, meaning::passage_text};

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
    /// The same for vectors; `None` where the engine has no sense of meaning.
    pub vectors: Option<VectorReport>,
}

/// What a check found about vectors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VectorReport {
    /// Records that have a vector.
    pub encoded: u64,
    /// Changes that the vectors have yet to take up; while there are any, nothing is compared.
    pub behind: i64,
    /// Records that should have one and have none; at most 20 are named.
    pub missing: Vec<RecordId>,
    /// Records whose vector is of another revision.
    pub stale: Vec<RecordId>,
    /// Records that have one and should not, or have two.
    pub extra: Vec<RecordId>,
}

impl VectorReport {
    fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.stale.is_empty() && self.extra.is_empty()
    }
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
            && self.vectors.as_ref().is_none_or(VectorReport::is_clean)
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
    let mut encoded: BTreeMap<RecordId, i64> = BTreeMap::new();
    if let MeaningState::Present(meaning) = engine.meaning() {
        let behind = report.change_head - meaning.vectors.applied().await?.seq;
        let vectors = report.vectors.insert(VectorReport { behind, ..VectorReport::default() });
        for (id, revision) in meaning.vectors.records().await? {
            vectors.encoded += 1;
            if encoded.insert(id, revision).is_some() {
                name(&mut vectors.extra, id);
            }
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
            // Vectors that are behind will follow, like an index.
            let caught_up = report.vectors.as_mut().filter(|vectors| vectors.behind <= 0);
            let Some(vectors) = caught_up else { continue };
            match (passage_text(record).is_some(), encoded.remove(&record.id)) {
                (true, None) => name(&mut vectors.missing, record.id),
                (true, Some(revision)) if revision != record.revision => {
                    name(&mut vectors.stale, record.id);
                }
                (false, Some(_)) => name(&mut vectors.extra, record.id),
                _ => {}
            }
        }
    }
    if let Some(vectors) = report.vectors.as_mut().filter(|vectors| vectors.behind <= 0) {
        encoded.into_keys().for_each(|id| name(&mut vectors.extra, id));
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
