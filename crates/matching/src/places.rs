//! Which of a ranked list are shown, each in its place.

use kechuang_domain::{AlikeRecord, Content, PartyId, RecordId, Viewer};
use kechuang_ranking::{
    Chosen, Ranked,
    diversity::{DiversityRule, Shown},
};
use kechuang_store::StoredRecord;
use kechuang_text::Lexicon;

use crate::{
    hydrate::Records,
    run::{RunScores, Section},
};

/// The explained records of a ranked list that cover enough, as many as are shown.
pub(crate) fn best_of(
    lexicon: &Lexicon,
    scores: &RunScores,
    section: &Section,
    records: &Records,
    ranked: Vec<Ranked>,
) -> Vec<Chosen> {
    let explained: Vec<Ranked> = ranked
        .into_iter()
        .filter(|ranked| {
            let explanation = ranked.explanation.as_ref();
            explanation.is_some_and(|why| why.coverage >= section.min_coverage)
                && records.contains_key(&ranked.id)
        })
        .collect();
    let rule = if section.is_diverse { scores.profile.diversity } else { DiversityRule::default() };
    let contents: Vec<(PartyId, &Content)> = explained
        .iter()
        .filter_map(|one| records.get(&one.id))
        .map(|stored| (stored.record.owner, &stored.record.content))
        .collect();
    let bodies: Vec<String> =
        contents.iter().map(|(_, content)| content.below_title(scores.viewer)).collect();
    let shown: Vec<Shown<'_, PartyId>> = contents
        .iter()
        .zip(&bodies)
        .map(|((owner, content), text)| Shown {
            owner: *owner,
            title: content.title_for(scores.viewer),
            text,
        })
        .collect();
    let ids: Vec<RecordId> = explained.iter().map(|one| one.id).collect();
    let mut explained: Vec<Option<Ranked>> = explained.into_iter().map(Some).collect();
    rule.arrange(lexicon, &shown)
        .into_iter()
        .take(section.top)
        .filter_map(|place| {
            Some(Chosen {
                ranked: explained[place.first].take()?,
                alike: place.alike.into_iter().map(|at| ids[at]).collect(),
                serves: Vec::new(),
                eligibility: Vec::new(),
                clause: None,
                notes: Vec::new(),
            })
        })
        .collect()
}

/// Records that share another's place, as they may be seen.
pub(crate) fn alike_of(ids: &[RecordId], records: &Records, viewer: Viewer) -> Vec<AlikeRecord> {
    let alike = |stored: &StoredRecord| AlikeRecord {
        record: stored.record.id,
        title: stored.record.content.title_for(viewer).to_owned(),
    };
    ids.iter().filter_map(|id| records.get(id)).map(alike).collect()
}
