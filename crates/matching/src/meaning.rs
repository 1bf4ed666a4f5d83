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

/// Titles as the order encoder reads them: another 20 MB. A network takes its time, so that what was read once is kept.
const TITLES_KEPT: usize = 20_000;

/// What compares texts.
#[derive(Debug, Clone)]
pub struct Encoders {
    /// What makes the vectors that records are found by.
    pub recall: Arc<Encoder>,
    /// What reads the titles of the first again for the learned order; where there is none, the answers say so.
    pub order: Option<Arc<Encoder>>,
}

/// An encoder with the index of its vectors.
#[derive(Debug)]
pub struct Meaning {
    /// What makes vectors of texts.
    pub encoder: Arc<Encoder>,
    order: Option<Arc<Encoder>>,
    /// The vectors of the libraries.
    pub vectors: VectorIndex,
    words: KeptVectors,
    needs: KeptVectors,
    sentences: KeptVectors,
    titles: KeptVectors,
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
    /// An encoder with the index of its vectors, and what reads titles again.
    #[must_use]
    pub fn new(encoders: Encoders, vectors: VectorIndex) -> Self {
        let Encoders { recall, order } = encoders;
        Self {
            encoder: recall,
            order,
            vectors,
            words: KeptVectors::new(Side::Passage, WORDS_KEPT),
            needs: KeptVectors::new(Side::Query, NEEDS_KEPT),
            sentences: KeptVectors::new(Side::Passage, SENTENCES_KEPT),
            titles: KeptVectors::new(Side::Passage, TITLES_KEPT),
        }
    }

    /// The vectors of single words.
    pub(crate) async fn words(&self, words: &BTreeSet<&str>) -> Result<TermVectors> {
        self.words.of(&self.encoder, words).await
    }

    /// The cosines of titles with a source by the order encoder, in their order; `None` where there is none.
    pub(crate) async fn in_context(
        &self,
        source: &ReadSource,
        titles: &[&str],
    ) -> Result<Option<Vec<f64>>> {
        let Some(order) = &self.order else { return Ok(None) };
        let asked = source_vector(order, source).await?;
        let known = self.titles.of(order, &titles.iter().copied().collect()).await?;
        let cosine = |title: &&str| {
            let vector = known.get(*title)?;
            Some(vector.iter().zip(&asked).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum())
        };
        Ok(Some(titles.iter().map(|title| cosine(title).unwrap_or(0.0)).collect()))
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
        let vector = source_vector(&self.encoder, source).await?;
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

/// A source as a vector of length 1: its title and all of it, at equal shares. The title says what it is about, and would
/// be drowned in a long text.
async fn source_vector(encoder: &Encoder, source: &ReadSource) -> Result<Vec<f32>> {
    let (title, whole) = (source.title().trim(), query_text(source));
    let is_more = !title.is_empty() && title != whole;
    let texts: Vec<&str> = is_more.then_some(title).into_iter().chain([whole.as_str()]).collect();
    let vectors = encoder.encode(&texts, Side::Query, Urgency::Interactive).await?;
    let sum = |at: usize| vectors.iter().map(|vector| vector[at]).sum::<f32>();
    let sum: Vec<f32> = (0..encoder.width()).map(sum).collect();
    let length = libm::sqrtf(sum.iter().map(|number| number * number).sum());
    Ok(sum.into_iter().map(|number| number / length.max(f32::MIN_POSITIVE)).collect())
}

/// What is read of a source: its title, then the text below it.
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
