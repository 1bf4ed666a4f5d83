//! Statistics over the live documents, exact at every moment.
//!
//! Nothing is stored for them. How many live documents have a term follows from what the segments'
//! dictionaries say less what their deleted documents had; lengths and counts are summed when a
//! commit is taken up.

use kechuang_domain::Library;

use super::{bm25, schema::Slot, segment::Segment};
use crate::Result;

/// Live documents and tokens of one library.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) documents: u64,
    pub(crate) tokens: [u64; Slot::COUNT],
}

impl Totals {
    pub(crate) fn mean_length(&self, slot: Slot) -> f32 {
        if self.documents == 0 {
            return 0.0;
        }
        (self.tokens[slot.index()] as f64 / self.documents as f64) as f32
    }
}

/// Totals of each library, by `Library as usize`.
pub(crate) fn totals(segments: &[Segment]) -> [Totals; Library::ALL.len()] {
    let mut totals = [Totals::default(); Library::ALL.len()];
    for segment in segments {
        for doc in segment.reader.doc_ids_alive() {
            let of_library = &mut totals[segment.columns.libraries[doc as usize] as usize];
            of_library.documents += 1;
            let lengths = segment.columns.lengths[doc as usize];
            for (total, length) in of_library.tokens.iter_mut().zip(lengths) {
                *total += u64::from(length);
            }
        }
    }
    totals
}

/// How many live documents have `term` (in the index's form) in `slot`.
pub(crate) fn document_frequency(segments: &[Segment], slot: Slot, term: &str) -> Result<u64> {
    let mut having = 0;
    for segment in segments {
        let postings = &segment.postings[slot.index()];
        let listed = postings.terms().get(term.as_bytes())?.map_or(0, |info| info.doc_freq);
        let dead = segment.dead_terms[slot.index()].get(term).copied().unwrap_or(0);
        having += u64::from(listed.saturating_sub(dead));
    }
    Ok(having)
}

pub(crate) fn idf(having: u64, totals: &Totals) -> f32 {
    bm25::idf(having, totals.documents)
}
