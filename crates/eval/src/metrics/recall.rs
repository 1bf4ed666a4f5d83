use crate::judgements::Judged;
use crate::run::Ranking;

/// Share of a query's relevant documents (level 3 or more) among the first `cutoff` of an open
/// ranking.
///
/// ```text
/// recall@k = relevant documents at ranks 1..k / relevant documents judged
/// ```
///
/// Unjudged documents take up ranks and earn nothing, so the figure is a lower bound.
///
/// Scored: queries with at least one relevant document.
///
/// Manning, Raghavan and Schütze, "Introduction to information retrieval", chapter 8, 2008.
pub fn recall_at(cutoff: usize, judged: &Judged, ranking: &Ranking) -> Option<f64> {
    let relevant = judged.values().filter(|level| level.is_relevant()).count();
    let head = ranking.documents().iter().take(cutoff);
    let found = head.filter(|ranked| is_relevant(judged, &ranked.document)).count();
    (relevant > 0).then(|| found as f64 / relevant as f64)
}

fn is_relevant(judged: &Judged, document: &str) -> bool {
    judged.get(document).is_some_and(|level| level.is_relevant())
}
