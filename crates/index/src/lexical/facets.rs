//! Facet values of a segment's documents, as numbers into the segment's own dictionary.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use kechuang_domain::{Facet, Selection};
use tantivy::{DocId, SegmentReader};

use super::{document::facet_term, schema::facet_letter};
use crate::{IndexError, Result};

/// How often a value stands in the records that were counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value, as [`Facet::values_of`] gives it.
    pub value: String,
    /// How many records have it.
    pub count: u64,
    /// Whether the filter chooses it.
    pub is_selected: bool,
}

/// The values of all facets: the numbers of a document's values stand together, in order.
pub(crate) struct FacetColumn {
    /// Where each document's numbers begin, and the end.
    starts: Vec<u32>,
    numbers: Vec<u32>,
    /// Each value behind its facet's letter, in order.
    terms: Vec<Box<str>>,
    /// The numbers of each facet's values, by [`Facet::ALL`].
    ranges: [Range<u32>; Facet::ALL.len()],
}

impl FacetColumn {
    pub(crate) fn read(reader: &SegmentReader) -> Result<Self> {
        let mut starts = vec![0];
        let (mut numbers, mut terms) = (Vec::new(), Vec::new());
        if let Some(column) = reader.fast_fields().str("facets")? {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                let term = std::str::from_utf8(stream.key())
                    .map_err(|error| IndexError::Damaged(format!("facet value: {error}")))?;
                terms.push(Box::from(term));
            }
            for doc in 0..reader.max_doc() {
                let start = numbers.len();
                numbers
                    .extend(column.term_ords(doc).filter_map(|number| u32::try_from(number).ok()));
                numbers[start..].sort_unstable();
                starts.push(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
            }
        } else {
            starts.resize(reader.max_doc() as usize + 1, 0);
        }
        let ranges = Facet::ALL.map(|facet| range(&terms, facet));
        Ok(Self { starts, numbers, terms, ranges })
    }

    /// The numbers of a document's values.
    pub(crate) fn of(&self, doc: DocId) -> &[u32] {
        let doc = doc as usize;
        &self.numbers[self.starts[doc] as usize..self.starts[doc + 1] as usize]
    }

    /// The number of a value, if some document has it.
    fn number(&self, facet: Facet, value: &str) -> Option<u32> {
        let term = facet_term(facet, value);
        let found = self.terms.binary_search_by(|known| known.as_ref().cmp(&term)).ok()?;
        u32::try_from(found).ok()
    }
}

fn range(terms: &[Box<str>], facet: Facet) -> Range<u32> {
    let letter = facet_letter(facet);
    let first = terms.partition_point(|term| term.chars().next().is_some_and(|own| own < letter));
    let end = terms.partition_point(|term| term.chars().next().is_some_and(|own| own <= letter));
    let number = |place| u32::try_from(place).unwrap_or(u32::MAX);
    number(first)..number(end)
}

/// What a document fails of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misses {
    /// Nothing: every facet has a chosen value.
    Nothing,
    /// This one facet, by its place in [`Facet::ALL`].
    Only(usize),
    /// Two facets or more.
    Several,
}

/// A selection in the numbers of one segment.
pub(crate) struct Chosen {
    /// Facets with the numbers that will do, in order.
    facets: Vec<(usize, Vec<u32>)>,
}

impl Chosen {
    pub(crate) fn of(selection: &Selection, column: &FacetColumn) -> Self {
        let chosen = |(facet, values): (&Facet, &BTreeSet<String>)| {
            let mut numbers: Vec<u32> =
                values.iter().filter_map(|value| column.number(*facet, value)).collect();
            numbers.sort_unstable();
            (*facet as usize, numbers)
        };
        Self {
            facets: selection.iter().filter(|(_, values)| !values.is_empty()).map(chosen).collect(),
        }
    }

    pub(crate) fn misses(&self, values: &[u32]) -> Misses {
        let mut missed = Misses::Nothing;
        for (facet, wanted) in &self.facets {
            if values.iter().any(|value| wanted.binary_search(value).is_ok()) {
                continue;
            }
            if missed != Misses::Nothing {
                return Misses::Several;
            }
            missed = Misses::Only(*facet);
        }
        missed
    }
}

/// Counts values over the documents of one segment.
pub(crate) struct Counter<'a> {
    column: &'a FacetColumn,
    counts: Vec<u32>,
}

impl<'a> Counter<'a> {
    pub(crate) fn over(column: &'a FacetColumn) -> Self {
        Self { column, counts: vec![0; column.terms.len()] }
    }

    /// Counts a document. Where it fails one facet only, it counts for that facet: choosing one more of
    /// its values would bring it in.
    pub(crate) fn count(&mut self, doc: DocId, misses: Misses) {
        let range = match misses {
            Misses::Nothing => 0..u32::MAX,
            Misses::Only(facet) => self.column.ranges[facet].clone(),
            Misses::Several => return,
        };
        for number in self.column.of(doc).iter().filter(|number| range.contains(number)) {
            self.counts[*number as usize] += 1;
        }
    }

    /// The counts of a facet's values.
    fn of(&self, facet: Facet) -> impl Iterator<Item = (&'a str, u64)> {
        let range = self.column.ranges[facet as usize].clone();
        let range = range.start as usize..range.end as usize;
        let values = self.column.terms[range.clone()].iter().map(|term| &term[1..]);
        values
            .zip(&self.counts[range])
            .filter(|(_, count)| **count > 0)
            .map(|(value, count)| (value, u64::from(*count)))
    }
}

/// A facet's most frequent values over all segments, at most `most`, and those that are chosen.
pub(crate) fn most_frequent(
    counters: &[Counter<'_>],
    facet: Facet,
    selection: &Selection,
    most: usize,
) -> Vec<FacetValue> {
    let mut together: HashMap<&str, u64> = HashMap::new();
    for counter in counters {
        for (value, count) in counter.of(facet) {
            *together.entry(value).or_insert(0) += count;
        }
    }
    let chosen = selection.get(&facet);
    for value in chosen.into_iter().flatten() {
        together.entry(value).or_insert(0);
    }
    let by_count = |a: &(&str, u64), b: &(&str, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
    let mut all: Vec<(&str, u64)> = together.into_iter().collect();
    let top = all.len().min(most);
    if top < all.len() {
        all.select_nth_unstable_by(top, by_count);
    }
    let is_selected = |value: &str| chosen.is_some_and(|values| values.contains(value));
    let below = all.split_off(top);
    all.extend(below.into_iter().filter(|(value, _)| is_selected(value)));
    all.sort_unstable_by(by_count);
    let told = |(value, count): (&str, u64)| FacetValue {
        value: value.to_owned(),
        count,
        is_selected: is_selected(value),
    };
    all.into_iter().map(told).collect()
}
