//! Cross-encoders: how well a document answers a query, both read together.

use std::sync::Arc;

use crate::{
    InferenceError, Manifest, ModelFolder, ModelKind, Result, Urgency,
    config::{Family, Prepared},
    network::{InstructionFrame, Network, RerankerNetwork},
    queue::Queue,
    tokens::{TokenCutter, Tokens},
};

/// A loaded cross-encoder.
pub struct CrossEncoder {
    manifest: Manifest,
    key: String,
    pairs: Arc<Pairs>,
    queue: Queue,
}

/// How two texts become tokens.
struct Pairs {
    cutter: TokenCutter,
    /// For models that are told in words what to judge.
    frame: Option<InstructionFrame>,
}

impl Pairs {
    fn tokens(&self, query: &str, document: &str) -> Result<Tokens> {
        match &self.frame {
            Some(frame) => frame.tokens(&self.cutter, query, document),
            None => self.cutter.pair(query, document),
        }
    }
}

impl CrossEncoder {
    /// Checks the model's files and loads it.
    ///
    /// # Errors
    /// What [`ModelFolder::verify`] says, and
    /// [`InferenceError::Unsupported`] for a model that is no
    /// cross-encoder, has more than one output, or is of a network that is not known.
    pub fn load(model: &ModelFolder) -> Result<Self> {
        let Prepared { config, cutter, max_tokens } = Prepared::of(model, ModelKind::CrossEncoder)?;
        let frame = match config.family {
            Family::Bert | Family::XlmRoberta | Family::Static => None,
            Family::Qwen3 => {
                Some(InstructionFrame::new(&cutter, &model.manifest.query_instruction, max_tokens)?)
            }
        };
        let network = RerankerNetwork::load(model, &config, &cutter)?;
        let queue = Queue::start(&model.manifest.name, Network::Reranker(network))?;
        let (manifest, key) = (model.manifest.clone(), model.manifest.key());
        Ok(Self { manifest, key, pairs: Arc::new(Pairs { cutter, frame }), queue })
    }

    /// The model.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// [`Manifest::key`], computed once.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// One score a document, as a logit: 0 is even odds, its logistic function the model's probability.
    ///
    /// # Errors
    /// What the tokenizer or the network says, and [`InferenceError::Unsupported`] where a score is no number.
    pub async fn score(
        &self,
        query: String,
        documents: Vec<String>,
        urgency: Urgency,
    ) -> Result<Vec<f32>> {
        let pairs = Arc::clone(&self.pairs);
        // Cutting many long texts takes a while, in which a thread of the server must not stand still.
        let cut = tokio::task::spawn_blocking(move || {
            documents.iter().map(|document| pairs.tokens(&query, document)).collect::<Result<_>>()
        });
        let inputs = cut.await.map_err(|_| InferenceError::Stopped)??;
        let scores: Vec<f32> =
            self.queue.run(inputs, urgency).await?.into_iter().flatten().collect();
        if scores.iter().all(|score| score.is_finite()) {
            return Ok(scores);
        }
        let what = "评分中有不是数的值，权重可能已损坏".to_owned();
        Err(InferenceError::Unsupported { model: self.manifest.name.clone(), what })
    }
}

impl std::fmt::Debug for CrossEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CrossEncoder").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}
