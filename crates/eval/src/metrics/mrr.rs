use crate::closed::ClosedRanking;

/// Reciprocal rank of the first relevant document (level 3 or more); its mean over queries is MRR.
///
/// ```text
/// RR = 1 / rank of the first relevant document
/// ```
///
/// Scored: queries with at least one relevant document.
///
/// Voorhees, "The TREC-8 question answering track report", TREC 1999.
pub fn reciprocal_rank(ranking: &ClosedRanking) -> Option<f64> {
    let index = ranking.candidates().iter().position(|c| c.level.is_relevant())?;
    Some(1.0 / (index as f64 + 1.0))
}
