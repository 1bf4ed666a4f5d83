//! Whether a figure could be chance: bootstraps over queries.
//!
//! The queries of a data set are a sample of those people may ask. Drawing as many again from them,
//! with replacement, over and over shows how far a mean moves by the luck of the draw.
//! Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 13 and 16.

use serde::{Deserialize, Serialize};

use crate::error::EvalError;
use crate::random::SplitMix64;

/// Draws per bootstrap. At 10,000 a p-value near 0.05 repeats to about ±0.004 under another seed.
pub const RESAMPLES: usize = 10_000;

/// Share of the resampled means that an [`Interval`] covers.
pub const CONFIDENCE: f64 = 0.95;

/// Fewer values always give a width and a p-value of next to nothing.
const MIN_VALUES: usize = 2;

/// A mean and where it would mostly fall with other queries of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The mean of the values themselves.
    pub mean: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A mean gain of one system over another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The gain: first minus second.
    pub gain: Interval,
    /// How often a gain at least this large, in either direction, comes about if there is none.
    pub p_value: f64,
}

/// What was drawn; `None` where there are too few values to draw from.
pub fn if_enough<T>(drawn: Result<T, EvalError>) -> Result<Option<T>, EvalError> {
    match drawn {
        Err(EvalError::TooFewValues { .. }) => Ok(None),
        drawn => drawn.map(Some),
    }
}

/// Percentile bootstrap interval of the mean of per-query values.
///
/// The ends are the 2.5th and the 97.5th percentile of the means of [`RESAMPLES`] draws.
/// With few values (some 20 or less) it is too narrow.
pub fn mean_interval(values: &[f64], seed: u64) -> Result<Interval, EvalError> {
    check(values)?;
    Ok(interval(values, resampled_means(values, seed)))
}

/// Paired bootstrap of two lists of per-query values, in the same order of queries.
///
/// The p-value is two-sided, by the shift method: the resampled means of the differences, moved to
/// centre on zero, are what "no gain" would look like.
///
/// ```text
/// p = (1 + draws with |mean of draw - observed mean| >= |observed mean|) / (1 + draws)
/// ```
///
/// Noreen, "Computer intensive methods for testing hypotheses", 1989; compared with other tests for
/// retrieval by Smucker, Allan and Carterette, CIKM 2007.
pub fn paired_difference(
    first: &[f64],
    second: &[f64],
    seed: u64,
) -> Result<Difference, EvalError> {
    if first.len() != second.len() {
        return Err(EvalError::UnequalLists { left: first.len(), right: second.len() });
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    check(&differences)?;
    let means = resampled_means(&differences, seed);
    let p_value = shift_p_value(mean(&differences), &means);
    Ok(Difference { gain: interval(&differences, means), p_value })
}

fn check(values: &[f64]) -> Result<(), EvalError> {
    if values.len() < MIN_VALUES {
        return Err(EvalError::TooFewValues { needed: MIN_VALUES, given: values.len() });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(position) => Err(EvalError::NonFiniteValue { position, value: values[position] }),
        None => Ok(()),
    }
}

fn resampled_means(values: &[f64], seed: u64) -> Vec<f64> {
    let mut random = SplitMix64::new(seed);
    let mut means = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let sum: f64 = values.iter().map(|_| values[random.below(values.len())]).sum();
        means.push(sum / values.len() as f64);
    }
    means
}

fn interval(values: &[f64], mut means: Vec<f64>) -> Interval {
    means.sort_unstable_by(f64::total_cmp);
    let cut = ((1.0 - CONFIDENCE) / 2.0 * means.len() as f64).round() as usize;
    Interval { mean: mean(values), low: means[cut], high: means[means.len() - 1 - cut] }
}

fn shift_p_value(observed: f64, means: &[f64]) -> f64 {
    // Sums in another order differ in the last digits; a draw as large as the observed mean must
    // count all the same.
    let threshold = observed.abs() - 1e-12;
    let as_large = means.iter().filter(|mean| (*mean - observed).abs() >= threshold).count();
    (1 + as_large) as f64 / (1 + means.len()) as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
