//! What a system answered: for each query, documents in order of score.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::EvalError;

/// One system's answers to a set of queries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    rankings: BTreeMap<String, Ranking>,
}

/// The answer to one query: best score first, equal scores by ascending document id; every score is
/// finite and no document comes twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking {
    documents: Vec<Ranked>,
}

/// A document and the score that placed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The document's id.
    pub document: String,
    /// The system's score; higher is better.
    pub score: f64,
}

impl Run {
    /// Orders the scored documents of each query, given in any order. An empty list is an answer
    /// ("nothing found"); a query that is left out is not.
    pub fn new(scores: BTreeMap<String, Vec<(String, f64)>>) -> Result<Run, EvalError> {
        let mut rankings = BTreeMap::new();
        for (query, scored) in scores {
            let ranking = Ranking::new(&query, scored)?;
            rankings.insert(query, ranking);
        }
        Ok(Run { rankings })
    }

    /// The answer to a query.
    pub fn ranking(&self, query: &str) -> Result<&Ranking, EvalError> {
        self.rankings.get(query).ok_or_else(|| EvalError::MissingQuery { query: query.to_owned() })
    }

    /// The ids of the answered queries, ascending.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.rankings.keys().map(String::as_str)
    }
}

impl Ranking {
    /// Orders scored documents, given in any order. The query's id is for error messages.
    pub fn new(query: &str, scored: Vec<(String, f64)>) -> Result<Ranking, EvalError> {
        check(query, &scored)?;
        let mut documents = Vec::with_capacity(scored.len());
        for (document, score) in scored {
            // Adding zero turns -0.0 into 0.0, which `total_cmp` would place apart.
            documents.push(Ranked { document, score: score + 0.0 });
        }
        documents.sort_unstable_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| a.document.cmp(&b.document))
        });
        Ok(Ranking { documents })
    }

    /// The documents, best first.
    pub fn documents(&self) -> &[Ranked] {
        &self.documents
    }
}

fn check(query: &str, scored: &[(String, f64)]) -> Result<(), EvalError> {
    let mut seen = BTreeSet::new();
    for (document, score) in scored {
        if !score.is_finite() {
            return Err(EvalError::NonFiniteScore {
                query: query.to_owned(),
                document: document.clone(),
                score: *score,
            });
        }
        if !seen.insert(document) {
            return Err(EvalError::RepeatedDocument {
                query: query.to_owned(),
                document: document.clone(),
            });
        }
    }
    Ok(())
}
