//! Encoders: texts to vectors.

use crate::{
    InferenceError, Manifest, ModelFolder, ModelKind, Result, Urgency,
    config::Prepared,
    network::{EncoderNetwork, Network},
    queue::Queue,
    tokens::TokenCutter,
};

/// What a text is to the encoder. Some are trained to read both sides differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// What is looked for: the model's instruction stands before it.
    Query,
    /// What may be found.
    Passage,
}

/// A loaded encoder.
pub struct Encoder {
    manifest: Manifest,
    key: String,
    width: usize,
    cutter: TokenCutter,
    queue: Queue,
}

impl Encoder {
    /// Checks the model's files and loads it.
    ///
    /// # Errors
    /// What [`ModelFolder::verify`] says, and
    /// [`InferenceError::Unsupported`] for a model that is no encoder
    /// or of a network that is not known.
    pub fn load(model: &ModelFolder) -> Result<Self> {
        let Prepared { config, cutter, .. } = Prepared::of(model, ModelKind::Encoder)?;
        let network = EncoderNetwork::load(model, &config)?;
        let width = network.width;
        let queue = Queue::start(&model.manifest.name, Network::Encoder(network))?;
        let (manifest, key) = (model.manifest.clone(), model.manifest.key());
        Ok(Self { manifest, key, width, cutter, queue })
    }

    /// The model.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// [`Manifest::key`], computed once: vectors of encoders with other keys cannot be compared.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Numbers in a vector.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// What stands before a text of this side.
    #[must_use]
    pub fn instruction(&self, side: Side) -> &str {
        match side {
            Side::Query => &self.manifest.query_instruction,
            Side::Passage => "",
        }
    }

    /// The vectors of texts, each of [`Encoder::width`] numbers and of length 1.
    ///
    /// # Errors
    /// What the tokenizer or the network says.
    pub async fn encode<T: AsRef<str>>(
        &self,
        texts: &[T],
        side: Side,
        urgency: Urgency,
    ) -> Result<Vec<Vec<f32>>> {
        let instruction = self.instruction(side);
        let inputs = texts.iter().map(|text| match instruction {
            "" => self.cutter.single(text.as_ref()),
            instruction => self.cutter.single(&format!("{instruction}{}", text.as_ref())),
        });
        let vectors = self.queue.run(inputs.collect::<Result<_>>()?, urgency).await?;
        if vectors.iter().flatten().all(|number| number.is_finite()) {
            return Ok(vectors);
        }
        let what = "向量中有不是数的值，权重可能已损坏".to_owned();
        Err(InferenceError::Unsupported { model: self.manifest.name.clone(), what })
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}
