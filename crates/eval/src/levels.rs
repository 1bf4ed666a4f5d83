//! How well levels are told, beside how well documents are ordered.

use serde::{Deserialize, Serialize};

use crate::error::EvalError;
use crate::judgements::Level;

/// How far told levels are from judged ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LevelAccuracy {
    /// Mean absolute difference, in levels.
    pub mae: f64,
    /// 1 / (1 + MAE), the measure of the competition that the levels come from: 1 where all are right.
    pub score: f64,
    /// The share that is exactly right.
    pub exact: f64,
    /// How many pairs were told.
    pub n: usize,
}

/// Measures told levels against judged ones, given as (told, judged).
///
/// # Errors
/// [`EvalError::TooFewValues`] without any.
pub fn level_accuracy(pairs: &[(Level, Level)]) -> Result<LevelAccuracy, EvalError> {
    if pairs.is_empty() {
        return Err(EvalError::TooFewValues { needed: 1, given: 0 });
    }
    let n = pairs.len();
    let away = |(told, judged): &(Level, Level)| f64::from(told.number().abs_diff(judged.number()));
    let mae = pairs.iter().map(away).sum::<f64>() / n as f64;
    let right = pairs.iter().filter(|(told, judged)| told == judged).count();
    Ok(LevelAccuracy { mae, score: 1.0 / (1.0 + mae), exact: right as f64 / n as f64, n })
}

/// Those told a probability within one range, and how often it came true.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The range's lower end; the upper one is the next bin's.
    pub from: f64,
    /// Mean told probability.
    pub told: f64,
    /// The share that came true.
    pub came_true: f64,
    /// How many.
    pub n: usize,
}

/// A reliability diagram: told probabilities in `count` ranges of equal width, without the empty ones.
#[must_use]
pub fn reliability(told: &[(f64, bool)], count: usize) -> Vec<Bin> {
    let mut sums = vec![(0.0, 0_usize, 0_usize); count];
    for (probability, came_true) in told {
        let place = (probability.clamp(0.0, 1.0) * count as f64) as usize;
        if let Some((sum, right, n)) = sums.get_mut(place.min(count.saturating_sub(1))) {
            *sum += probability;
            *right += usize::from(*came_true);
            *n += 1;
        }
    }
    let bins = sums.into_iter().enumerate().filter(|(_, (_, _, n))| *n > 0);
    bins.map(|(place, (sum, right, n))| Bin {
        from: place as f64 / count as f64,
        told: sum / n as f64,
        came_true: right as f64 / n as f64,
        n,
    })
    .collect()
}
