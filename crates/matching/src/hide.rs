//! A saved outcome as it may be shown today: without what was withdrawn or hidden since.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    AskedBy, AskedIn, Assist, Basis, Content, Fulfilment, Match, MatchOutcome, Quote, RecordId,
    Viewer,
};

use crate::hydrate::Records;

/// What is said where a summary would tell of hidden words.
const HIDDEN: &str = "部分依据已不再公开。";

/// The achievements that resource needs were read from.
pub(crate) fn asked_by(outcome: &MatchOutcome) -> impl Iterator<Item = RecordId> {
    outcome.resource_needs.iter().filter_map(|need| match need.asked_by {
        AskedBy::Achievement { record, .. } => Some(record),
        AskedBy::Source { .. } | AskedBy::SourceFact { .. } => None,
    })
}

/// Takes out what `viewer` may no longer see of the records in `visible`, and all of other records.
pub(crate) fn hide(outcome: &mut MatchOutcome, visible: &Records, viewer: Viewer) {
    let with_reason: BTreeSet<RecordId> = outcome
        .equipment
        .iter()
        .filter(|found| !found.serves.is_empty())
        .map(|found| found.record)
        .collect();
    for list in [
        &mut outcome.achievements,
        &mut outcome.demands,
        &mut outcome.equipment,
        &mut outcome.policies,
    ] {
        list.retain_mut(|found| match visible.get(&found.record) {
            None => false,
            Some(stored) => {
                hide_in_match(found, &stored.record.content, viewer);
                found.alike.retain_mut(|alike| match visible.get(&alike.record) {
                    None => false,
                    Some(stored) => {
                        stored.record.content.title_for(viewer).clone_into(&mut alike.title);
                        true
                    }
                });
                true
            }
        });
    }
    hide_needs(outcome, visible, viewer);
    hide_targets(outcome, visible, viewer);
    hide_moves(outcome, visible, viewer);
    // What was shown for a need is not shown without it.
    outcome
        .equipment
        .retain(|found| !found.serves.is_empty() || !with_reason.contains(&found.record));
}

/// Takes out of a match what `viewer` may no longer see of its record.
fn hide_in_match(found: &mut Match, content: &Content, viewer: Viewer) {
    content.title_for(viewer).clone_into(&mut found.title);
    let hidden = |quote: &Quote| content.text_for(viewer, quote.field).is_none();
    let evidence = &mut found.explanation.evidence;
    let before = evidence.len();
    evidence.retain(|evidence| !hidden(&evidence.quote));
    let mut has_hidden = evidence.len() < before;
    for check in &mut found.explanation.indicators {
        if check.said.take_if(|basis| !is_shown(basis, content, viewer)).is_some() {
            check.fulfilment = Fulfilment::Unknown;
            has_hidden = true;
        }
    }
    if has_hidden {
        // The summary names words of the hidden text, and figures that it gives.
        HIDDEN.clone_into(&mut found.explanation.summary);
    }
    found.serves.retain(|served| content.text_for(viewer, served.quote.field).is_some());
    let notes = &mut found.notes;
    found.eligibility.retain(|check| {
        let is_shown = check.basis.as_ref().is_none_or(|basis| is_shown(basis, content, viewer));
        if !is_shown {
            // A note may repeat what a check says.
            notes.retain(|note| *note != check.message);
        }
        is_shown
    });
    found.clause.take_if(|clause| content.text_for(viewer, clause.quote.field).is_none());
}

/// Takes out what a large model says of records that are gone, and the moves of records that are gone, and quotes that nobody may read any more.
fn hide_moves(outcome: &mut MatchOutcome, visible: &Records, viewer: Viewer) {
    let Assist::Refined(refinement) = &mut outcome.assist else { return };
    // What was said of a record is of all that it said then.
    let read: BTreeMap<RecordId, i64> =
        outcome.achievements.iter().map(|found| (found.record, found.revision)).collect();
    refinement.advice.retain(|advice| {
        let today = visible.get(&advice.record).map(|stored| stored.record.revision);
        today.is_some() && today == read.get(&advice.record).copied()
    });
    refinement.moves.retain_mut(|one| match visible.get(&one.record) {
        None => false,
        Some(stored) => {
            let content = &stored.record.content;
            one.quotes.retain(|quote| content.text_for(viewer, quote.field).is_some());
            true
        }
    });
}

/// Takes out the figures that rest on facts of the source nobody may read any more.
fn hide_targets(outcome: &mut MatchOutcome, visible: &Records, viewer: Viewer) {
    let source = outcome.source.record.and_then(|(id, _)| visible.get(&id));
    let Some(details) = source.map(|stored| stored.record.content.details()) else { return };
    for found in outcome.achievements.iter_mut().chain(&mut outcome.demands) {
        let checks = &mut found.explanation.indicators;
        let before = checks.len();
        checks.retain(|check| match check.asked_in {
            AskedIn::Need { .. } => true,
            AskedIn::Fact { fact } => viewer.may_see(details.tier(fact)),
        });
        if checks.len() < before {
            HIDDEN.clone_into(&mut found.explanation.summary);
        }
    }
}

fn is_shown(basis: &Basis, content: &Content, viewer: Viewer) -> bool {
    match basis {
        Basis::Text(quote) => content.text_for(viewer, quote.field).is_some(),
        Basis::Fact { fact, .. } => viewer.may_see(content.details().tier(*fact)),
        Basis::Region(_) | Basis::Chain(_) => true,
    }
}

/// Takes out the resource needs that rest on words nobody may read any more.
fn hide_needs(outcome: &mut MatchOutcome, visible: &Records, viewer: Viewer) {
    let is_public = |asked_by: &AskedBy| match asked_by {
        AskedBy::Source { .. } => true,
        AskedBy::SourceFact { fact, .. } => {
            let source = outcome.source.record.and_then(|(id, _)| visible.get(&id));
            source.is_none_or(|stored| viewer.may_see(stored.record.content.details().tier(*fact)))
        }
        AskedBy::Achievement { record, basis, .. } => visible
            .get(record)
            .is_some_and(|stored| is_shown(basis, &stored.record.content, viewer)),
    };
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, need) in outcome.resource_needs.iter().enumerate() {
        if is_public(&need.asked_by) {
            places.insert(place, places.len());
        }
    }
    let mut place = 0;
    outcome.resource_needs.retain(|_| {
        place += 1;
        places.contains_key(&(place - 1))
    });
    outcome.unmet_resources =
        outcome.unmet_resources.iter().filter_map(|need| places.get(need).copied()).collect();
    for found in &mut outcome.equipment {
        found.serves.retain_mut(|served| match places.get(&served.need) {
            Some(now) => {
                served.need = *now;
                true
            }
            None => false,
        });
    }
    for need in &mut outcome.resource_needs {
        if let AskedBy::Achievement { record, title, .. } = &mut need.asked_by
            && let Some(stored) = visible.get(record)
        {
            stored.record.content.title_for(viewer).clone_into(title);
        }
    }
}
