//! The networks: tokens in, one row of numbers for each input out.

mod body;
mod encoder;
mod reranker;

pub(crate) use encoder::EncoderNetwork;
pub(crate) use reranker::{InstructionFrame, RerankerNetwork};

use candle_core::Result;

use crate::{batch::Batch, tokens::Tokens};

/// What the queue runs.
pub(crate) enum Network {
    /// Texts to vectors of unit length.
    Encoder(EncoderNetwork),
    /// Pairs to one score each.
    Reranker(RerankerNetwork),
}

impl Network {
    /// One row for each input, in their order.
    pub(crate) fn run(&self, inputs: &[&Tokens]) -> Result<Vec<Vec<f32>>> {
        let padding = match self {
            Self::Encoder(network) => network.padding(),
            Self::Reranker(network) => network.padding(),
        };
        let batch = Batch::of(inputs, padding)?;
        match self {
            Self::Encoder(network) => network.run(&batch),
            Self::Reranker(network) => network.run(&batch),
        }
    }
}
