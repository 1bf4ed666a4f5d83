//! One metric per file, for one query; the mean over queries is taken in [`crate::summary`].
//!
//! A metric is `None` for a query it does not score, and such a query does not enter the mean.

mod auc;
mod mrr;
mod ndcg;
mod recall;

pub use auc::auc;
pub use mrr::reciprocal_rank;
pub use ndcg::ndcg_at;
pub use recall::recall_at;

/// The metrics the project reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// [`ndcg_at`] 10, over a closed run.
    NdcgAt10,
    /// [`reciprocal_rank`], over a closed run.
    Mrr,
    /// [`fn@auc`], over a closed run.
    Auc,
    /// [`recall_at`] 100, over an open run.
    RecallAt100,
}

impl Metric {
    /// Every metric, in the order they are reported.
    pub const ALL: [Metric; 4] = [Metric::NdcgAt10, Metric::Mrr, Metric::Auc, Metric::RecallAt100];

    /// The name in reports and JSON, such as `ndcg@10`.
    pub fn name(self) -> &'static str {
        match self {
            Metric::NdcgAt10 => "ndcg@10",
            Metric::Mrr => "mrr",
            Metric::Auc => "auc",
            Metric::RecallAt100 => "recall@100",
        }
    }
}
