//! The figures of a whole run: per query, and their means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::closed::ClosedRanking;
use crate::error::EvalError;
use crate::judgements::{Judged, Judgements};
use crate::metrics::{Metric, auc, ndcg_at, recall_at, reciprocal_rank};
use crate::run::Run;
use crate::significance::{self, Difference, Interval};

/// The means of a run, under the names in which they are reported.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Mean nDCG@10.
    #[serde(rename = "ndcg@10")]
    pub ndcg_at_10: f64,
    /// Mean reciprocal rank of the first relevant document.
    pub mrr: f64,
    /// Mean area under the ROC curve.
    pub auc: f64,
    /// Mean recall@100.
    #[serde(rename = "recall@100")]
    pub recall_at_100: f64,
    /// How many queries were scored for nDCG.
    pub n: usize,
}

/// The figures of every judged query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The figures, by query id.
    pub queries: BTreeMap<String, QueryScores>,
}

/// The figures of one query; `None` where the metric does not score it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QueryScores {
    /// nDCG@10 over the closed ranking.
    #[serde(rename = "ndcg@10")]
    pub ndcg_at_10: Option<f64>,
    /// Reciprocal rank of the first relevant document in the closed ranking.
    pub mrr: Option<f64>,
    /// Area under the ROC curve of the closed ranking.
    pub auc: Option<f64>,
    /// Recall@100 over the open ranking.
    #[serde(rename = "recall@100")]
    pub recall_at_100: Option<f64>,
}

/// Measures a system by its closed and its open run. The runs must answer exactly the judged
/// queries, and the closed run must rank exactly the judged documents of each.
pub fn evaluate(judgements: &Judgements, closed: &Run, open: &Run) -> Result<Summary, EvalError> {
    Evaluation::new(judgements, closed, open)?.summary()
}

impl Evaluation {
    /// Measures every judged query, under the conditions of [`evaluate`].
    pub fn new(judgements: &Judgements, closed: &Run, open: &Run) -> Result<Evaluation, EvalError> {
        check_judged(judgements, closed)?;
        check_judged(judgements, open)?;
        let mut queries = BTreeMap::new();
        for (query, judged) in &judgements.queries {
            queries.insert(query.clone(), QueryScores::new(query, judged, closed, open)?);
        }
        Ok(Evaluation { queries })
    }

    /// The means. An error where a metric scores no query at all.
    pub fn summary(&self) -> Result<Summary, EvalError> {
        Ok(Summary {
            ndcg_at_10: self.mean(Metric::NdcgAt10)?,
            mrr: self.mean(Metric::Mrr)?,
            auc: self.mean(Metric::Auc)?,
            recall_at_100: self.mean(Metric::RecallAt100)?,
            n: self.values(Metric::NdcgAt10).len(),
        })
    }

    /// The mean of a metric over the queries it scores.
    pub fn mean(&self, metric: Metric) -> Result<f64, EvalError> {
        let values = self.values(metric);
        if values.is_empty() {
            return Err(EvalError::NothingScored { metric });
        }
        Ok(values.values().sum::<f64>() / values.len() as f64)
    }

    /// A metric's value for each query it scores, by query id.
    pub fn values(&self, metric: Metric) -> BTreeMap<&str, f64> {
        let queries = self.queries.iter();
        queries.filter_map(|(query, scores)| Some((query.as_str(), scores.get(metric)?))).collect()
    }

    /// How far chance in the choice of queries moves the mean of a metric.
    pub fn interval(&self, metric: Metric, seed: u64) -> Result<Interval, EvalError> {
        let values: Vec<f64> = self.values(metric).into_values().collect();
        significance::mean_interval(&values, seed)
    }

    /// How much this system gains over another on the same queries, and whether by chance.
    pub fn compare(
        &self,
        baseline: &Evaluation,
        metric: Metric,
        seed: u64,
    ) -> Result<Difference, EvalError> {
        let (ours, theirs) = (self.values(metric), baseline.values(metric));
        if !ours.keys().eq(theirs.keys()) {
            return Err(EvalError::DifferentQueries { metric });
        }
        let ours: Vec<f64> = ours.into_values().collect();
        let theirs: Vec<f64> = theirs.into_values().collect();
        significance::paired_difference(&ours, &theirs, seed)
    }
}

impl QueryScores {
    /// The value of a metric.
    pub fn get(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::NdcgAt10 => self.ndcg_at_10,
            Metric::Mrr => self.mrr,
            Metric::Auc => self.auc,
            Metric::RecallAt100 => self.recall_at_100,
        }
    }

    fn new(query: &str, judged: &Judged, closed: &Run, open: &Run) -> Result<Self, EvalError> {
        let ranking = ClosedRanking::new(query, judged, closed.ranking(query)?)?;
        Ok(QueryScores {
            ndcg_at_10: ndcg_at(10, &ranking),
            mrr: reciprocal_rank(&ranking),
            auc: auc(&ranking),
            recall_at_100: recall_at(100, judged, open.ranking(query)?),
        })
    }
}

fn check_judged(judgements: &Judgements, run: &Run) -> Result<(), EvalError> {
    for query in run.queries() {
        if !judgements.queries.contains_key(query) {
            return Err(EvalError::UnjudgedQuery { query: query.to_owned() });
        }
    }
    Ok(())
}
