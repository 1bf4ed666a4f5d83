//! From saved scores and records to the outcome. Pure: the same scores and revisions give the same
//! outcome to the byte.

use std::collections::BTreeMap;

use kechuang_domain::{Content, Library, Match, MatchOutcome, Prospect, RecordId, Timestamp};
use kechuang_ranking::{
    Chosen, Equipment, Policies, Ranked, choose_equipment, choose_policies, rank,
};
use kechuang_store::StoredRecord;
use kechuang_text::Lexicon;

use crate::{
    hydrate::{Records, texts},
    neighbours::Fields,
    places::{alike_of, best_of},
    scores::{Beside, RunScores, Section},
};

/// Ranks every section and puts the outcome together. Beside it, every candidate of the first section
/// with its final score, best first, also those too far down to be explained. The first section's order
/// may be handed in where it is known already.
pub(crate) fn answer(
    lexicon: &Lexicon,
    scores: &RunScores,
    records: &Records,
    main: Option<Vec<Ranked>>,
) -> (MatchOutcome, Vec<(RecordId, f64)>) {
    let contents: BTreeMap<RecordId, &Content> =
        records.iter().map(|(id, stored)| (*id, &stored.record.content)).collect();
    let mut outcome = MatchOutcome {
        source: scores.source.clone(),
        profile: scores.profile.name.clone(),
        needs: scores.needs.clone(),
        achievements: Vec::new(),
        demands: Vec::new(),
        equipment: Vec::new(),
        policies: Vec::new(),
        searched: scores.sections.first().map_or(0, |main| main.searched),
        prospect: None,
        degraded: scores.degraded.clone(),
        assist: scores.assist.clone(),
        resource_needs: Vec::new(),
        unmet_resources: Vec::new(),
    };
    let mut order = Vec::new();
    let mut main = main;
    for (place, section) in scores.sections.iter().enumerate() {
        let chosen = match (&scores.beside, section.library) {
            (Some(beside), Library::Equipment) => {
                let asked = equipment(scores, beside, section, &contents);
                let (chosen, unmet) = choose_equipment(lexicon, &scores.profile, &asked);
                outcome.resource_needs = beside.resources.clone();
                outcome.unmet_resources = unmet;
                chosen
            }
            (Some(beside), Library::Policy) => {
                let asked = policies(scores, beside, section, &contents);
                choose_policies(lexicon, &scores.profile, &asked)
            }
            _ => {
                let known = main.take().filter(|_| place == 0);
                let ranked = known.unwrap_or_else(|| {
                    let read = section.input.candidates.iter().take(section.input.head);
                    let texts = texts(records, scores.viewer, read);
                    rank(lexicon, &scores.profile, &scores.needs, &section.input, &texts)
                });
                if place == 0 {
                    order = ranked.iter().map(|ranked| (ranked.id, ranked.score)).collect();
                }
                best_of(lexicon, scores, section, records, ranked)
            }
        };
        let matches = matches_of(lexicon, scores, section, records, chosen);
        match section.library {
            Library::Achievement => {
                outcome.prospect =
                    Prospect::of(matches.iter().filter_map(|found| found.explanation.level));
                outcome.achievements = matches;
            }
            Library::Demand => outcome.demands = matches,
            Library::Equipment => outcome.equipment = matches,
            Library::Policy => outcome.policies = matches,
        }
    }
    (outcome, order)
}

fn equipment<'a>(
    scores: &'a RunScores,
    beside: &'a Beside,
    section: &'a Section,
    contents: &'a BTreeMap<RecordId, &'a Content>,
) -> Equipment<'a> {
    Equipment {
        needs: &scores.needs,
        input: &section.input,
        contents,
        wanted: &beside.resources,
        terms: &beside.resource_terms,
        applicant: &beside.applicant,
        viewer: scores.viewer,
    }
}

fn policies<'a>(
    scores: &'a RunScores,
    beside: &'a Beside,
    section: &'a Section,
    contents: &'a BTreeMap<RecordId, &'a Content>,
) -> Policies<'a> {
    Policies {
        needs: &scores.needs,
        input: &section.input,
        contents,
        applicant: &beside.applicant,
        wanted: &beside.support,
        min_coverage: section.min_coverage,
        today: beside.today,
        viewer: scores.viewer,
    }
}

fn matches_of(
    lexicon: &Lexicon,
    scores: &RunScores,
    section: &Section,
    records: &Records,
    chosen: Vec<Chosen>,
) -> Vec<Match> {
    let mut matches: Vec<Match> = Vec::with_capacity(chosen.len());
    let stale: BTreeMap<RecordId, Timestamp> = section
        .input
        .candidates
        .iter()
        .filter_map(|candidate| Some((candidate.id, candidate.stale_since?)))
        .collect();
    let fields = Fields::of(lexicon, section, &scores.source);
    for Chosen { ranked, alike, serves, eligibility, clause, mut notes } in chosen {
        let (Some(mut explanation), Some(stored)) = (ranked.explanation, records.get(&ranked.id))
        else {
            continue;
        };
        let StoredRecord { record, owner_name } = stored;
        // The curves are of demands and achievements; the other way round, nobody has judged.
        let rule =
            scores.profile.level.as_ref().filter(|_| record.library() == Library::Achievement);
        if let Some(rule) = rule {
            let has_title_alone = record.content.has_title_alone(scores.viewer);
            explanation.level = rule.tell(&explanation, has_title_alone, section.searched);
        }
        if let Some(since) = stale.get(&ranked.id) {
            let day = since.china_date();
            let moved =
                if scores.profile.freshness.stale < 1.0 { "，排序已靠后" } else { "" };
            notes.push(format!("{day} 之后无人确认{moved}；请先与单位核实是否仍然有效"));
        }
        matches.push(Match {
            record: ranked.id,
            revision: ranked.revision,
            library: section.library,
            title: record.content.title_for(scores.viewer).to_owned(),
            owner: owner_name.clone(),
            region: record.content.region,
            chain: record.content.chain.clone(),
            neighbouring: fields
                .as_ref()
                .and_then(|fields| fields.other(lexicon, &record.content, scores.viewer)),
            sample: record.content.sample,
            rank: matches.len() + 1,
            score: ranked.score,
            explanation,
            alike: alike_of(&alike, records, scores.viewer),
            serves,
            eligibility,
            clause,
            notes,
        });
    }
    matches
}
