//! The part that encoders and cross-encoders share: tokens to one vector a token.

use candle_core::{Result as Computed, Tensor};
use candle_nn::{Embedding, Module, VarBuilder, embedding};
use candle_transformers::models::{bert::BertModel, qwen3, xlm_roberta::XLMRobertaModel};

use crate::{
    ModelFolder, Result,
    batch::Batch,
    config::{Family, ModelConfig},
    weights::{behind, misfit},
};

pub(crate) enum Body {
    Bert(Box<BertModel>),
    XlmRoberta(Box<XLMRobertaModel>),
    Qwen3(Box<qwen3::Model>),
    Static(Embedding),
}

impl Body {
    pub(crate) fn load(
        model: &ModelFolder,
        config: &ModelConfig,
        weights: VarBuilder<'static>,
    ) -> Result<Self> {
        let loaded = match config.family {
            Family::Bert => BertModel::load(weights, &config.bert(model)?)
                .map(|body| Self::Bert(Box::new(body))),
            Family::XlmRoberta => XLMRobertaModel::new(&config.xlm_roberta(model)?, weights)
                .map(|body| Self::XlmRoberta(Box::new(body))),
            Family::Qwen3 => qwen3::Model::new(&config.qwen3(model)?, behind(weights, "model."))
                .map(|body| Self::Qwen3(Box::new(body))),
            Family::Static => {
                let (rows, width) = (config.vocab_size, config.hidden_size);
                embedding(rows, width, weights.pp("embeddings")).map(Self::Static)
            }
        };
        loaded.map_err(|error| misfit(model, &error))
    }

    /// The last layer's vectors, `(inputs, length, width)`. Those of filling mean nothing.
    pub(crate) fn run(&self, batch: &Batch) -> Computed<Tensor> {
        let Batch { ids, types, mask, .. } = batch;
        match self {
            Self::Bert(body) => body.forward(ids, types, Some(mask)),
            Self::XlmRoberta(body) => body.forward(ids, mask, types, None, None, None),
            // It keeps what it has read for the next call; a copy of it (its weights are shared) has
            // read nothing. Filling stands behind the text and is never looked at from there.
            Self::Qwen3(body) => body.as_ref().clone().forward(ids, 0),
            Self::Static(table) => table.forward(ids),
        }
    }
}
