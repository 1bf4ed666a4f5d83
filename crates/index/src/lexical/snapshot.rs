//! One committed state of the index, with everything a search needs beside the postings.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use kechuang_domain::{Library, RecordId, TextRole};
use kechuang_text::Lexicon;
use tantivy::Searcher;

use super::{
    Analyser, Slot,
    document::index_term,
    schema::Fields,
    segment::Segment,
    statistics::{self, Totals},
};
use crate::Result;

/// Document frequencies remembered at most; about 10 MB.
const REMEMBERED_FREQUENCIES: usize = 100_000;

/// One committed state of the index. It stays the same while it is held.
pub struct Snapshot {
    pub(crate) segments: Vec<Segment>,
    pub(crate) totals: [Totals; Library::ALL.len()],
    /// The last change of the store's log that is in here.
    applied_seq: i64,
    /// Every demand asks for the same few thousand words.
    frequencies: Mutex<HashMap<String, [u64; Slot::COUNT]>>,
    /// Working memory of searches, kept for the next one.
    pub(crate) scratch: Mutex<Vec<Vec<[f32; Slot::COUNT]>>>,
}

impl Snapshot {
    pub(crate) fn load(
        searcher: &Searcher,
        fields: &Fields,
        lexicon: &Lexicon,
        applied_seq: i64,
        former: Option<&Self>,
    ) -> Result<Self> {
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            let former = former.and_then(|former| former.segment(reader.segment_id()));
            segments.push(Segment::load(reader, fields, lexicon, former)?);
        }
        let totals = statistics::totals(&segments);
        Ok(Self {
            segments,
            totals,
            applied_seq,
            frequencies: Mutex::new(HashMap::new()),
            scratch: Mutex::new(Vec::new()),
        })
    }

    fn segment(&self, id: tantivy::index::SegmentId) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.id() == id)
    }

    /// The last change of the store's log that this snapshot holds; 0 for none.
    #[must_use]
    pub const fn applied_seq(&self) -> i64 {
        self.applied_seq
    }

    /// How many live records of a library there are.
    #[must_use]
    pub const fn record_count(&self, library: Library) -> u64 {
        self.totals[library as usize].documents
    }

    /// How many segments there are; many make searching slower.
    #[must_use]
    pub const fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// Every live record with its revision, in no particular order.
    pub fn records(&self) -> impl Iterator<Item = (RecordId, i64)> {
        self.segments.iter().flat_map(|segment| {
            segment.reader.doc_ids_alive().map(|doc| {
                let doc = doc as usize;
                (segment.columns.ids[doc], segment.columns.revisions[doc])
            })
        })
    }

    /// How many records of a library there are.
    #[must_use]
    pub const fn documents(&self, library: Library) -> u64 {
        self.totals[library as usize].documents
    }

    /// The idf of a word or gram in a library: that of the role where it is most frequent, because
    /// a word that fills abstracts is no rare word for never standing in a title.
    ///
    /// # Errors
    /// What the index says.
    pub fn idf(&self, library: Library, analyser: Analyser, term: &str) -> Result<f32> {
        let most = self.most_frequent(library, analyser, term)?;
        Ok(statistics::idf(most, &self.totals[library as usize]))
    }

    /// The same for a term that some record has; `None` for any other.
    ///
    /// # Errors
    /// What the index says.
    pub fn idf_of_known(
        &self,
        library: Library,
        analyser: Analyser,
        term: &str,
    ) -> Result<Option<f32>> {
        let most = self.most_frequent(library, analyser, term)?;
        Ok((most > 0).then(|| statistics::idf(most, &self.totals[library as usize])))
    }

    fn most_frequent(&self, library: Library, analyser: Analyser, term: &str) -> Result<u64> {
        let having = self.document_frequencies(&index_term(library, term))?;
        let of_roles = TextRole::ALL.map(|role| having[Slot::of(role, analyser).index()]);
        Ok(of_roles.into_iter().max().unwrap_or(0))
    }

    /// How many live documents have a term, by slot.
    pub(crate) fn document_frequencies(&self, term: &str) -> Result<[u64; Slot::COUNT]> {
        let remembered = || self.frequencies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = remembered().get(term) {
            return Ok(*known);
        }
        let mut having = [0; Slot::COUNT];
        for slot in Slot::all() {
            having[slot.index()] = statistics::document_frequency(&self.segments, slot, term)?;
        }
        let mut remembered = remembered();
        if remembered.len() >= REMEMBERED_FREQUENCIES {
            remembered.clear();
        }
        remembered.insert(term.to_owned(), having);
        Ok(having)
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("applied_seq", &self.applied_seq)
            .field("segments", &self.segments.len())
            .finish_non_exhaustive()
    }
}
