use crate::closed::ClosedRanking;
use crate::judgements::Level;

/// Normalised discounted cumulative gain of the first `cutoff` documents, with exponential gain.
///
/// ```text
/// DCG@k  = sum over ranks i = 1..k of (2^(level_i - 1) - 1) / log2(i + 1)
/// nDCG@k = DCG@k / DCG@k of the same documents ordered by level
/// ```
///
/// Scored: queries with at least one level of 2 or more; below that the ideal gain is zero.
///
/// The measure is that of Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
/// techniques", ACM TOIS 20(4), 2002, whose gain is the level itself; the exponential gain comes
/// from Burges et al., "Learning to rank using gradient descent", ICML 2005. Figures under the two
/// gains are not comparable.
pub fn ndcg_at(cutoff: usize, ranking: &ClosedRanking) -> Option<f64> {
    let levels: Vec<Level> = ranking.candidates().iter().map(|c| c.level).collect();
    let mut ideal = levels.clone();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let ideal_gain = dcg_at(cutoff, &ideal);
    (ideal_gain > 0.0).then(|| dcg_at(cutoff, &levels) / ideal_gain)
}

fn dcg_at(cutoff: usize, levels: &[Level]) -> f64 {
    let mut sum = 0.0;
    for (index, level) in levels.iter().take(cutoff).enumerate() {
        sum += gain(*level) / (index as f64 + 2.0).log2();
    }
    sum
}

fn gain(level: Level) -> f64 {
    f64::from((1_u32 << (level.number() - 1)) - 1)
}
