//! Which of a ranked list are shown, each in its place.

use kechuang_domain::{AlikeRecord, Content, PartyId, RecordId, Viewer};
use kechuang_ranking::{
    Chosen, Ranked,
    diversity::{DiversityRule, Place, Shown},
    neighbours::with_neighbours,
};
use kechuang_store::StoredRecord;
use kechuang_text::Lexicon;

use crate::{
    exposure::let_another_head,
    hydrate::Records,
    neighbours::Fields,
    scores::{RunScores, Section},
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
    let contents: Vec<(PartyId, &Content)> = explained
        .iter()
        .filter_map(|one| records.get(&one.id))
        .map(|stored| (stored.record.owner, &stored.record.content))
        .collect();
    let (places, mut note) = arranged(lexicon, scores, section, &explained, &contents);
    let ids: Vec<RecordId> = explained.iter().map(|one| one.id).collect();
    let mut explained: Vec<Option<Ranked>> = explained.into_iter().map(Some).collect();
    places
        .into_iter()
        .filter_map(|place| {
            Some(Chosen {
                ranked: explained[place.first].take()?,
                alike: place.alike.into_iter().map(|at| ids[at]).collect(),
                serves: Vec::new(),
                eligibility: Vec::new(),
                clause: None,
                notes: note.take().into_iter().collect(),
            })
        })
        .collect()
}

/// The places of a ranked list, with what is said of the first: near-identical ones share one, no owner has many, a team
/// that has led often lets another lead, and other fields have theirs where they are asked for.
fn arranged(
    lexicon: &Lexicon,
    scores: &RunScores,
    section: &Section,
    explained: &[Ranked],
    contents: &[(PartyId, &Content)],
) -> (Vec<Place>, Option<String>) {
    let rule = if section.is_diverse { scores.profile.diversity } else { DiversityRule::default() };
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
    let mut places = rule.arrange(lexicon, &shown);
    let told = |place: &Place| (contents[place.first].0, explained[place.first].score);
    let note = let_another_head(&scores.profile.exposure, section, &mut places, told);
    let fields = Fields::of(lexicon, section, &scores.source);
    let is_neighbour = |place: &Place| {
        let (Some(fields), Some(why)) = (&fields, &explained[place.first].explanation) else {
            return false;
        };
        let content = contents[place.first].1;
        !why.evidence.is_empty() && fields.other(lexicon, content, scores.viewer).is_some()
    };
    let wanted = section.neighbours.unwrap_or(0);
    (with_neighbours(places, section.top, wanted, is_neighbour), note)
}

/// Records that share another's place, as they may be seen.
pub(crate) fn alike_of(ids: &[RecordId], records: &Records, viewer: Viewer) -> Vec<AlikeRecord> {
    let alike = |stored: &StoredRecord| AlikeRecord {
        record: stored.record.id,
        title: stored.record.content.title_for(viewer).to_owned(),
    };
    ids.iter().filter_map(|id| records.get(id)).map(alike).collect()
}
