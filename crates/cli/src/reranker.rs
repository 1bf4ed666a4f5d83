//! Wiring of the model that reads source and record together.

use std::sync::Arc;

use kechuang_inference::{CrossEncoder, InferenceError, ModelKind};
use kechuang_matching::{Reranker, RerankerState};
use tokio::task::block_in_place;

use crate::{config::Config, output::Output, shelf::Shelf};

/// The cross-encoder of the configuration. One that cannot be used is told of in a note and in every answer.
pub fn open(config: &Config, output: Output) -> RerankerState {
    let shelf = Shelf::of(&config.models);
    let Some(name) = shelf.in_use(ModelKind::CrossEncoder) else {
        return RerankerState::NotWanted;
    };
    match load(&shelf, &name) {
        Ok(model) => {
            let patience = config.models.cross_encoder_timeout;
            RerankerState::Present(Arc::new(Reranker { model, patience }))
        }
        Err(error) => {
            tracing::warn!(model = name, %error, "the cross-encoder cannot be used");
            output.note(&format!("精排不可用：{error}；结果只按字词和语义排序"));
            RerankerState::Absent(format!("精排模型「{name}」不可用").into())
        }
    }
}

/// Loads a cross-encoder from the shelf.
///
/// # Errors
/// Why it cannot be used.
pub fn load(shelf: &Shelf, name: &str) -> Result<CrossEncoder, InferenceError> {
    let model = shelf.model(name)?;
    block_in_place(|| CrossEncoder::load(&model))
}
