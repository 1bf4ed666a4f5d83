//! Cross-encoders: how well a document answers a query, both read together.

use crate::{
    Manifest, ModelFolder, ModelKind, Result, Urgency,
    config::{Family, Prepared},
    network::{InstructionFrame, Network, RerankerNetwork},
    queue::Queue,
    tokens::TokenCutter,
};

/// A loaded cross-encoder.
pub struct CrossEncoder {
    manifest: Manifest,
    key: String,
    cutter: TokenCutter,
    /// For models that are told in words what to judge.
    frame: Option<InstructionFrame>,
    queue: Queue,
}

impl CrossEncoder {
    /// Checks the model's files and loads it.
    ///
    /// # Errors
    /// What [`ModelFolder::verify`] says, and
    /// [`InferenceError::Unsupported`](crate::InferenceError::Unsupported) for a model that is no
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
        Ok(Self { manifest, key, cutter, frame, queue })
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
    /// What the tokenizer or the network says.
    pub async fn score<T: AsRef<str>>(
        &self,
        query: &str,
        documents: &[T],
        urgency: Urgency,
    ) -> Result<Vec<f32>> {
        let inputs = documents.iter().map(|document| match &self.frame {
            Some(frame) => frame.tokens(&self.cutter, query, document.as_ref()),
            None => self.cutter.pair(query, document.as_ref()),
        });
        let rows = self.queue.run(inputs.collect::<Result<_>>()?, urgency).await?;
        Ok(rows.into_iter().flatten().collect())
    }
}

impl std::fmt::Debug for CrossEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CrossEncoder").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}
