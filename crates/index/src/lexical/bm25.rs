//! Okapi BM25 with exact document lengths.
//!
//! S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
//! the idf that stays positive, ln(1 + (N − n + 0.5) / (n + 0.5)), as in Lucene and tantivy.

/// Inverse document frequency of a term that `having` of `all` documents have.
#[must_use]
pub(crate) fn idf(having: u64, all: u64) -> f32 {
    let (having, all) = (having as f64, all.max(having) as f64);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln() as f32
}

/// The score of one term in one field, short of its idf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Saturation {
    /// k1 + 1.
    gain: f32,
    /// k1 · (1 − b).
    fixed: f32,
    /// k1 · b / mean length.
    per_token: f32,
}

impl Saturation {
    pub(crate) fn new(k1: f32, b: f32, mean_length: f32) -> Self {
        Self {
            gain: k1 + 1.0,
            fixed: k1 * (1.0 - b),
            per_token: if mean_length > 0.0 { k1 * b / mean_length } else { 0.0 },
        }
    }

    /// For a term that stands `frequency` times in a field of `length` tokens.
    #[inline]
    pub(crate) fn score(self, frequency: u32, length: u32) -> f32 {
        let frequency = frequency as f32;
        let norm = self.fixed + self.per_token * length as f32;
        self.gain * frequency / (frequency + norm)
    }
}
