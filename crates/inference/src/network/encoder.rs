//! Encoders: pooled and normalised.

use candle_core::{D, IndexOp, Result as Computed, Tensor};

use super::body::Body;
use crate::{ModelFolder, Pooling, Result, batch::Batch, config::ModelConfig, weights};

pub(crate) struct EncoderNetwork {
    body: Body,
    pooling: Pooling,
    padding: u32,
    /// Numbers in a vector.
    pub(crate) width: usize,
}

impl EncoderNetwork {
    pub(crate) fn load(model: &ModelFolder, config: &ModelConfig) -> Result<Self> {
        let pooling =
            model.manifest.pooling.ok_or_else(|| model.unsupported("清单缺少 pooling"))?;
        let body = Body::load(model, config, weights::load(model)?)?;
        Ok(Self { body, pooling, padding: config.padding(), width: config.hidden_size })
    }

    pub(crate) const fn padding(&self) -> u32 {
        self.padding
    }

    pub(crate) fn run(&self, batch: &Batch) -> Computed<Vec<Vec<f32>>> {
        let hidden = self.body.run(batch)?;
        let pooled = match self.pooling {
            Pooling::Cls => hidden.i((.., 0))?,
            Pooling::Mean => {
                // As a product of matrices, which sums much faster than a sum over the middle dimension.
                let sum = batch.mask.unsqueeze(1)?.matmul(&hidden)?.squeeze(1)?;
                sum.broadcast_div(&batch.mask.sum_keepdim(D::Minus1)?)?
            }
            Pooling::Last => {
                let last = batch.lengths.iter().enumerate();
                let rows: Computed<Vec<Tensor>> =
                    last.map(|(row, length)| hidden.i((row, length - 1))).collect();
                Tensor::stack(&rows?, 0)?
            }
        };
        let norm = pooled.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?.maximum(f32::MIN_POSITIVE)?;
        pooled.broadcast_div(&norm)?.to_vec2()
    }
}
