//! The engine: a request in, an explained outcome out.
//!
//! [`Engine::find`] reads what is needed, recalls candidates from the index, hydrates them from the
//! store, and hands scores and texts to `ranking`. For a demand it goes on from the best achievements to
//! the equipment that they and the demand need, and to the policies that the demand's owner may use. What
//! ranking started from is saved with the run, so that every answer can be computed again to the byte.
//! [`Upkeep`] follows the store's change log into the index.
//!
//! Knows: how the parts work together, who may see what.
//! Must not know: HTTP, SQL text, file formats, the command line.

pub mod answer;
pub mod beside;
pub mod check;
pub mod clock;
pub mod encoding;
pub mod engine;
pub mod error;
mod exposure;
pub mod generation;
pub mod hide;
pub mod hydrate;
mod kept_vectors;
mod learned;
pub mod meaning;
mod near;
mod near_sentences;
mod neighbours;
mod places;
pub mod questions;
pub mod recall;
mod recalled;
pub mod refine;
pub mod rerank;
pub mod resources;
pub mod run;
pub mod scores;
pub mod search;
pub mod source;
pub mod upkeep;

pub use check::{CheckReport, VectorReport, check};
pub use encoding::{Encoding, open_vectors};
pub use engine::{Engine, Found, Rules};
pub use error::MatchError;
pub use generation::Generations;
pub use meaning::{Encoders, Meaning, MeaningState};
pub use refine::{Head, HeadRecord, JudgedHead, Reception, Refined};
pub use rerank::{Reranker, RerankerState};
pub use run::{SavedMatch, Token};
pub use scores::{Beside, RunScores, Section};
pub use search::{
    Currency, FacetChoice, FacetPart, FacetValue, SearchHit, SearchPage, SearchRequest,
};
pub use upkeep::{Upkeep, open_index};

/// A `Result` whose error is a [`MatchError`].
pub type Result<T> = std::result::Result<T, MatchError>;
