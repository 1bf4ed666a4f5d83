//! What a large model is shown of an answer, and what its judgements make of it.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    Assist, EventKind, Match, MatchOutcome, MatchedSource, Move, Need, Quote, RecordId, Refinement,
    RunId, Span, TextField, Timestamp,
};
use kechuang_ranking::{Sought, evidence::related};
use kechuang_store::{ClaimedJob, NewRefinement, RefinementCount, RunRefinement};

use crate::{
    Engine, Result,
    answer::answer,
    hydrate::{self, Records},
    scores::RunScores,
};

/// What a large model is shown: the source and the first of the main list.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// What was matched.
    pub source: MatchedSource,
    /// What was understood to be needed.
    pub needs: Vec<Need>,
    /// The first of the main list, best first.
    pub candidates: Vec<HeadRecord>,
}

/// A record as a large model is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRecord {
    /// The record.
    pub id: RecordId,
    /// Its texts that the viewer of the answer may see, title first, in page order.
    pub texts: Vec<(TextField, String)>,
    /// Their sentences that have to do with any need.
    pub related: Vec<(TextField, Span)>,
}

/// What a large model has judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgedHead {
    /// The model.
    pub model: String,
    /// Each record's level, 1 to 4.
    pub levels: BTreeMap<RecordId, f64>,
    /// What of each record it rests on, verbatim.
    pub quotes: BTreeMap<RecordId, Vec<Quote>>,
    /// Quotes that stood nowhere in the record, and were taken out.
    pub removed_quotes: usize,
    /// Sentences that speak to the model, and were not shown to it.
    pub withheld: usize,
}

/// An answer as a large model leaves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refined {
    /// Everything that fusion and what follows started from, with the judgements.
    pub scores: RunScores,
    /// The answer.
    pub outcome: MatchOutcome,
    /// Every candidate of the main list, best first.
    pub order: Vec<(RecordId, f64)>,
}

impl Engine {
    /// What a large model is shown of an answer, as deep as its profile says: at the revisions that were read, without
    /// what its viewer may not see, or may not see any more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn head(&self, scores: &RunScores) -> Result<Head> {
        let records = self.records_of(scores).await?;
        let (_, order) = answer(self.lexicon(), scores, &records, None);
        let depth = scores.profile.large_model.depth;
        let first: Vec<RecordId> = order.into_iter().map(|(id, _)| id).take(depth).collect();
        let today = hydrate::newest(self.store(), first.iter().copied(), scores.viewer).await?;
        let needs = scores.sections.first().map_or(&[][..], |main| &main.input.needs);
        let sought = Sought::all(self.lexicon(), needs);
        let least = scores.profile.large_model.related;
        let shown = |id: &RecordId| {
            let (then, today) = (records.get(id)?, today.get(id)?);
            let still = |(field, _): &(TextField, &str)| {
                today.record.content.text_for(scores.viewer, *field).is_some()
            };
            let texts = then.record.content.texts_for(scores.viewer).filter(still);
            let texts: Vec<(TextField, &str)> = texts.collect();
            let related = related(self.lexicon(), &sought, texts.iter().copied(), least);
            let texts = texts.into_iter().map(|(field, text)| (field, text.to_owned())).collect();
            Some(HeadRecord { id: *id, texts, related })
        };
        Ok(Head {
            source: scores.source.clone(),
            needs: scores.needs.clone(),
            candidates: first.iter().filter_map(shown).collect(),
        })
    }

    /// An answer as these judgements leave it; `before` is the answer without.
    ///
    /// # Errors
    /// What the store says.
    pub async fn refined(
        &self,
        scores: &RunScores,
        before: &MatchOutcome,
        judged: &JudgedHead,
    ) -> Result<Refined> {
        let mut scores = scores.clone();
        for candidate in
            scores.sections.iter_mut().take(1).flat_map(|one| &mut one.input.candidates)
        {
            candidate.judged = judged.levels.get(&candidate.id).copied();
        }
        let records: Records = self.records_of(&scores).await?;
        let (mut outcome, order) = answer(self.lexicon(), &scores, &records, None);
        scores.assist = Assist::Refined(Refinement {
            model: judged.model.clone(),
            judged: judged.levels.len(),
            removed_quotes: judged.removed_quotes,
            withheld: judged.withheld,
            moves: moves(before, &outcome, judged),
            advice: Vec::new(),
            removed_claims: 0,
        });
        outcome.assist = scores.assist.clone();
        Ok(Refined { scores, outcome, order })
    }

    /// A saved run that is to be judged; `None` where it is gone, or what it started from may not be seen any more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn run_to_refine(
        &self,
        id: RunId,
        now: Timestamp,
    ) -> Result<Option<(RunScores, MatchOutcome)>> {
        let Some(run) = self.store().run(id, now).await? else { return Ok(None) };
        let scores: RunScores = serde_json::from_str(&run.scores)?;
        if let Some(source) = scores.source.record {
            let today = hydrate::newest(self.store(), [source.0], scores.viewer).await?;
            if !self.is_still_public(source, &today, scores.viewer).await? {
                return Ok(None);
            }
        }
        Ok(Some((scores, serde_json::from_str(&run.outcome)?)))
    }

    /// Keeps what a large model has made of a run and ends the job.
    ///
    /// # Errors
    /// What the store says.
    pub async fn keep_refinement(
        &self,
        job: &ClaimedJob,
        run: RunId,
        scores: &RunScores,
        outcome: &MatchOutcome,
        now: Timestamp,
    ) -> Result<()> {
        let (removed_quotes, withheld) = match &outcome.assist {
            Assist::Refined(refinement) => (refinement.removed_quotes, refinement.withheld),
            Assist::None | Assist::Degraded { .. } => (0, 0),
        };
        let refinement = NewRefinement {
            status: outcome.assist.code(),
            removed_quotes: removed_quotes as u64,
            withheld: withheld as u64,
            scores: serde_json::to_string(scores)?,
            outcome: serde_json::to_string(outcome)?,
            headed_by: outcome.achievements.first().map(|first| first.record),
        };
        Ok(self.store().finish_refinement(job, run, &refinement, now).await?)
    }
}

/// How a large model fares with people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reception {
    /// Runs by what came of them.
    pub runs: Vec<RefinementCount>,
    /// Records that it moved up and that somebody took up, met over or contracted.
    pub accepted: usize,
    /// Records that it moved up and that somebody turned down.
    pub declined: usize,
}

impl Engine {
    /// How a large model has fared with people since then.
    ///
    /// # Errors
    /// What the store says.
    pub async fn reception(&self, since: Timestamp, now: Timestamp) -> Result<Reception> {
        let runs = self.store().refinements_since(since).await?;
        let mut reception = Reception { runs, ..Reception::default() };
        let mut taken_up: BTreeMap<(RunId, RecordId), bool> = BTreeMap::new();
        for event in self.store().refined_events_since(since).await? {
            let key = (event.run, event.record);
            match event.kind {
                EventKind::Accepted | EventKind::Met | EventKind::Contracted => {
                    taken_up.insert(key, true);
                }
                EventKind::Declined => {
                    taken_up.insert(key, false);
                }
                // Nobody has said anything yet.
                EventKind::Matched | EventKind::Seen | EventKind::Replied => {}
            }
        }
        let mut moved_up: BTreeMap<RunId, BTreeSet<RecordId>> = BTreeMap::new();
        for run in taken_up.keys().map(|(run, _)| *run).collect::<BTreeSet<_>>() {
            moved_up.insert(run, self.moved_up(run, now).await?);
        }
        for ((run, record), is_taken_up) in taken_up {
            if moved_up[&run].contains(&record) {
                reception.accepted += usize::from(is_taken_up);
                reception.declined += usize::from(!is_taken_up);
            }
        }
        Ok(reception)
    }

    /// The records of a run that a large model has moved up.
    async fn moved_up(&self, run: RunId, now: Timestamp) -> Result<BTreeSet<RecordId>> {
        let saved = self.store().run(run, now).await?.and_then(|run| run.refinement);
        let Some(RunRefinement::Done { outcome, .. }) = saved else { return Ok(BTreeSet::new()) };
        let outcome: MatchOutcome = serde_json::from_str(&outcome)?;
        let Assist::Refined(refinement) = outcome.assist else { return Ok(BTreeSet::new()) };
        let up = |moved: &Move| moved.from.is_none_or(|from| from > moved.to);
        Ok(refinement.moves.into_iter().filter(up).map(|moved| moved.record).collect())
    }
}

/// The records that stand elsewhere than before.
fn moves(before: &MatchOutcome, after: &MatchOutcome, judged: &JudgedHead) -> Vec<Move> {
    let before: BTreeMap<RecordId, usize> =
        before.achievements.iter().map(|found| (found.record, found.rank)).collect();
    let moved = |found: &Match| {
        let from = before.get(&found.record).copied();
        (from != Some(found.rank)).then(|| Move {
            record: found.record,
            from,
            to: found.rank,
            level: judged.levels.get(&found.record).copied(),
            quotes: judged.quotes.get(&found.record).cloned().unwrap_or_default(),
        })
    };
    after.achievements.iter().filter_map(moved).collect()
}
