//! From saved scores and records to the outcome. Pure: the same scores and revisions give the same
//! outcome to the byte.

use kechuang_domain::{Library, Match, MatchOutcome, RecordId};
use kechuang_ranking::{Ranked, rank};
use kechuang_store::StoredRecord;
use kechuang_text::Lexicon;

use crate::{
    hydrate::{Records, texts},
    run::{RunScores, Section},
};

/// Ranks every section and puts the outcome together. Beside it, every candidate of the first section
/// with its final score, best first, also those too far down to be explained.
pub(crate) fn answer(
    lexicon: &Lexicon,
    scores: &RunScores,
    records: &Records,
) -> (MatchOutcome, Vec<(RecordId, f64)>) {
    let texts = texts(records, scores.viewer);
    let mut outcome = MatchOutcome {
        source: scores.source.clone(),
        profile: scores.profile.name.clone(),
        needs: scores.needs.clone(),
        achievements: Vec::new(),
        demands: Vec::new(),
        equipment: Vec::new(),
        policies: Vec::new(),
        degraded: scores.degraded.clone(),
    };
    let mut order = Vec::new();
    for (place, section) in scores.sections.iter().enumerate() {
        let ranked = rank(lexicon, &scores.profile, &scores.needs, &section.input, &texts);
        if place == 0 {
            order = ranked.iter().map(|ranked| (ranked.id, ranked.score)).collect();
        }
        let matches = matches_of(scores, section, records, ranked);
        match section.library {
            Library::Achievement => outcome.achievements = matches,
            Library::Demand => outcome.demands = matches,
            Library::Equipment => outcome.equipment = matches,
            Library::Policy => outcome.policies = matches,
        }
    }
    (outcome, order)
}

fn matches_of(
    scores: &RunScores,
    section: &Section,
    records: &Records,
    ranked: Vec<Ranked>,
) -> Vec<Match> {
    let mut matches: Vec<Match> = Vec::new();
    for answer in ranked {
        let (Some(explanation), Some(stored)) = (answer.explanation, records.get(&answer.id))
        else {
            continue;
        };
        if explanation.coverage < section.min_coverage || matches.len() >= section.top {
            continue;
        }
        let StoredRecord { record, owner_name } = stored;
        matches.push(Match {
            record: answer.id,
            revision: answer.revision,
            library: section.library,
            title: record.content.title_for(scores.viewer).to_owned(),
            owner: owner_name.clone(),
            region: record.content.region,
            chain: record.content.chain.clone(),
            sample: record.content.sample,
            rank: matches.len() + 1,
            score: answer.score,
            explanation,
        });
    }
    matches
}
