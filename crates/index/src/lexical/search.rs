//! Searching: term-at-a-time accumulation of BM25, one sum per document and slot.
//!
//! A demand is a long OR of some hundred terms, where skipping gains nothing and every posting is read
//! anyway. Term by term has two merits here: fusion and explanation get the score of every slot from
//! the same pass, and each sum runs in the order of the query's terms, so that it is equal to the bit
//! whatever the segments look like.

use std::{cmp::Ordering, collections::HashSet, sync::PoisonError};

use kechuang_domain::{FieldScore, Library, RecordId, TextRole, Timestamp};
use kechuang_text::QueryTerm;
use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{
    Analyser, Filter, Slot, Snapshot,
    bm25::{self, Saturation},
    document::index_term,
    facets::Misses,
    filter::SegmentFilter,
    segment::Segment,
};
use crate::Result;

/// How one slot counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// Factor of the slot's score in the sum; 0 leaves the slot unread.
    pub weight: f32,
    /// BM25's k1: how soon repetition stops to count.
    pub k1: f32,
    /// BM25's b: how much long texts are held back, 0 to 1.
    pub b: f32,
}

/// The weights of all slots, by [`Slot::index`].
pub type SlotWeights = [Weight; Slot::COUNT];

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub enum Depth<'a> {
    /// The best so many.
    Best(usize),
    /// Exactly these, all of them, whether or not they have a term in common with the query.
    Closed(&'a HashSet<RecordId>),
}

/// A search in one library.
#[derive(Debug, Clone)]
pub struct LexicalQuery<'a> {
    /// Which library.
    pub library: Library,
    /// Words with their weights in the query.
    pub words: &'a [QueryTerm],
    /// Grams with their weights in the query.
    pub grams: &'a [QueryTerm],
    /// How each slot counts.
    pub weights: &'a SlotWeights,
    /// Which records may be found. A closed set is scored as given, without a filter.
    pub filter: &'a Filter,
    /// How far to look.
    pub depth: Depth<'a>,
    /// Beside the best, these too, however little they have in common with the query; the filter holds
    /// for them.
    pub also: Option<&'a HashSet<RecordId>>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The record.
    pub id: RecordId,
    /// The revision that was scored.
    pub revision: i64,
    /// Weighted sum over the slots.
    pub score: f32,
    /// When somebody stood by the record last, where that is so long ago that it is stale.
    pub stale_since: Option<Timestamp>,
    /// Whether it has no words but those of its title, as far as everybody may see.
    pub has_title_alone: bool,
    /// BM25 of each slot before its weight, by [`Slot::index`].
    pub slots: [f32; Slot::COUNT],
}

impl Hit {
    /// The slots' scores by role of text.
    #[must_use]
    pub fn field_scores(&self) -> Vec<FieldScore> {
        let score = |role, analyser| self.slots[Slot::of(role, analyser).index()];
        TextRole::ALL
            .into_iter()
            .map(|role| FieldScore {
                role,
                words: score(role, Analyser::Words),
                grams: score(role, Analyser::Grams),
            })
            .collect()
    }
}

/// A term of the query in one slot, ready to be read.
pub(crate) struct SlotTerm {
    pub(crate) slot: usize,
    /// Its place among the query's words or grams.
    pub(crate) place: usize,
    term: String,
    /// Weight in the query times idf.
    factor: f32,
    saturation: Saturation,
}

/// The sums of one document, by [`Slot::index`].
pub(crate) type Sums = [f32; Slot::COUNT];

impl Snapshot {
    /// The records that answer a query, best first, ties by id.
    ///
    /// # Errors
    /// What the index says.
    pub fn search(&self, query: &LexicalQuery<'_>) -> Result<Vec<Hit>> {
        let terms = self.slot_terms(query.library, query.words, query.grams, query.weights)?;
        let mut found = Vec::new();
        for segment in &self.segments {
            let mut sums = self.take_scratch(segment);
            for term in &terms {
                accumulate(segment, term, |doc, score| sums[doc as usize][term.slot] += score)?;
            }
            collect(segment, query, &sums, &mut found);
            self.keep_scratch(sums);
        }
        let by_rank = |a: &Hit, b: &Hit| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id));
        if let Depth::Best(most) = query.depth {
            let mut asked = Vec::new();
            if let Some(also) = query.also {
                asked.extend(found.iter().filter(|hit| also.contains(&hit.id)).cloned());
                found.retain(|hit| hit.score > 0.0);
            }
            keep_best(&mut found, most, by_rank);
            let kept: HashSet<RecordId> = found.iter().map(|hit| hit.id).collect();
            found.extend(asked.into_iter().filter(|hit| !kept.contains(&hit.id)));
        }
        found.sort_unstable_by(by_rank);
        Ok(found)
    }

    pub(crate) fn slot_terms(
        &self,
        library: Library,
        words: &[QueryTerm],
        grams: &[QueryTerm],
        weights: &SlotWeights,
    ) -> Result<Vec<SlotTerm>> {
        let totals = &self.totals[library as usize];
        let mut ready = Vec::new();
        for (analyser, terms) in [(Analyser::Words, words), (Analyser::Grams, grams)] {
            for (place, asked) in terms.iter().enumerate() {
                let term = index_term(library, &asked.text);
                let having = self.document_frequencies(&term)?;
                for role in TextRole::ALL {
                    let slot = Slot::of(role, analyser);
                    let weight = weights[slot.index()];
                    if weight.weight <= 0.0 || having[slot.index()] == 0 {
                        continue;
                    }
                    ready.push(SlotTerm {
                        slot: slot.index(),
                        place,
                        term: term.clone(),
                        factor: asked.weight * bm25::idf(having[slot.index()], totals.documents),
                        saturation: Saturation::new(weight.k1, weight.b, totals.mean_length(slot)),
                    });
                }
            }
        }
        Ok(ready)
    }

    pub(crate) fn take_scratch(&self, segment: &Segment) -> Vec<Sums> {
        let mut free = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sums = free.pop().unwrap_or_default();
        drop(free);
        sums.clear();
        sums.resize(segment.reader.max_doc() as usize, [0.0; Slot::COUNT]);
        sums
    }

    pub(crate) fn keep_scratch(&self, sums: Vec<Sums>) {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(sums);
    }
}

/// Gives one term's score for every document of a segment that has it to `add`.
pub(crate) fn accumulate(
    segment: &Segment,
    term: &SlotTerm,
    mut add: impl FnMut(DocId, f32),
) -> Result<()> {
    let index = &segment.postings[term.slot];
    let Some(info) = index.terms().get(term.term.as_bytes())? else {
        return Ok(());
    };
    let mut postings: SegmentPostings =
        index.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
    let mut doc = postings.doc();
    while doc != TERMINATED {
        let length = segment.columns.lengths[doc as usize][term.slot];
        let score = term.saturation.score(postings.term_freq(), length);
        add(doc, term.factor * score);
        doc = postings.advance();
    }
    Ok(())
}

/// Turns the sums of a segment into hits.
fn collect(segment: &Segment, query: &LexicalQuery<'_>, sums: &[Sums], found: &mut Vec<Hit>) {
    let filter = SegmentFilter::of(query.filter, segment);
    for (doc, slots) in (0..).zip(sums) {
        let score = weighted(slots, query.weights);
        let wanted = match query.depth {
            Depth::Best(_) => {
                let id = &segment.columns.ids[doc as usize];
                (score > 0.0 || query.also.is_some_and(|also| also.contains(id)))
                    && filter.misses(doc) == Some(Misses::Nothing)
            }
            Depth::Closed(ids) => {
                segment.columns.libraries[doc as usize] == query.library as u8
                    && ids.contains(&segment.columns.ids[doc as usize])
            }
        };
        if wanted && segment.is_alive(doc) {
            let order = &segment.columns.orders[doc as usize];
            let lengths = &segment.columns.lengths[doc as usize];
            let is_of_title = |slot: &Slot| slot.role() == TextRole::Title;
            found.push(Hit {
                id: segment.columns.ids[doc as usize],
                revision: segment.columns.revisions[doc as usize],
                score,
                stale_since: order.is_stale.then(|| Timestamp::from_micros(order.confirmed)),
                has_title_alone: Slot::all()
                    .iter()
                    .all(|slot| is_of_title(slot) || lengths[slot.index()] == 0),
                slots: *slots,
            });
        }
    }
}

pub(crate) fn weighted(slots: &Sums, weights: &SlotWeights) -> f32 {
    slots.iter().zip(weights).map(|(score, weight)| score * weight.weight).sum()
}

/// Leaves the best `most`, unsorted.
pub(crate) fn keep_best<T>(found: &mut Vec<T>, most: usize, by_rank: impl Fn(&T, &T) -> Ordering) {
    if most == 0 {
        found.clear();
    } else if found.len() > most {
        found.select_nth_unstable_by(most - 1, by_rank);
        found.truncate(most);
    }
}
