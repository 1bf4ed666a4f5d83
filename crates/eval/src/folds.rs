//! Cross-validation: what is fitted on some queries is measured on others.

use std::collections::BTreeMap;

use crate::error::EvalError;
use crate::random::SplitMix64;

/// Deals queries to `count` folds, by query id: shuffled by the seed, then dealt in turn, so that the folds'
/// sizes differ by one at most. All documents of a query are in its fold: whoever is fitted on a query's other
/// documents has seen the query.
///
/// # Errors
/// [`EvalError::TooFewValues`] where there are fewer than two folds, or fewer queries than folds.
pub fn folds<'a>(
    queries: impl IntoIterator<Item = &'a str>,
    count: usize,
    seed: u64,
) -> Result<BTreeMap<&'a str, usize>, EvalError> {
    let mut queries: Vec<&str> = queries.into_iter().collect();
    queries.sort_unstable();
    queries.dedup();
    if count < 2 || queries.len() < count {
        return Err(EvalError::TooFewValues { needed: count.max(2), given: queries.len() });
    }
    // Fisher and Yates, from the end.
    let mut random = SplitMix64::new(seed);
    for last in (1..queries.len()).rev() {
        queries.swap(last, random.below(last + 1));
    }
    Ok(queries.into_iter().enumerate().map(|(place, query)| (query, place % count)).collect())
}
