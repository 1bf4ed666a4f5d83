//! Meaning: the encoder and the index of its vectors, and what of a text goes into them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use kechuang_domain::{Library, Record, RecordId, Region, TextRole, Viewer};
use kechuang_index::{Depth, VectorIndex, VectorQuery};
use kechuang_inference::{Encoder, Side, Urgency};

use kechuang_ranking::learned::TermVectors;

use crate::{Result, kept_vectors::KeptVectors, source::ReadSource};

/// The libraries whose records have vectors: those that a main list can be of.
pub const LIBRARIES_WITH_VECTORS: [Library; 2] = [Library::Achievement, Library::Demand];

/// So many characters of a text are handed to the encoder, which cuts at its own limit: a token is a
/// character or more.
const READ_CHARS: usize = 2_000;

/// Texts whose vectors are kept, by kind: 30 MB with vectors of 256 numbers.
const WORDS_KEPT: usize = 15_000;
const NEEDS_KEPT: usize = 2_000;
const SENTENCES_KEPT: usize = 15_000;

/// An encoder with the index of its vectors.
#[derive(Debug)]
pub struct Meaning {
    /// What makes vectors of texts.
    pub encoder: Arc<Encoder>,
    /// The vectors of the libraries.
    pub vectors: VectorIndex,
    words: KeptVectors,
    needs: KeptVectors,
    sentences: KeptVectors,
}

/// Whether the engine has a sense of meaning, or why not.
#[derive(Debug, Clone)]
pub enum MeaningState {
    /// It has none; why, in Chinese.
    Absent(Arc<str>),
    /// It has one.
    Present(Arc<Meaning>),
}

impl Meaning {
    /// An encoder with the index of its vectors.
    #[must_use]
    pub fn new(encoder: Arc<Encoder>, vectors: VectorIndex) -> Self {
        Self {
            encoder,
            vectors,
            words: KeptVectors::new(Side::Passage, WORDS_KEPT),
            needs: KeptVectors::new(Side::Query, NEEDS_KEPT),
            sentences: KeptVectors::new(Side::Passage, SENTENCES_KEPT),
        }
    }

    /// The vectors of single words.
    pub(crate) async fn words(&self, words: &BTreeSet<&str>) -> Result<TermVectors> {
        self.words.of(&self.encoder, words).await
    }

    /// The vectors of needs, and of sentences that may speak of them.
    pub(crate) async fn needs_and_sentences(
        &self,
        needs: &BTreeSet<&str>,
        sentences: &BTreeSet<&str>,
    ) -> Result<(TermVectors, TermVectors)> {
        let needs = self.needs.of(&self.encoder, needs).await?;
        let sentences = self.sentences.of(&self.encoder, sentences).await?;
        Ok((needs, sentences))
    }

    /// The cosines of records with a source: of the nearest, or of a closed set.
    ///
    /// # Errors
    /// What the encoder or the index says.
    pub(crate) async fn nearest(
        &self,
        source: &ReadSource,
        library: Library,
        region: Option<Region>,
        depth: Depth<'_>,
    ) -> Result<(Vec<f32>, HashMap<RecordId, f32>)> {
        let texts = [query_text(source)];
        let mut vectors = self.encoder.encode(&texts, Side::Query, Urgency::Interactive).await?;
        let vector = vectors.pop().unwrap_or_default();
        let cosines = self.cosines(&vector, library, region, depth).await?;
        Ok((vector, cosines))
    }

    pub(crate) async fn cosines(
        &self,
        vector: &[f32],
        library: Library,
        region: Option<Region>,
        depth: Depth<'_>,
    ) -> Result<HashMap<RecordId, f32>> {
        let hits = self.vectors.search(&VectorQuery { vector, library, region, depth }).await?;
        Ok(hits.into_iter().map(|hit| (hit.id, hit.score)).collect())
    }
}

/// What is encoded of a source: its title, then the text below it.
pub(crate) fn query_text(source: &ReadSource) -> String {
    joined([source.title(), source.body()].into_iter())
}

/// What is encoded of a record: its public texts, names first. `None` where it is not to be found by its
/// meaning.
#[must_use]
pub fn passage_text(record: &Record) -> Option<String> {
    let fits = LIBRARIES_WITH_VECTORS.contains(&record.library());
    if !fits || !kechuang_index::has_vector(record) {
        return None;
    }
    let of = |role| {
        let texts = record.content.texts_for(Viewer::Public);
        texts.filter(move |(field, _)| field.role() == role).map(|(_, text)| text)
    };
    let text =
        joined([TextRole::Title, TextRole::Keywords, TextRole::Body].into_iter().flat_map(of));
    (!text.is_empty()).then_some(text)
}

/// Texts as one, cut where no model reads on.
pub(crate) fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push('。');
        }
        text.push_str(part);
    }
    if let Some((end, _)) = text.char_indices().nth(READ_CHARS) {
        text.truncate(end);
    }
    text
}
