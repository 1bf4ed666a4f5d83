use crate::closed::{Candidate, ClosedRanking};

/// Area under the ROC curve of relevant (level 3 or more) against the rest: the chance that a
/// relevant document scores above one that is not, where a tie counts half.
///
/// ```text
/// AUC = (pairs with score(relevant) > score(other) + 1/2 pairs with equal scores) / all pairs
/// ```
///
/// It is computed from scores, not from ranks: the ids that order a tie carry no merit.
///
/// Scored: queries with at least one relevant document and at least one other.
///
/// Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic
/// (ROC) curve", Radiology 143(1), 1982; the statistic is that of Mann and Whitney, 1947.
pub fn auc(ranking: &ClosedRanking) -> Option<f64> {
    let candidates = ranking.candidates();
    let relevant = count_relevant(candidates);
    let pairs = relevant * (candidates.len() - relevant);
    // Half pairs, so that the count stays exact.
    let mut won_halves = 0;
    let mut relevant_above = 0;
    for tied in candidates.chunk_by(|a, b| a.score == b.score) {
        let tied_relevant = count_relevant(tied);
        let tied_others = tied.len() - tied_relevant;
        won_halves += tied_others * (2 * relevant_above + tied_relevant);
        relevant_above += tied_relevant;
    }
    (pairs > 0).then(|| won_halves as f64 / (2 * pairs) as f64)
}

fn count_relevant(candidates: &[Candidate]) -> usize {
    candidates.iter().filter(|c| c.level.is_relevant()).count()
}
