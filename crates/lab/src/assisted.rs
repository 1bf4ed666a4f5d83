//! What a large model's judgements make of the default profile, over depths and bounds on moves.

use std::{collections::BTreeMap, sync::Arc};

use kechuang_domain::RecordId;
use kechuang_eval::{Evaluation, Run};
use kechuang_ingest::Tables;
use kechuang_matching::{Head, Rules};
use kechuang_ranking::{
    profile::DEFAULT_PROFILE,
    refine::{JudgedPlace, LargeModelRule, best_within},
};
use kechuang_store::Store;

use crate::{
    Bench, Models, Progress, Result,
    laid_out::{LaidOut, Runs},
};

/// Levels of records, by demand.
pub type LevelsByDemand = BTreeMap<String, BTreeMap<RecordId, f64>>;

/// A benchmark whose demands have been matched, with what a judge is shown of each answer.
pub struct Assisted<'a> {
    bench: &'a Bench,
    laid_out: LaidOut<'a>,
    runs: Runs,
    /// What a judge is shown, by demand.
    pub heads: BTreeMap<String, Head>,
    /// How it is shown it.
    pub rule: LargeModelRule,
}

impl<'a> Assisted<'a> {
    /// Matches the judged demands of a benchmark with the default profile; a judge is shown the first `depth` of what was
    /// judged for each.
    ///
    /// # Errors
    /// What the folder, the judgements or the engine say.
    pub async fn new(
        bench: &'a Bench,
        rules: &Rules,
        tables: Arc<Tables>,
        models: Models,
        depth: usize,
        told: impl Fn(Progress<'_>),
    ) -> Result<Self> {
        let rule = rules.profiles.get(DEFAULT_PROFILE).map(|profile| profile.large_model);
        let rule = LargeModelRule { depth, ..rule.unwrap_or_default() };
        let laid_out = LaidOut::new(bench, rules, tables, models, &told).await?;
        let runs = laid_out.runs(DEFAULT_PROFILE, &told).await?;
        let mut heads = BTreeMap::new();
        for (demand, found) in &runs.found {
            let mut scores = found.scores.clone();
            scores.profile.large_model = rule;
            heads.insert(demand.clone(), laid_out.scratch.engine.head(&scores).await?);
        }
        Ok(Self { bench, laid_out, runs, heads, rule })
    }

    /// The store that the benchmark lies in.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.laid_out.scratch.engine.store()
    }

    /// The figures without a judge.
    ///
    /// # Errors
    /// What the judgements say.
    pub fn without(&self) -> Result<Evaluation> {
        self.figures(&LevelsByDemand::new(), 0, 0)
    }

    /// The figures with these levels of the first `depth`, each of which moves by `bound` places at most.
    ///
    /// # Errors
    /// What the judgements say.
    pub fn figures(
        &self,
        levels: &LevelsByDemand,
        depth: usize,
        bound: usize,
    ) -> Result<Evaluation> {
        let mut closed = BTreeMap::new();
        for demand in self.runs.found.keys() {
            let levels = levels.get(demand);
            // In the order in which evaluation has them, where several have the same score.
            let before = self.runs.closed.ranking(demand)?.documents();
            let before = before.iter().filter_map(|one| self.laid_out.id(&one.document));
            let level = |at: usize, id: &RecordId| levels?.get(id).copied().filter(|_| at < depth);
            let places: Vec<JudgedPlace> = before
                .enumerate()
                .map(|(at, id)| JudgedPlace { id, level: level(at, &id) })
                .collect();
            let order = best_within(bound, &places).into_iter().enumerate();
            // A score for each place, so that the order is this one.
            let order: Vec<(RecordId, f64)> =
                order.map(|(to, from)| (places[from].id, -(to as f64))).collect();
            closed.insert(demand.clone(), self.laid_out.named(&order));
        }
        Ok(Evaluation::new(&self.bench.judgements, &Run::new(closed)?, &self.runs.open)?)
    }

    /// What people have judged, in the form in which a judge's levels come: with it, [`figures`](Self::figures) tells the
    /// best that a depth and a bound allow.
    #[must_use]
    pub fn judged(&self) -> LevelsByDemand {
        let level = |demand: &str, id: RecordId| {
            let key = self.laid_out.key(id)?;
            self.bench
                .judgements
                .queries
                .get(demand)?
                .get(key)
                .map(|level| f64::from(level.number()))
        };
        let of_demand = |(demand, head): (&String, &Head)| {
            let levels =
                head.candidates.iter().filter_map(|one| Some((one.id, level(demand, one.id)?)));
            (demand.clone(), levels.collect())
        };
        self.heads.iter().map(of_demand).collect()
    }
}
