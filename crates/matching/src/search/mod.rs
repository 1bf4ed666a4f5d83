//! Searching one library by words, and listing it without: facets, orders, pages, highlights.

mod cursor;
mod request;

use std::collections::{BTreeMap, HashSet};

use kechuang_domain::{
    Facet, Lapse, PartyId, ProblemCode, RecordId, Span, TextField, Timestamp, Viewer,
};
pub use kechuang_index::FacetValue;
use kechuang_index::{FacetCounts, Filter, ListQuery, Listing, highlight};
use kechuang_ranking::profile::DEFAULT_PROFILE;
use kechuang_store::StoredRecord;
use kechuang_text::{Analysis, QueryTerm, Token, analyse};

use crate::{Engine, MatchError, Result, hydrate, recall::slot_weights};
pub use request::{Currency, PAGE_LIMIT, SearchRequest};

/// Words and grams of a query that are looked at, at most.
const TERM_LIMIT: usize = 64;

/// One record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The record.
    pub stored: StoredRecord,
    /// In which way it does not hold today any more.
    pub lapse: Option<Lapse>,
    /// What to mark, field by field.
    pub marks: Vec<(TextField, Vec<Span>)>,
}

/// What can be chosen of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetPart {
    /// Which facet.
    pub facet: Facet,
    /// What it is called in the library.
    pub label: &'static str,
    /// Its values by count, the most frequent 20 and those that are chosen.
    pub values: Vec<FacetChoice>,
}

/// A value that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetChoice {
    /// The value, its count, and whether it is chosen.
    pub counted: FacetValue,
    /// Its name where the store knows it: that of an owner.
    pub name: Option<String>,
}

/// A page of records, and what is true of the whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// The records, in order.
    pub hits: Vec<SearchHit>,
    /// How many records match, on all pages together.
    pub total: u64,
    /// How many match whose period is over: within `total` where such records are listed, beside it
    /// where they are not.
    pub lapsed: u64,
    /// What the list can be narrowed by.
    pub facets: Vec<FacetPart>,
    /// How many records the library has for the public, found or not.
    pub library_count: u64,
    /// Where the next page starts; `None` on the last.
    pub next: Option<String>,
}

impl Engine {
    /// Searches a library as it is on the day of `now`.
    ///
    /// # Errors
    /// [`MatchError::Request`] for a request that cannot be; otherwise what the store or the index says.
    pub async fn search(&self, request: &SearchRequest, now: Timestamp) -> Result<SearchPage> {
        request.check()?;
        let today = now.china_date();
        let words = analyse(self.lexicon(), &request.text);
        let facets: Vec<Facet> = Facet::of(request.library).collect();
        let (listing, library_count) = self.list(request, &words, &facets, now)?;
        let next = listing.page.last().filter(|_| listing.has_more);
        let next = next.map(|last| cursor::write(request, *last));
        let page: Vec<RecordId> = listing.page.iter().map(|row| row.id).collect();
        let mut records =
            hydrate::newest(self.store(), page.iter().copied(), request.viewer).await?;
        let wanted: HashSet<&str> = words.words.iter().map(|word| word.text.as_str()).collect();
        let hits = page
            .iter()
            .filter_map(|id| records.remove(id))
            .map(|stored| SearchHit {
                marks: self.marks(&stored, request.viewer, &wanted),
                lapse: stored.record.lapse(today),
                stored,
            })
            .collect();
        let facets = self.named(request, listing.facets).await?;
        let Listing { total, lapsed, .. } = listing;
        Ok(SearchPage { hits, total, lapsed, facets, library_count, next })
    }

    /// All records that a search finds, in its order, wherever its page starts, and how many there are;
    /// none where they are more than `most`.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub async fn search_all(
        &self,
        request: &SearchRequest,
        most: usize,
        now: Timestamp,
    ) -> Result<(Vec<StoredRecord>, u64)> {
        request.check()?;
        let whole = SearchRequest { cursor: None, limit: most, ..request.clone() };
        let words = analyse(self.lexicon(), &whole.text);
        let (listing, _) = self.list(&whole, &words, &[], now)?;
        if listing.total > most as u64 {
            return Ok((Vec::new(), listing.total));
        }
        let ids: Vec<RecordId> = listing.page.iter().map(|row| row.id).collect();
        let mut records = hydrate::newest(self.store(), ids.iter().copied(), whole.viewer).await?;
        let found = ids.iter().filter_map(|id| records.remove(id)).collect();
        Ok((found, listing.total))
    }

    /// The page as the index has it, and the size of the library at the same moment.
    fn list(
        &self,
        request: &SearchRequest,
        words: &Analysis,
        facets: &[Facet],
        now: Timestamp,
    ) -> Result<(Listing, u64)> {
        let after = cursor::read(request)?;
        let profile = self.profiles().get(DEFAULT_PROFILE).ok_or_else(|| {
            MatchError::request(ProblemCode::UnknownProfile, "缺少 default 排序方案")
        })?;
        let today = now.china_date();
        let filter = Filter {
            statuses: request.status.into_iter().collect(),
            facets: request.facets.clone(),
            current_on: (request.currency() == Currency::Only).then_some(today),
        };
        let snapshot = self.index().snapshot();
        let listing = snapshot.list(&ListQuery {
            library: request.library,
            words: &terms(&words.words),
            grams: &terms(&words.grams),
            weights: &slot_weights(profile),
            stale_factor: profile.freshness.stale as f32,
            filter: &filter,
            sort: request.sort(),
            today,
            after,
            limit: request.limit,
            facets,
        })?;
        Ok((listing, snapshot.record_count(request.library)))
    }

    /// Facets with the names that the store knows.
    async fn named(
        &self,
        request: &SearchRequest,
        counts: Vec<FacetCounts>,
    ) -> Result<Vec<FacetPart>> {
        let owners: Vec<PartyId> = counts
            .iter()
            .filter(|counts| counts.facet == Facet::Owner)
            .flat_map(|counts| &counts.values)
            .filter_map(|value| value.value.parse().ok())
            .collect();
        let names: BTreeMap<PartyId, String> = self.store().party_names(&owners).await?;
        let name = |facet, value: &str| {
            let owner = Some(value).filter(|_| facet == Facet::Owner)?;
            names.get(&owner.parse().ok()?).cloned()
        };
        let mut parts = Vec::with_capacity(counts.len());
        for FacetCounts { facet, values } in counts {
            let Some(label) = facet.label_in(request.library) else { continue };
            let choice =
                |counted: FacetValue| FacetChoice { name: name(facet, &counted.value), counted };
            parts.push(FacetPart {
                facet,
                label,
                values: values.into_iter().map(choice).collect(),
            });
        }
        Ok(parts)
    }

    fn marks(
        &self,
        stored: &StoredRecord,
        viewer: Viewer,
        wanted: &HashSet<&str>,
    ) -> Vec<(TextField, Vec<Span>)> {
        if wanted.is_empty() {
            return Vec::new();
        }
        stored
            .record
            .content
            .texts_for(viewer)
            .map(|(field, text)| (field, highlight(self.lexicon(), text, wanted)))
            .filter(|(_, spans)| !spans.is_empty())
            .collect()
    }
}

/// A short query's words count alike, each once.
fn terms(tokens: &[Token]) -> Vec<QueryTerm> {
    let mut seen = HashSet::new();
    tokens
        .iter()
        .filter(|token| seen.insert(token.text.as_str()))
        .take(TERM_LIMIT)
        .map(|token| QueryTerm { text: token.text.clone(), weight: 1.0 })
        .collect()
}
