//! Inputs of different lengths as one matrix.

use candle_core::{Device, Result, Tensor};

use crate::tokens::Tokens;

/// Several inputs, filled up on the right to the length of the longest.
pub(crate) struct Batch {
    /// Token numbers, `(inputs, length)`.
    pub(crate) ids: Tensor,
    /// Which text a token is of, `(inputs, length)`.
    pub(crate) types: Tensor,
    /// 1 for a token, 0 for filling, `(inputs, length)`, 32 bits.
    pub(crate) mask: Tensor,
    /// How many tokens each input has.
    pub(crate) lengths: Vec<usize>,
}

impl Batch {
    /// `inputs` must hold at least one input, and each of them at least one token.
    pub(crate) fn of(inputs: &[&Tokens], padding: u32) -> Result<Self> {
        let lengths: Vec<usize> = inputs.iter().map(|input| input.ids.len()).collect();
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let shape = (inputs.len(), longest);
        let fill = |of: fn(&Tokens) -> &Vec<u32>, with: u32| {
            let rows = inputs.iter().flat_map(|input| {
                let row = of(input);
                row.iter().copied().chain(std::iter::repeat_n(with, longest - row.len()))
            });
            Tensor::from_iter(rows, &Device::Cpu)?.reshape(shape)
        };
        let mask = lengths
            .iter()
            .flat_map(|length| (0..longest).map(move |at| if at < *length { 1_f32 } else { 0.0 }));
        Ok(Self {
            ids: fill(|tokens| &tokens.ids, padding)?,
            types: fill(|tokens| &tokens.types, 0)?,
            mask: Tensor::from_iter(mask, &Device::Cpu)?.reshape(shape)?,
            lengths,
        })
    }
}
