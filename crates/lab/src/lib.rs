//! Experiments through the real engine.
//!
//! [`evaluate()`] takes a folder of judged demands and achievements into a scratch store, matches every
//! judged demand with the engine that users have, and hands the orders to `eval`.
//!
//! Knows: how a benchmark folder is laid out, how a scratch engine is made.
//! Must not know: HTTP, SQL, tantivy, where rules come from.

pub mod bench;
pub mod error;
pub mod evaluate;
pub mod scratch;

pub use bench::Bench;
pub use error::LabError;
pub use evaluate::{Models, Progress, evaluate};
pub use scratch::Scratch;

/// A `Result` whose error is a [`LabError`].
pub type Result<T> = std::result::Result<T, LabError>;
