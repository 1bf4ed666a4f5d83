//! Training of the learned order, measured on demands that it has not seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kechuang_domain::RecordId;
use kechuang_eval::{EvalError, Evaluation, Run, folds};
use kechuang_ingest::Tables;
use kechuang_matching::{Found, Rules};
use kechuang_ranking::{
    learned::{Feature, FeatureGroup, Features, FittedOn, LearnedRule, standardised},
    level::LevelRule,
    profile::DEFAULT_PROFILE,
};

use crate::{
    Bench, LabError, Levels, Models, Progress, Result,
    fit::ridge,
    laid_out::{LaidOut, Runs},
    levels,
};

/// The profile that gains are measured over.
const BASELINE: &str = "lexical";

/// How weights are fitted and measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainRule {
    /// Demands are dealt to so many folds; each is measured by weights that were fitted on the others.
    pub folds: usize,
    /// The seed of the dealing.
    pub seed: u64,
    /// The penalty of the ridge regression, above 0.
    pub penalty: f64,
}

/// What was fitted, and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The baseline's figures.
    pub baseline: Evaluation,
    /// The figures of the default profile as it is in use.
    pub in_use: Evaluation,
    /// How well the default profile tells levels as it is in use; `None` where it tells none.
    pub levels_in_use: Option<Levels>,
    /// The learned order; `None` where the data have no candidates for it, such as records with texts.
    pub order: Option<TrainedOrder>,
    /// How well levels are told, out of fold, and the curves fitted on all demands; `None` where a level comes too
    /// rarely to fit, or no encoder takes part.
    pub levels: Option<(Levels, LevelRule)>,
}

/// Weights of the learned order, and what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedOrder {
    /// The weights, fitted on all demands.
    pub learned: LearnedRule,
    /// The figures of the default profile without a learned order.
    pub fused: Evaluation,
    /// The figures of the default profile, out of fold: each demand by weights that have not seen it.
    pub out_of_fold: Evaluation,
    /// The same without one group of features.
    pub without: BTreeMap<FeatureGroup, Evaluation>,
}

/// The judged candidates of one demand.
struct List {
    ids: Vec<RecordId>,
    features: Vec<Features>,
    /// Features, standardised within the list.
    standard: Vec<Features>,
    /// Levels, less the list's mean.
    targets: Vec<f64>,
}

/// Fits the learned order and the levels of the default profile on a benchmark.
///
/// # Errors
/// What the folder, the judgements or the engine say.
pub async fn train(
    bench: &Bench,
    rules: &Rules,
    tables: Arc<Tables>,
    models: Models,
    rule: TrainRule,
    told: impl Fn(Progress<'_>),
) -> Result<Trained> {
    let encoder = models.encoders.as_ref().map(|encoders| encoders.recall.key().to_owned());
    let demands = bench.judgements.queries.keys().map(String::as_str);
    let fold = folds(demands, rule.folds, rule.seed).map_err(few)?;
    let laid_out = LaidOut::new(bench, rules, tables, models, &told).await?;
    let baseline = laid_out.runs(BASELINE, &told).await?;
    let baseline = Evaluation::new(&bench.judgements, &baseline.closed, &baseline.open)?;
    let runs = laid_out.runs(DEFAULT_PROFILE, &told).await?;
    let figures = Evaluation::new(&bench.judgements, &runs.closed, &runs.open)?;
    let fitted_on = FittedOn {
        dataset: bench.name.clone(),
        demands: bench.judgements.queries.len(),
        pairs: bench.judgements.queries.values().map(BTreeMap::len).sum(),
        penalty: rule.penalty,
        encoder: encoder.unwrap_or_default(),
    };
    let in_use = rules.profiles.get(DEFAULT_PROFILE);
    let level = in_use.and_then(|profile| profile.level.as_ref());
    let mut levels = levels::measure(bench, &laid_out, &runs, &fold, level)?;
    if let Some((_, rule)) = &mut levels {
        for curves in [&mut rule.titles, &mut rule.texts].into_iter().flatten() {
            curves.fitted_on =
                Some(FittedOn { penalty: crate::calibrate::PENALTY, ..fitted_on.clone() });
        }
    }
    let learned = in_use.map(|profile| profile.learned.clone()).unwrap_or_default();
    let order = match lists(bench, &laid_out, &runs) {
        Some(lists) => {
            let training =
                Training { bench, laid_out: &laid_out, runs: &runs, lists: &lists, fold, rule };
            Some(training.order(&learned, fitted_on).await?)
        }
        None => None,
    };
    let levels_in_use = levels::as_told(bench, &laid_out, &runs)?;
    Ok(Trained { baseline, in_use: figures, levels_in_use, order, levels })
}

/// Weights, and the lists they have not seen.
type Fold<'a> = (LearnedRule, BTreeMap<&'a str, &'a List>);

/// All that fitting and measuring go by.
struct Training<'a> {
    bench: &'a Bench,
    laid_out: &'a LaidOut<'a>,
    runs: &'a Runs,
    lists: &'a BTreeMap<String, List>,
    /// The fold of each demand.
    fold: BTreeMap<&'a str, usize>,
    rule: TrainRule,
}

impl Training<'_> {
    /// The weights, and what they are worth. What the data cannot tell stays as it is in use.
    async fn order(&self, in_use: &LearnedRule, fitted_on: FittedOn) -> Result<TrainedOrder> {
        let fused = self.evaluate(&BTreeMap::new()).await?;
        let out_of_fold = self.out_of_fold(&Feature::ALL).await?;
        let mut without = BTreeMap::new();
        for group in FeatureGroup::ALL {
            let rest: Vec<Feature> =
                Feature::ALL.into_iter().filter(|feature| feature.group() != group).collect();
            without.insert(group, self.out_of_fold(&rest).await?);
        }
        let mut order = self.fit(&Feature::ALL, |_| true)?;
        order.extend(untold(self.lists, in_use));
        let learned = LearnedRule { depth: in_use.depth, order, fitted_on: Some(fitted_on) };
        Ok(TrainedOrder { learned, fused, out_of_fold, without })
    }

    /// The figures of each demand by weights that were fitted without its fold.
    async fn out_of_fold(&self, features: &[Feature]) -> Result<Evaluation> {
        let mut learned = BTreeMap::new();
        for (fitted, unseen) in self.folds(features)? {
            learned.extend(unseen.into_iter().map(|(demand, list)| {
                let scores = list.ids.iter().copied().zip(fitted.score(&list.features));
                (demand, scores.collect())
            }));
        }
        self.evaluate(&learned).await
    }

    /// For each fold the weights that were fitted without it, and its demands.
    fn folds(&self, features: &[Feature]) -> Result<Vec<Fold<'_>>> {
        let mut all = Vec::with_capacity(self.rule.folds);
        for left_out in 0..self.rule.folds {
            let is_unseen = |demand: &str| self.fold.get(demand) == Some(&left_out);
            let lists = self.lists.iter().map(|(demand, list)| (demand.as_str(), list));
            let unseen = lists.filter(|(demand, _)| is_unseen(demand)).collect();
            let order = self.fit(features, |demand| !is_unseen(demand))?;
            all.push((LearnedRule { order, ..LearnedRule::default() }, unseen));
        }
        Ok(all)
    }

    /// Weights of these features, fitted on the demands that `seen` takes.
    fn fit(
        &self,
        features: &[Feature],
        seen: impl Fn(&str) -> bool,
    ) -> Result<BTreeMap<Feature, f64>> {
        let taken: BTreeSet<Feature> = features.iter().copied().collect();
        let used = |row: &Features| -> Vec<f64> {
            let values = Feature::ALL.into_iter().zip(row);
            values.filter(|(feature, _)| taken.contains(feature)).map(|(_, value)| *value).collect()
        };
        let rows: Vec<(Vec<f64>, f64)> = self
            .lists
            .iter()
            .filter(|(demand, _)| seen(demand))
            .flat_map(|(_, list)| list.standard.iter().map(&used).zip(list.targets.iter().copied()))
            .collect();
        let rows = rows.iter().map(|(row, target)| (row.as_slice(), *target));
        let weights = ridge(taken.len(), rows, self.rule.penalty).ok_or_else(|| {
            LabError::Bench(format!("岭回归的惩罚项须大于 0，现为 {}", self.rule.penalty))
        })?;
        Ok(Feature::ALL.into_iter().filter(|one| taken.contains(one)).zip(weights).collect())
    }

    /// The figures of the default profile with these learned scores; a demand that has none goes without a
    /// learned order.
    async fn evaluate(
        &self,
        learned: &BTreeMap<&str, BTreeMap<RecordId, f64>>,
    ) -> Result<Evaluation> {
        let none = BTreeMap::new();
        let mut closed = BTreeMap::new();
        for (demand, found) in &self.runs.found {
            let scores = learned.get(demand.as_str()).unwrap_or(&none);
            let order = self.laid_out.scratch.engine.reordered(found, scores).await?;
            closed.insert(demand.clone(), self.laid_out.named(&order));
        }
        Ok(Evaluation::new(&self.bench.judgements, &Run::new(closed)?, &self.runs.open)?)
    }
}

/// The weights of features that are alike in all candidates of every list: what the data cannot tell stays as it
/// was.
fn untold(lists: &BTreeMap<String, List>, in_use: &LearnedRule) -> Vec<(Feature, f64)> {
    let varies =
        |at: usize| lists.values().flat_map(|list| &list.standard).any(|row| row[at] != 0.0);
    let places = Feature::ALL.into_iter().enumerate().filter(|(at, _)| !varies(*at));
    places.filter_map(|(_, feature)| Some((feature, *in_use.order.get(&feature)?))).collect()
}

/// The features of each demand's judged candidates, with their levels; `None` where one has none: the learned order
/// is for demands with a title and achievements with nothing else, and goes by vectors.
fn lists(bench: &Bench, laid_out: &LaidOut<'_>, runs: &Runs) -> Option<BTreeMap<String, List>> {
    let mut lists = BTreeMap::new();
    for (demand, judged) in &bench.judgements.queries {
        // One alone has no order, and teaches none.
        let candidates = runs.found.get(demand).map(candidates).filter(|list| list.len() > 1);
        let (mut ids, mut features, mut levels) = (Vec::new(), Vec::new(), Vec::new());
        for candidate in candidates.unwrap_or_default() {
            if let Some(level) = laid_out.key(candidate.id).and_then(|key| judged.get(key)) {
                ids.push(candidate.id);
                features.push(candidate.seen()?);
                levels.push(f64::from(level.number()));
            }
        }
        let mean = levels.iter().sum::<f64>() / levels.len().max(1) as f64;
        let targets = levels.iter().map(|level| level - mean).collect();
        let standard = standardised(&features);
        lists.insert(demand.clone(), List { ids, features, standard, targets });
    }
    Some(lists)
}

fn candidates(found: &Found) -> &[kechuang_ranking::Candidate] {
    found.scores.sections.first().map_or(&[], |main| &main.input.candidates)
}

fn few(error: EvalError) -> LabError {
    match error {
        EvalError::TooFewValues { needed, given } => {
            LabError::Bench(format!("交叉验证至少需要 {needed} 条需求，现有 {given} 条"))
        }
        other => other.into(),
    }
}
