//! From what is known of an answer to its level: fits the curves that levels are told by.

use kechuang_domain::{AnswerLevel, Explanation};
use kechuang_eval::Level;
use kechuang_ranking::level::{LevelCurve, LevelCurves, LevelFeature};

use crate::fit::logistic;

/// Pulls the weights of standardised features towards nothing: with few judged pairs, a level may be parted from the
/// others by chance.
pub(crate) const PENALTY: f64 = 1.0;

/// Weights are kept to so many parts of 1.
const PRECISION: f64 = 1e4;

/// A judged pair, as far as levels are told by it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JudgedPair {
    /// The values of its kind's features.
    pub(crate) features: Vec<f64>,
    /// What was judged.
    pub(crate) level: Level,
}

impl JudgedPair {
    /// `None` where a stage took no part.
    pub(crate) fn of(
        features: &[LevelFeature],
        explanation: &Explanation,
        searched: u64,
        level: Level,
    ) -> Option<Self> {
        let features = features.iter().map(|feature| feature.of(explanation, searched));
        Some(Self { features: features.collect::<Option<_>>()?, level })
    }
}

/// Fits one curve for each level above the lowest; `None` where one comes for none or for all. An answer counts as
/// good from the probability `good` on.
pub(crate) fn fit(
    features: &[LevelFeature],
    judged: &[&JudgedPair],
    good: f64,
) -> Option<LevelCurves> {
    let curve = |level: Level| fit_one(features, judged, level);
    Some(LevelCurves {
        good,
        weak: curve(Level::Weak)?,
        fairly_strong: curve(Level::FairlyStrong)?,
        strong: curve(Level::Strong)?,
        fitted_on: None,
    })
}

fn fit_one(features: &[LevelFeature], judged: &[&JudgedPair], level: Level) -> Option<LevelCurve> {
    let reached = judged.iter().filter(|pair| pair.level >= level).count();
    if reached == 0 || reached == judged.len() {
        return None;
    }
    let scales: Vec<Scale> = (0..features.len())
        .map(|at| Scale::of(judged.iter().map(|pair| pair.features[at])))
        .collect();
    let standard = |pair: &&JudgedPair| {
        let values = pair.features.iter().zip(&scales);
        let values = values.map(|(value, scale)| (value - scale.mean) / scale.spread).collect();
        (values, pair.level >= level)
    };
    let rows: Vec<(Vec<f64>, bool)> = judged.iter().map(standard).collect();
    let fitted = logistic(features.len(), &rows, PENALTY)?;
    let (intercept, weights) = fitted.split_first()?;
    let kept = |value: f64| (value * PRECISION).round() / PRECISION;
    // Back from standard deviations to the features' own units.
    let weights: Vec<f64> =
        weights.iter().zip(&scales).map(|(weight, scale)| weight / scale.spread).collect();
    let shift: f64 = weights.iter().zip(&scales).map(|(weight, scale)| weight * scale.mean).sum();
    let weights = features.iter().copied().zip(weights.into_iter().map(kept)).collect();
    Some(LevelCurve { intercept: kept(intercept - shift), weights })
}

/// Where the values of a feature lie.
struct Scale {
    mean: f64,
    spread: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let count = values.clone().count().max(1) as f64;
        let mean = values.clone().sum::<f64>() / count;
        let variance = values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        let spread = libm::sqrt(variance);
        // A feature that is alike in all pairs tells nothing, whatever it is divided by.
        Self { mean, spread: if spread > 0.0 { spread } else { 1.0 } }
    }
}

/// A told level on the scale of the judgements.
pub(crate) fn told(level: AnswerLevel) -> Level {
    match level.level {
        1 => Level::Unrelated,
        2 => Level::Weak,
        3 => Level::FairlyStrong,
        _ => Level::Strong,
    }
}

#[cfg(test)]
mod tests {
    use kechuang_domain::{Explanation, Stage, StageScore};
    use kechuang_eval::Level;
    use kechuang_ranking::level::LevelFeature;

    use super::{JudgedPair, fit};

    fn explained(cosine: f64) -> Explanation {
        Explanation {
            stages: vec![StageScore { stage: Stage::Vector, score: cosine }],
            fields: Vec::new(),
            coverage: 0.0,
            evidence: Vec::new(),
            gaps: Vec::new(),
            indicators: Vec::new(),
            level: None,
            summary: String::new(),
        }
    }

    #[test]
    fn a_nearer_answer_is_told_a_higher_level() {
        let levels = [Level::Unrelated, Level::Weak, Level::FairlyStrong, Level::Strong];
        // Each level at its own cosine, and one judged beside its place.
        let pairs: Vec<JudgedPair> = (0..4)
            .flat_map(|at| [at, at, (at + 1) % 4].map(|judged| (f64::from(at) / 4.0, judged)))
            .map(|(cosine, judged)| JudgedPair {
                features: vec![cosine],
                level: levels[judged as usize],
            })
            .collect();
        let judged: Vec<&JudgedPair> = pairs.iter().collect();
        let curves = fit(&[LevelFeature::Cosine], &judged, 0.5).expect("every level comes");
        let told = |cosine| curves.tell(&explained(cosine), 100).expect("a cosine");
        assert!(told(-1.0).level < told(2.0).level);
        let [weak, fairly_strong, strong] = told(0.4).reached;
        assert!(weak >= fairly_strong && fairly_strong >= strong);
        assert_eq!(fit(&[LevelFeature::Cosine], &judged[..1], 0.5), None, "one level only");
        let without = Explanation { stages: Vec::new(), ..explained(0.0) };
        assert_eq!(curves.tell(&without, 100), None, "no cosine, no level");
    }
}
