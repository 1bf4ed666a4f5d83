//! How the learned order counts: its weights, and what they were fitted on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::learned::{Feature, Features};

/// A spread below this is none: all candidates are alike in a feature.
const NO_SPREAD: f64 = 1e-9;

/// A linear model over features that are standardised within their list. By default there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedRule {
    /// Candidates that it puts in order, from the first; of a closed set all.
    pub depth: usize,
    /// What one standard deviation above the list's mean adds, in levels. A feature that is not named counts
    /// nothing.
    #[serde(default)]
    pub order: BTreeMap<Feature, f64>,
    /// Where the weights come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted_on: Option<FittedOn>,
}

/// What weights were fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedOn {
    /// The data set, by the last two parts of its path.
    pub dataset: String,
    /// Demands with judged achievements.
    pub demands: usize,
    /// Judged pairs.
    pub pairs: usize,
    /// The penalty of the ridge regression.
    pub penalty: f64,
    /// The key of the encoder whose vectors took part.
    pub encoder: String,
}

impl LearnedRule {
    /// How far each candidate of a list is above its mean, in levels.
    #[must_use]
    pub fn score(&self, list: &[Features]) -> Vec<f64> {
        let weights = Feature::ALL.map(|feature| self.order.get(&feature).copied().unwrap_or(0.0));
        let weigh = |row: &Features| row.iter().zip(weights).map(|(z, weight)| z * weight).sum();
        standardised(list).iter().map(weigh).collect()
    }
}

/// The features of a list, each less its mean and in units of its standard deviation; 0 where all candidates are
/// alike.
#[must_use]
pub fn standardised(list: &[Features]) -> Vec<Features> {
    let count = list.len().max(1) as f64;
    let mut out = list.to_vec();
    for feature in 0..Feature::ALL.len() {
        let values = || list.iter().map(|row| row[feature]);
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        let spread = libm::sqrt(variance);
        for row in &mut out {
            row[feature] = if spread > NO_SPREAD { (row[feature] - mean) / spread } else { 0.0 };
        }
    }
    out
}
