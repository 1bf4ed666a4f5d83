//! Training of the learned order, measured on demands that it has not seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kechuang_domain::RecordId;
use kechuang_eval::{
    Bin, EvalError, Evaluation, Level, LevelAccuracy, Run, folds, level_accuracy, reliability,
};
use kechuang_ingest::Tables;
use kechuang_matching::{Found, Rules};
use kechuang_ranking::{
    learned::{Feature, FeatureGroup, Features, FittedOn, LearnedRule, standardised},
    profile::DEFAULT_PROFILE,
};

use crate::{
    Bench, LabError, Models, Progress, Result,
    calibrate::Calibration,
    fit::ridge,
    laid_out::{LaidOut, Runs},
};

/// The profile that gains are measured over.
const BASELINE: &str = "lexical";

/// Ranges of the reliability diagram.
const BINS: usize = 10;

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

/// Weights, and what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The weights, fitted on all demands.
    pub learned: LearnedRule,
    /// The baseline's figures.
    pub baseline: Evaluation,
    /// The figures of the default profile with the weights that are in use.
    pub in_use: Evaluation,
    /// The figures of the default profile without a learned order.
    pub fused: Evaluation,
    /// The figures of the default profile, out of fold: each demand by weights that have not seen it.
    pub out_of_fold: Evaluation,
    /// The same without one group of features.
    pub without: BTreeMap<FeatureGroup, Evaluation>,
    /// How well levels are told by the learned score, out of fold; `None` where a level comes too rarely to fit.
    pub levels: Option<Levels>,
}

/// How well levels are told.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// How far told levels are from judged ones.
    pub accuracy: LevelAccuracy,
    /// Told probabilities of a level of 3 or 4, and how often they came true.
    pub reliability: Vec<Bin>,
}

/// The judged candidates of one demand.
struct List {
    ids: Vec<RecordId>,
    features: Vec<Features>,
    /// Features, standardised within the list.
    standard: Vec<Features>,
    levels: Vec<Level>,
    /// Levels, less the list's mean.
    targets: Vec<f64>,
}

/// Fits the learned order of the default profile on a benchmark.
///
/// # Errors
/// What the folder, the judgements or the engine say; [`LabError::Bench`] where the profile has no learned order
/// or its features could not be computed.
pub async fn train(
    bench: &Bench,
    rules: &Rules,
    tables: Arc<Tables>,
    models: Models,
    rule: TrainRule,
    told: impl Fn(Progress<'_>),
) -> Result<Trained> {
    let encoder = models.encoder.as_ref().map(|encoder| encoder.key().to_owned());
    let laid_out = LaidOut::new(bench, rules, tables, models, &told).await?;
    let baseline = laid_out.runs(BASELINE, &told).await?;
    let baseline = Evaluation::new(&bench.judgements, &baseline.closed, &baseline.open)?;
    let runs = laid_out.runs(DEFAULT_PROFILE, &told).await?;
    let figures = Evaluation::new(&bench.judgements, &runs.closed, &runs.open)?;
    let lists = lists(bench, &laid_out, &runs)?;
    let training = Training { bench, laid_out: &laid_out, runs: &runs, lists: &lists, rule };
    let fused = training.evaluate(&BTreeMap::new()).await?;
    let out_of_fold = training.out_of_fold(&Feature::ALL).await?;
    let levels = training.levels()?;
    let mut without = BTreeMap::new();
    for group in FeatureGroup::ALL {
        let rest: Vec<Feature> =
            Feature::ALL.into_iter().filter(|feature| feature.group() != group).collect();
        without.insert(group, training.out_of_fold(&rest).await?);
    }
    let in_use = rules.profiles.get(DEFAULT_PROFILE).map(|profile| profile.learned.clone());
    let in_use = in_use.unwrap_or_default();
    let fitted_on = FittedOn {
        dataset: bench.name.clone(),
        demands: lists.len(),
        pairs: lists.values().map(|list| list.ids.len()).sum(),
        penalty: rule.penalty,
        encoder: encoder.unwrap_or_default(),
    };
    let mut order = training.fit(&Feature::ALL, |_| true)?;
    order.extend(untold(&lists, &in_use));
    let learned = LearnedRule { depth: in_use.depth, order, fitted_on: Some(fitted_on) };
    Ok(Trained { learned, baseline, in_use: figures, fused, out_of_fold, without, levels })
}

/// Weights, the lists they were fitted on, and those they have not seen.
type Fold<'a> = (LearnedRule, BTreeMap<&'a str, &'a List>, BTreeMap<&'a str, &'a List>);

/// All that fitting and measuring go by.
struct Training<'a> {
    bench: &'a Bench,
    laid_out: &'a LaidOut<'a>,
    runs: &'a Runs,
    lists: &'a BTreeMap<String, List>,
    rule: TrainRule,
}

impl Training<'_> {
    /// The figures of each demand by weights that were fitted without its fold.
    async fn out_of_fold(&self, features: &[Feature]) -> Result<Evaluation> {
        let mut learned = BTreeMap::new();
        for (fitted, _, unseen) in self.folds(features)? {
            learned.extend(unseen.into_iter().map(|(demand, list)| {
                let scores = list.ids.iter().copied().zip(fitted.score(&list.features));
                (demand, scores.collect())
            }));
        }
        self.evaluate(&learned).await
    }

    /// How well levels are told of each demand by what was fitted without its fold.
    fn levels(&self) -> Result<Option<Levels>> {
        let (mut told, mut probable) = (Vec::new(), Vec::new());
        for (fitted, seen, unseen) in self.folds(&Feature::ALL)? {
            let judged = |lists: &BTreeMap<&str, &List>| -> Vec<(f64, Level)> {
                let of = |list: &&List| {
                    let scores = fitted.score(&list.features);
                    scores.into_iter().zip(list.levels.clone()).collect::<Vec<_>>()
                };
                lists.values().flat_map(of).collect()
            };
            let Some(calibration) = Calibration::fit(&judged(&seen)) else { return Ok(None) };
            for (score, level) in judged(&unseen) {
                told.push((calibration.tell(score), level));
                let [_, relevant, _] = calibration.reached(score);
                probable.push((relevant, level.is_relevant()));
            }
        }
        let accuracy = level_accuracy(&told)?;
        Ok(Some(Levels { accuracy, reliability: reliability(&probable, BINS) }))
    }

    /// For each fold the weights that were fitted without it, the demands they have seen, and the others.
    fn folds(&self, features: &[Feature]) -> Result<Vec<Fold<'_>>> {
        let TrainRule { folds: count, seed, .. } = self.rule;
        let fold = folds(self.lists.keys().map(String::as_str), count, seed).map_err(few)?;
        let mut all = Vec::with_capacity(count);
        for left_out in 0..count {
            let lists = self.lists.iter().map(|(demand, list)| (demand.as_str(), list));
            let (unseen, seen): (BTreeMap<_, _>, BTreeMap<_, _>) =
                lists.partition(|(demand, _)| fold.get(demand) == Some(&left_out));
            let order = self.fit(features, |demand| seen.contains_key(demand))?;
            all.push((LearnedRule { order, ..LearnedRule::default() }, seen, unseen));
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

/// The features of each demand's judged candidates, with their levels.
fn lists(bench: &Bench, laid_out: &LaidOut<'_>, runs: &Runs) -> Result<BTreeMap<String, List>> {
    let mut lists = BTreeMap::new();
    for (demand, judged) in &bench.judgements.queries {
        let candidates = runs.found.get(demand).map(candidates).unwrap_or_default();
        let (mut ids, mut features, mut levels) = (Vec::new(), Vec::new(), Vec::new());
        for candidate in candidates {
            let level = laid_out.key(candidate.id).and_then(|key| judged.get(key));
            if let (Some(level), Some(row)) = (level, candidate.seen()) {
                ids.push(candidate.id);
                features.push(row);
                levels.push(*level);
            }
        }
        if ids.len() < judged.len() {
            return Err(LabError::Bench(format!(
                "需求「{demand}」的候选没有学习排序的特征：它只用于有名称的需求和只有名称的成果，且须有编码模型；请核对数据和 {DEFAULT_PROFILE} 方案的 learned 一节"
            )));
        }
        let number = |level: &Level| f64::from(level.number());
        let mean = levels.iter().map(number).sum::<f64>() / levels.len().max(1) as f64;
        let targets = levels.iter().map(|level| number(level) - mean).collect();
        let standard = standardised(&features);
        lists.insert(demand.clone(), List { ids, features, standard, levels, targets });
    }
    Ok(lists)
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
