//! How good a ranking is, measured against what people judged.
//!
//! [`Judgements`] say how well each document answers each query; a [`Run`] says in what order a
//! system returned them. [`evaluate`] joins the two into the four figures the project reports
//! (nDCG@10, MRR, AUC, recall@100), and [`Evaluation`] keeps them per query, so that two systems
//! can be compared query by query. A query is a demand and a document an achievement, but nothing
//! here depends on that.
//!
//! Two kinds of run: a *closed* run ranks, for each query, its judged documents only and all of
//! them; an *open* run ranks whatever the system found in the whole library.
//!
//! Knows: levels, orders, formulae, chance.
//! Must not know: files, the clock, async, logging, any other crate of ours.
//! Seeds are arguments: the same input gives the same figures, byte for byte.

pub mod judgements;
pub mod run;

pub mod closed;
pub mod folds;
mod kendall;
pub mod levels;
pub mod metrics;
pub mod summary;

mod random;
pub mod significance;

mod error;

pub use closed::ClosedRanking;
pub use error::EvalError;
pub use folds::folds;
pub use judgements::{Judged, Judgements, Level};
pub use kendall::kendall_tau;
pub use levels::{Bin, LevelAccuracy, level_accuracy, reliability};
pub use metrics::Metric;
pub use run::{Ranked, Ranking, Run};
pub use significance::{CONFIDENCE, Difference, Interval, RESAMPLES, if_enough};
pub use summary::{Evaluation, QueryScores, Summary, evaluate};
