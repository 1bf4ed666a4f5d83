//! Cross-encoders: one score for two texts that are read together.

use candle_core::{D, Device, IndexOp, Result as Computed, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear};

use super::body::Body;
use crate::{
    ModelFolder, Result,
    batch::Batch,
    config::{Family, ModelConfig},
    tokens::{TokenCutter, Tokens},
    weights,
};

/// What stands on top of the body.
enum Head {
    /// Dense, tanh, linear over the first token: BERT's pooler and classifier, RoBERTa's head.
    Classifier { dense: Linear, out: Linear },
    /// How much likelier `yes` is than `no` as the next token: their rows of the output embedding,
    /// subtracted.
    YesOverNo(Tensor),
}

pub(crate) struct RerankerNetwork {
    body: Body,
    head: Head,
    padding: u32,
}

impl RerankerNetwork {
    pub(crate) fn load(
        model: &ModelFolder,
        config: &ModelConfig,
        cutter: &TokenCutter,
    ) -> Result<Self> {
        let weights = weights::load(model)?;
        let head = match config.family {
            Family::Bert => classifier(model, config, &weights, "pooler.dense", "classifier")?,
            Family::XlmRoberta => {
                classifier(model, config, &weights, "classifier.dense", "classifier.out_proj")?
            }
            Family::Qwen3 => yes_over_no(model, &weights, cutter)?,
            Family::Static => return Err(model.unsupported("一张词元向量表不能读两段文字")),
        };
        Ok(Self { body: Body::load(model, config, weights)?, head, padding: config.padding() })
    }

    pub(crate) const fn padding(&self) -> u32 {
        self.padding
    }

    pub(crate) fn run(&self, batch: &Batch) -> Computed<Vec<Vec<f32>>> {
        let hidden = self.body.run(batch)?;
        match &self.head {
            Head::Classifier { dense, out } => {
                let first = hidden.i((.., 0))?.contiguous()?;
                out.forward(&dense.forward(&first)?.tanh()?)?.to_vec2()
            }
            Head::YesOverNo(direction) => {
                let rows = batch.lengths.iter().enumerate();
                rows.map(|(row, length)| {
                    let last = hidden.i((row, length - 1))?;
                    (last * direction)?.sum(D::Minus1)?.to_scalar().map(|score| vec![score])
                })
                .collect()
            }
        }
    }
}

fn classifier(
    model: &ModelFolder,
    config: &ModelConfig,
    weights: &VarBuilder<'static>,
    dense: &str,
    out: &str,
) -> Result<Head> {
    if config.labels() != 1 {
        let labels = config.labels();
        return Err(model.unsupported(format!("精排模型应只有 1 个输出，现有 {labels} 个")));
    }
    let width = config.hidden_size;
    let loaded = linear(width, width, weights.pp(dense))
        .and_then(|dense| Ok(Head::Classifier { dense, out: linear(width, 1, weights.pp(out))? }));
    loaded.map_err(|error| weights::misfit(model, &error))
}

fn yes_over_no(
    model: &ModelFolder,
    weights: &VarBuilder<'static>,
    cutter: &TokenCutter,
) -> Result<Head> {
    let id = |token: &str| {
        cutter.id(token).ok_or_else(|| model.unsupported(format!("分词器里没有词元 {token}")))
    };
    let pair = [id("yes")?, id("no")?];
    // Small models share one matrix between input and output, and save it once.
    let name = ["lm_head.weight", "embed_tokens.weight"]
        .into_iter()
        .find(|name| weights.contains_tensor(name))
        .ok_or_else(|| model.unsupported("权重中没有输出层"))?;
    let rows = weights
        .get_unchecked(name)
        .and_then(|matrix| matrix.index_select(&Tensor::new(&pair, &Device::Cpu)?, 0))
        .and_then(|rows| rows.i(0)? - rows.i(1)?);
    rows.map(Head::YesOverNo).map_err(|error| weights::misfit(model, &error))
}

/// The words that Qwen3 rerankers were trained to see around a query and a document, from the model
/// card of `Qwen/Qwen3-Reranker-0.6B`.
pub(crate) struct InstructionFrame {
    before: Vec<u32>,
    after: Vec<u32>,
    instruction: String,
    max_tokens: usize,
}

const BEFORE: &str = "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the answer can only be \"yes\" or \"no\".<|im_end|>\n<|im_start|>user\n";
const AFTER: &str = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";
const INSTRUCTION: &str =
    "Given a web search query, retrieve relevant passages that answer the query";

impl InstructionFrame {
    pub(crate) fn new(cutter: &TokenCutter, instruction: &str, max_tokens: usize) -> Result<Self> {
        let instruction = if instruction.is_empty() { INSTRUCTION } else { instruction };
        Ok(Self {
            before: cutter.bare(BEFORE)?.ids,
            after: cutter.bare(AFTER)?.ids,
            instruction: instruction.to_owned(),
            max_tokens,
        })
    }

    /// The tokens of one judgement. Where both texts are too long, the end of each is left out: a query has half
    /// of the room at least, and a document too.
    pub(crate) fn tokens(
        &self,
        cutter: &TokenCutter,
        query: &str,
        document: &str,
    ) -> Result<Tokens> {
        let instruction = &self.instruction;
        let query = format!("<Instruct>: {instruction}\n<Query>: {query}");
        let document = format!("\n<Document>: {document}");
        let room = self.max_tokens.saturating_sub(self.before.len() + self.after.len()).max(2);
        let mut middle = cutter.bare(&format!("{query}{document}"))?.ids;
        if middle.len() > room {
            let document = cutter.bare(&document)?.ids;
            middle = cutter.bare(&query)?.ids;
            middle.truncate(room - document.len().min(room / 2));
            let left = room - middle.len();
            middle.extend(document.into_iter().take(left));
        }
        let ids = [&self.before[..], &middle, &self.after].concat();
        let types = vec![0; ids.len()];
        Ok(Tokens { ids, types })
    }
}
