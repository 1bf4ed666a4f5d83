//! A ranking joined with its judgements, where the two hold the same documents.

use crate::error::EvalError;
use crate::judgements::{Judged, Level};
use crate::run::Ranking;

/// One query's judged documents, all of them and no others, in the order of a run.
///
/// The metrics over a closed candidate set take this type, so that none of them has to decide what
/// an unjudged or a missing document is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedRanking {
    candidates: Vec<Candidate>,
}

/// A judged document in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// How well it answers the query.
    pub level: Level,
    /// The system's score.
    pub score: f64,
}

impl ClosedRanking {
    /// Looks up the level of every ranked document. The query's id is for error messages.
    pub fn new(
        query: &str,
        judged: &Judged,
        ranking: &Ranking,
    ) -> Result<ClosedRanking, EvalError> {
        let mut candidates = Vec::with_capacity(judged.len());
        for ranked in ranking.documents() {
            let Some(&level) = judged.get(&ranked.document) else {
                return Err(EvalError::UnjudgedDocument {
                    query: query.to_owned(),
                    document: ranked.document.clone(),
                });
            };
            candidates.push(Candidate { level, score: ranked.score });
        }
        // Every ranked document is judged and none repeats, so an equal count means equal sets.
        if candidates.len() < judged.len() {
            return Err(missing_document(query, judged, ranking));
        }
        Ok(ClosedRanking { candidates })
    }

    /// The judged documents, best score first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }
}

fn missing_document(query: &str, judged: &Judged, ranking: &Ranking) -> EvalError {
    let is_ranked = |document: &str| ranking.documents().iter().any(|r| r.document == document);
    let document = judged.keys().find(|id| !is_ranked(id)).cloned().unwrap_or_default();
    EvalError::MissingDocument { query: query.to_owned(), document }
}
