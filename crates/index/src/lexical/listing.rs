//! Listing a library: which records match, in an order that pages can follow, with counts of their
//! facet values.

use kechuang_domain::{Date, Facet, Library, RecordId, Sort};
use kechuang_text::QueryTerm;
use tantivy::DocId;

use super::{
    Analyser, FacetValue, Filter, Slot, SlotWeights, Snapshot,
    facets::{Counter, Misses, most_frequent},
    filter::{SegmentFilter, day},
    search::{SlotTerm, Sums, accumulate, keep_best, weighted},
    segment::{NO_AMOUNT, NO_DAY, Order, Segment},
    word_rule::{Had, WordRule},
};
use crate::Result;

/// Values told of each facet, beside those that are chosen.
const VALUES_TOLD: usize = 20;
/// Words and grams that are looked at: as many as a mask has bits.
const TERM_LIMIT: usize = 64;

/// A list to be made.
#[derive(Debug, Clone)]
pub struct ListQuery<'a> {
    /// Which library.
    pub library: Library,
    /// Words with their weights, 64 at most; without words or grams every record matches.
    pub words: &'a [QueryTerm],
    /// Grams with their weights, 64 at most.
    pub grams: &'a [QueryTerm],
    /// How each slot counts.
    pub weights: &'a SlotWeights,
    /// Factor of the score of a record that nobody has confirmed for long.
    pub stale_factor: f32,
    /// Which records may be listed.
    pub filter: &'a Filter,
    /// In which order.
    pub sort: Sort,
    /// The day on which periods are over or not.
    pub today: Date,
    /// Where the page before ended.
    pub after: Option<Position>,
    /// Records on the page.
    pub limit: usize,
    /// Which facets to count.
    pub facets: &'a [Facet],
}

/// Where a record stands in an order. Smaller keys stand first, and newer ids among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// What the order goes by.
    pub key: i64,
    /// The record.
    pub id: RecordId,
    /// The revision that was listed.
    pub revision: i64,
}

/// The counts of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// Which facet.
    pub facet: Facet,
    /// Its most frequent values, and those that are chosen, by count and value. Counted over the
    /// records that would match if nothing of this facet were chosen.
    pub values: Vec<FacetValue>,
}

/// A page of a list, and what is true of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The page, in order.
    pub page: Vec<Position>,
    /// Whether more follow.
    pub has_more: bool,
    /// Records that match and pass the filter.
    pub total: u64,
    /// Records that match and pass the filter, or would without its predicate on the period, and whose
    /// period is over.
    pub lapsed: u64,
    /// The counts, in the order they were asked for.
    pub facets: Vec<FacetCounts>,
}

impl Snapshot {
    /// Lists a library.
    ///
    /// # Errors
    /// What the index says.
    pub fn list(&self, query: &ListQuery<'_>) -> Result<Listing> {
        let words = &query.words[..query.words.len().min(TERM_LIMIT)];
        let grams = &query.grams[..query.grams.len().min(TERM_LIMIT)];
        let terms = self.slot_terms(query.library, words, grams, query.weights)?;
        let rule = WordRule::of(words, grams);
        let mut gathered = Gathered::default();
        let mut counters = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            // A list that is read to the end needs no counts.
            let mut counter =
                (!query.facets.is_empty()).then(|| Counter::over(&segment.columns.facets));
            if rule.asks_nothing() {
                let all = segment.reader.doc_ids_alive();
                gathered.take(segment, query, all.map(|doc| (doc, 0.0)), counter.as_mut());
            } else {
                let found = self.matching(segment, query, &terms, &rule)?;
                gathered.take(segment, query, found.into_iter(), counter.as_mut());
            }
            counters.extend(counter);
        }
        let after = gathered.anchor(query);
        let mut rows = gathered.rows;
        if let Some(after) = after {
            rows.retain(|row| in_order(&after, row).is_lt());
        }
        let has_more = rows.len() > query.limit;
        keep_best(&mut rows, query.limit, in_order);
        rows.sort_unstable_by(in_order);
        let facets = query.facets.iter().map(|facet| FacetCounts {
            facet: *facet,
            values: most_frequent(&counters, *facet, &query.filter.facets, VALUES_TOLD),
        });
        Ok(Listing {
            page: rows,
            has_more,
            total: gathered.total,
            lapsed: gathered.lapsed,
            facets: facets.collect(),
        })
    }

    /// The live documents of a segment that have enough of the words, with their scores.
    fn matching(
        &self,
        segment: &Segment,
        query: &ListQuery<'_>,
        terms: &[SlotTerm],
        rule: &WordRule,
    ) -> Result<Vec<(DocId, f32)>> {
        let mut sums = self.take_scratch(segment);
        let mut had = vec![Had::default(); sums.len()];
        for term in terms {
            let bit = 1_u64 << term.place;
            let is_word = Slot::all()[term.slot].analyser() == Analyser::Words;
            accumulate(segment, term, |doc, score| {
                sums[doc as usize][term.slot] += score;
                let had = &mut had[doc as usize];
                if is_word { had.words |= bit } else { had.grams |= bit }
            })?;
        }
        let found = (0..).zip(sums.iter().zip(&had));
        let found = found
            .filter(|(doc, (_, had))| rule.is_met(**had) && segment.is_alive(*doc))
            .map(|(doc, (sums, _)): (DocId, (&Sums, &Had))| (doc, weighted(sums, query.weights)))
            .collect();
        self.keep_scratch(sums);
        Ok(found)
    }
}

/// What was gathered of a library's records.
#[derive(Default)]
struct Gathered {
    rows: Vec<Position>,
    total: u64,
    lapsed: u64,
}

impl Gathered {
    fn take(
        &mut self,
        segment: &Segment,
        query: &ListQuery<'_>,
        found: impl Iterator<Item = (DocId, f32)>,
        mut counter: Option<&mut Counter<'_>>,
    ) {
        let filter = SegmentFilter::of(query.filter, segment);
        let columns = &segment.columns;
        let today = day(query.today);
        for (doc, score) in found {
            let at = doc as usize;
            if columns.libraries[at] != query.library as u8 {
                continue;
            }
            let Some(misses) = filter.misses_on_any_day(doc) else { continue };
            let is_over = columns.orders[at].is_over(today);
            self.lapsed += u64::from(is_over && misses == Misses::Nothing);
            if filter.misses(doc).is_none() {
                continue;
            }
            if let Some(counter) = &mut counter {
                counter.count(doc, misses);
            }
            if misses == Misses::Nothing {
                self.total += 1;
                self.rows.push(Position {
                    key: key(query, &columns.orders[at], score, today),
                    id: columns.ids[at],
                    revision: columns.revisions[at],
                });
            }
        }
    }

    /// Where the page starts. Scores move as records come and go, so a page by relevance starts behind
    /// where its anchor stands now, unless that was changed meanwhile.
    fn anchor(&self, query: &ListQuery<'_>) -> Option<Position> {
        let after = query.after?;
        if query.sort != Sort::Relevance {
            return Some(after);
        }
        let same = |row: &&Position| row.id == after.id && row.revision == after.revision;
        Some(self.rows.iter().find(same).copied().unwrap_or(after))
    }
}

fn in_order(a: &Position, b: &Position) -> std::cmp::Ordering {
    a.key.cmp(&b.key).then_with(|| b.id.cmp(&a.id))
}

/// What an order goes by, smallest first.
fn key(query: &ListQuery<'_>, order: &Order, score: f32, today: i32) -> i64 {
    match query.sort {
        // Bits of positive floats are in the order of the floats.
        Sort::Relevance => {
            let factor = if order.is_stale { query.stale_factor } else { 1.0 };
            -i64::from((score * factor).max(0.0).to_bits())
        }
        // Ids sort by the time of their making.
        Sort::Newest => 0,
        Sort::Updated => -order.updated,
        Sort::Confirmed => -order.confirmed,
        Sort::Deadline | Sort::EffectiveUntil => next_day_first(order.ends, today),
        Sort::EffectiveFrom if order.begins == NO_DAY => i64::MAX,
        Sort::EffectiveFrom => -i64::from(order.begins),
        Sort::Amount if order.amount == NO_AMOUNT => i64::MAX,
        Sort::Amount => -order.amount,
    }
}

/// Days to come in their order, then those that are past, the last of them first, then none.
fn next_day_first(day: i32, today: i32) -> i64 {
    /// Above every day, so that those past come behind.
    const PAST: i64 = 1 << 40;
    match day {
        NO_DAY => i64::MAX,
        day if day >= today => day.into(),
        day => PAST - i64::from(day),
    }
}
