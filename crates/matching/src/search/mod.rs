//! Searching one library by words, and listing it without.

use std::collections::HashSet;

use kechuang_domain::{Library, ProblemCode, Region, Span, Status, TextField, Viewer};
use kechuang_index::{Depth, Filter, LexicalQuery, highlight};
use kechuang_ranking::profile::DEFAULT_PROFILE;
use kechuang_store::StoredRecord;
use kechuang_text::{QueryTerm, Token, analyse};

use crate::{Engine, MatchError, Result, hydrate, recall::slot_weights};

/// Records on one page, at most.
pub const PAGE_LIMIT: usize = 100;
/// How far down a search can be paged; further down nobody reads, and a better query helps more.
const SEARCH_DEPTH: usize = 1_000;
/// Words and grams of a query that are looked at, at most.
const TERM_LIMIT: usize = 64;
/// Characters of the longest query.
const QUERY_LIMIT_CHARS: usize = 500;

/// A search in one library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// Which library.
    pub library: Library,
    /// Words to find; empty lists the library, newest first.
    pub text: String,
    /// Only this division and what lies within it.
    pub region: Option<Region>,
    /// Only this standing.
    pub status: Option<Status>,
    /// Records on the page, 1 to [`PAGE_LIMIT`].
    pub limit: usize,
    /// Where the page starts, as the page before gave it.
    pub cursor: Option<String>,
    /// On whose behalf.
    pub viewer: Viewer,
}

/// One record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The record.
    pub stored: StoredRecord,
    /// What to mark, field by field.
    pub marks: Vec<(TextField, Vec<Span>)>,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// The records, best or newest first.
    pub hits: Vec<SearchHit>,
    /// How many records the library has for the public, found or not.
    pub library_count: u64,
    /// Where the next page starts; `None` on the last.
    pub next: Option<String>,
}

impl Engine {
    /// Searches a library.
    ///
    /// # Errors
    /// [`MatchError::Request`] for a limit or cursor that cannot be; otherwise what the store or
    /// the index says.
    pub async fn search(&self, request: &SearchRequest) -> Result<SearchPage> {
        check(request)?;
        let offset = offset_of(request.cursor.as_deref())?;
        let snapshot = self.index().snapshot();
        let statuses = request.status.map_or_else(Vec::new, |status| vec![status]);
        let filter = Filter { statuses, regions: request.region.map(|region| region.range()) };
        let words = analyse(self.lexicon(), &request.text);
        let ids = if words.words.is_empty() && words.grams.is_empty() {
            snapshot.newest(request.library, &filter, offset + request.limit + 1)
        } else {
            let profile = self.profiles().get(DEFAULT_PROFILE).ok_or_else(|| {
                MatchError::request(ProblemCode::UnknownProfile, "缺少 default 排序方案")
            })?;
            let hits = snapshot.search(&LexicalQuery {
                library: request.library,
                words: &terms(&words.words),
                grams: &terms(&words.grams),
                weights: &slot_weights(profile),
                filter: &filter,
                depth: Depth::Best(SEARCH_DEPTH.min(offset + request.limit + 1)),
            })?;
            hits.into_iter().map(|hit| hit.id).collect()
        };
        let page: Vec<_> = ids.iter().skip(offset).take(request.limit).copied().collect();
        let mut records =
            hydrate::newest(self.store(), page.iter().copied(), request.viewer).await?;
        let wanted: HashSet<&str> = words.words.iter().map(|word| word.text.as_str()).collect();
        let hits = page
            .iter()
            .filter_map(|id| records.remove(id))
            .map(|stored| SearchHit { marks: self.marks(&stored, request.viewer, &wanted), stored })
            .collect();
        let next = offset + request.limit;
        let more = ids.len() > next && next < SEARCH_DEPTH;
        Ok(SearchPage {
            hits,
            library_count: snapshot.record_count(request.library),
            next: more.then(|| next.to_string()),
        })
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

fn check(request: &SearchRequest) -> Result<()> {
    if !(1..=PAGE_LIMIT).contains(&request.limit) {
        return Err(MatchError::request(
            ProblemCode::InvalidParameter,
            format!("limit 须在 1 到 {PAGE_LIMIT} 之间，现为 {}", request.limit),
        ));
    }
    let chars = request.text.chars().count();
    if chars > QUERY_LIMIT_CHARS {
        return Err(MatchError::request(
            ProblemCode::TextTooLong,
            format!(
                "检索词有 {chars} 个字符，上限为 {QUERY_LIMIT_CHARS}；整段需求请用匹配，不用检索"
            ),
        ));
    }
    Ok(())
}

fn offset_of(cursor: Option<&str>) -> Result<usize> {
    let Some(cursor) = cursor else { return Ok(0) };
    cursor.parse().ok().filter(|offset| *offset < SEARCH_DEPTH).ok_or_else(|| {
        MatchError::request(
            ProblemCode::InvalidParameter,
            "cursor 无效；请用上一页返回的 next，或从第一页开始",
        )
    })
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
