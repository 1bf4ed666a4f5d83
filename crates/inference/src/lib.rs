//! Models: encoders and cross-encoders from model folders, each behind one batching queue.
//!
//! A folder holds a checkpoint in the form in which the world passes them on (`config.json`,
//! `tokenizer.json`, safetensors) and a [`Manifest`] that says how it is used and what its files must
//! hash to. [`Encoder`] and [`CrossEncoder`] load it; [`VectorCache`] keeps what has been encoded.
//!
//! Knows: checkpoints, tokenizers, candle, where models are fetched from.
//! Must not know: records, indexes, HTTP servers, any crate of ours.

mod batch;
mod cache;
mod catalogue;
mod config;
mod cross_encoder;
mod encoder;
mod error;
mod fetch;
mod folder;
pub mod generative;
mod hex;
mod manifest;
mod network;
mod queue;
mod tokens;
mod weights;

pub use cache::{CacheKey, VectorCache};
pub use catalogue::{Catalogue, KnownModel};
pub use cross_encoder::CrossEncoder;
pub use encoder::{Encoder, Side};
pub use error::InferenceError;
pub use fetch::{FetchStep, USUAL_SOURCE, fetch};
pub use folder::ModelFolder;
pub use manifest::{MANIFEST_FILE, Manifest, ModelFile, ModelKind, Pooling};
pub use queue::Urgency;

/// A `Result` whose error is an [`InferenceError`].
pub type Result<T> = std::result::Result<T, InferenceError>;
