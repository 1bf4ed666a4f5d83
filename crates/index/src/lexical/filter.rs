//! Which records may be found: predicates as data, made ready for one segment at a time.

use kechuang_domain::{Date, Selection, Status};
use tantivy::DocId;

use super::{
    document::day_number,
    facets::{Chosen, Misses},
    schema::status_number,
    segment::{NO_DAY, Segment},
};

/// Which records may be found. Every predicate must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these standings; empty means any.
    pub statuses: Vec<Status>,
    /// Only records with a chosen value of every facet that has one.
    pub facets: Selection,
    /// Only records whose period is not over on this day.
    pub current_on: Option<Date>,
}

/// A filter in the numbers of one segment.
pub(crate) struct SegmentFilter<'a> {
    segment: &'a Segment,
    /// Numbers of standings; empty means any.
    statuses: Vec<u8>,
    chosen: Chosen,
    current_on: Option<i32>,
}

impl<'a> SegmentFilter<'a> {
    pub(crate) fn of(filter: &Filter, segment: &'a Segment) -> Self {
        let statuses = filter.statuses.iter().map(|status| status_number(*status));
        Self {
            segment,
            statuses: statuses.filter_map(|number| u8::try_from(number).ok()).collect(),
            chosen: Chosen::of(&filter.facets, &segment.columns.facets),
            current_on: filter.current_on.map(day),
        }
    }

    /// What of the facets a document misses; `None` where it fails another predicate.
    pub(crate) fn misses(&self, doc: DocId) -> Option<Misses> {
        let misses = self.misses_on_any_day(doc)?;
        let is_over = |today| self.segment.columns.orders[doc as usize].is_over(today);
        (!self.current_on.is_some_and(is_over)).then_some(misses)
    }

    /// The same without the predicate on the period.
    pub(crate) fn misses_on_any_day(&self, doc: DocId) -> Option<Misses> {
        let status = self.segment.columns.statuses[doc as usize];
        if !self.statuses.is_empty() && !self.statuses.contains(&status) {
            return None;
        }
        Some(self.chosen.misses(self.segment.columns.facets.of(doc)))
    }
}

/// A day as the columns keep it.
pub(crate) fn day(day: Date) -> i32 {
    i32::try_from(day_number(day)).unwrap_or(NO_DAY)
}
