//! From ids to records: what the store says now decides what may be shown.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    Applicant, Content, Date, Fact, Freshness, Library, RecordId, Status, Viewer,
};
use kechuang_ranking::{
    Candidate, RecordText,
    eligibility::{check, excludes},
};
use kechuang_store::{Store, StoredRecord};

use crate::Result;

/// Records by id.
pub(crate) type Records = BTreeMap<RecordId, StoredRecord>;

/// The newest revisions of these records, without those that `viewer` may not see.
pub(crate) async fn newest(
    store: &Store,
    ids: impl IntoIterator<Item = RecordId>,
    viewer: Viewer,
) -> Result<Records> {
    let ids: BTreeSet<_> = ids.into_iter().collect();
    let found = store.records(&ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(found
        .into_iter()
        .filter(|stored| stored.record.visible_to(viewer))
        .map(|stored| (stored.record.id, stored))
        .collect())
}

/// A list with what the store says of it: candidates that are gone or do not fit are left out, those that were
/// read carry the revision that was, and the others stay as they are. Also tells how many of the head are left.
pub(crate) fn candidates(
    found: Vec<Candidate>,
    head: usize,
    records: &Records,
    fits: impl Fn(&StoredRecord) -> bool,
) -> (Vec<Candidate>, usize) {
    let mut kept = Vec::with_capacity(found.len());
    let mut read = 0;
    for (place, mut candidate) in found.into_iter().enumerate() {
        match records.get(&candidate.id) {
            Some(stored) if fits(stored) => {
                read += usize::from(place < head);
                candidate.revision = stored.record.revision;
            }
            Some(_) => continue,
            None if place < head => continue,
            None => {}
        }
        kept.push(candidate);
    }
    (kept, read)
}

/// What `viewer` may read of these candidates' records.
pub(crate) fn texts<'a, 'b>(
    records: &'a Records,
    viewer: Viewer,
    candidates: impl IntoIterator<Item = &'b Candidate>,
) -> BTreeMap<RecordId, RecordText<'a>> {
    candidates
        .into_iter()
        .filter_map(|candidate| records.get_key_value(&candidate.id))
        .map(|(id, stored)| (*id, record_text(&stored.record.content, viewer)))
        .collect()
}

fn record_text(content: &Content, viewer: Viewer) -> RecordText<'_> {
    let details = content.details();
    let sees_figures = viewer.may_see(details.tier(Fact::Measured));
    let measured = if sees_figures { details.indicators(Fact::Measured) } else { &[] };
    RecordText { texts: content.texts_for(viewer).collect(), measured }
}

/// Whom an answer is for, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) applicant: &'a Applicant,
    pub(crate) viewer: Viewer,
    pub(crate) today: Date,
}

/// Whether a record can be an answer today: in the library, not hidden, not past its day, and, for equipment, open to
/// outsiders and in working order, for a policy, not meant for others.
pub(crate) fn can_answer(stored: &StoredRecord, asker: Asker<'_>) -> bool {
    let record = &stored.record;
    if record.status != Status::Active || record.freshness == Freshness::Hidden {
        return false;
    }
    let details = record.content.details();
    let has_not_ended = |fact| details.date(fact).is_none_or(|until| asker.today <= until);
    match record.library() {
        Library::Achievement => has_not_ended(Fact::ValidUntil),
        Library::Demand => has_not_ended(Fact::Deadline) && has_not_ended(Fact::ValidUntil),
        Library::Equipment => {
            let gone = matches!(details.text(Fact::Condition), Some("停用" | "报废"));
            let internal = details.text(Fact::Opening) == Some("内部");
            has_not_ended(Fact::ValidUntil) && !gone && !internal
        }
        Library::Policy => {
            let checks = check(&record.content, asker.viewer, asker.applicant, asker.today);
            !excludes(&checks)
        }
    }
}
