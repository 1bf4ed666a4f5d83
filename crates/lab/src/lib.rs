//! Experiments through the real engine.
//!
//! [`evaluate()`] takes a folder of judged demands and achievements into a scratch store, matches every
//! judged demand with the engine that users have, and hands the orders to `eval`. [`train()`] fits the weights of the
//! learned order in the same way and measures them on demands that they have not seen.
//!
//! Knows: how a benchmark folder is laid out, how a scratch engine is made.
//! Must not know: HTTP, SQL, tantivy, where rules come from.

pub mod ablation;
pub mod assisted;
pub mod bench;
mod calibrate;
pub mod error;
pub mod evaluate;
pub mod fit;
mod laid_out;
pub mod levels;
pub mod outcomes;
pub mod readings;
pub mod report;
pub mod scratch;
pub mod train;

pub use ablation::{Variant, variants};
pub use assisted::{Assisted, LevelsByDemand};
pub use bench::Bench;
pub use error::LabError;
pub use evaluate::{DemandText, Evaluated, Evaluations, Models, Progress, Shown, evaluate};
pub use levels::{Abstention, Levels};
pub use outcomes::bench_of_outcomes;
pub use readings::{LabelledText, Readings, Tally};
pub use report::Report;
pub use scratch::Scratch;
pub use train::{TrainRule, Trained, TrainedOrder, train};

/// A `Result` whose error is a [`LabError`].
pub type Result<T> = std::result::Result<T, LabError>;
