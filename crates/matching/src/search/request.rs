//! What is searched for, checked.

use kechuang_domain::{Facet, Library, ProblemCode, Selection, Sort, Status, Viewer};

use crate::{MatchError, Result};

/// Records on one page, at most.
pub const PAGE_LIMIT: usize = 100;
/// Characters of the longest query.
const QUERY_LIMIT_CHARS: usize = 500;
/// Values that can be chosen together, at most.
const CHOSEN_LIMIT: usize = 100;

/// Whether records whose period is over are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currency {
    /// Only those that hold today.
    Only,
    /// Those that are over too.
    All,
}

impl Currency {
    /// The stable name in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::All => "all",
        }
    }

    /// What a library is listed with if nothing is said: a policy that is over must not be taken for
    /// one in force.
    #[must_use]
    pub const fn usual(library: Library) -> Self {
        match library {
            Library::Policy => Self::Only,
            Library::Achievement | Library::Demand | Library::Equipment => Self::All,
        }
    }
}

/// A search in one library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// Which library.
    pub library: Library,
    /// Words to find; empty lists the library.
    pub text: String,
    /// What is chosen of the library's facets.
    pub facets: Selection,
    /// Only this standing.
    pub status: Option<Status>,
    /// Whether records whose period is over are listed; as usual in the library if nothing is said.
    pub current: Option<Currency>,
    /// In which order; best first if nothing is said and there are words, newest first without.
    pub sort: Option<Sort>,
    /// Records on the page, 1 to [`PAGE_LIMIT`].
    pub limit: usize,
    /// Where the page starts, as the page before gave it.
    pub cursor: Option<String>,
    /// On whose behalf.
    pub viewer: Viewer,
}

impl SearchRequest {
    /// The first page of a library, as usual.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self {
            library,
            text: String::new(),
            facets: Selection::new(),
            status: None,
            current: None,
            sort: None,
            limit: 20,
            cursor: None,
            viewer: Viewer::Public,
        }
    }

    /// The order that the list has. Without words nothing is more relevant than anything else.
    #[must_use]
    pub fn sort(&self) -> Sort {
        let has_words = !self.text.trim().is_empty();
        match self.sort {
            Some(Sort::Relevance) | None if has_words => Sort::Relevance,
            Some(Sort::Relevance) | None => Sort::Newest,
            Some(sort) => sort,
        }
    }

    /// Whether records whose period is over are listed.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.current.unwrap_or(Currency::usual(self.library))
    }

    pub(super) fn check(&self) -> Result<()> {
        if !(1..=PAGE_LIMIT).contains(&self.limit) {
            return Err(wrong(format!("limit 须在 1 到 {PAGE_LIMIT} 之间，现为 {}", self.limit)));
        }
        let chars = self.text.chars().count();
        if chars > QUERY_LIMIT_CHARS {
            let told = format!(
                "检索词有 {chars} 个字符，上限为 {QUERY_LIMIT_CHARS}；整段需求请用匹配，不用检索"
            );
            return Err(MatchError::request(ProblemCode::TextTooLong, told));
        }
        let label = self.library.label();
        if let Some(facet) = self.facets.keys().find(|facet| facet.label_in(self.library).is_none())
        {
            let known: Vec<_> = Facet::of(self.library).map(Facet::code).collect();
            return Err(wrong(format!("{label}没有 {facet} 这一分面；可用：{}", known.join("、"))));
        }
        if let Some(sort) = self.sort.filter(|sort| sort.label_in(self.library).is_none()) {
            let known: Vec<_> = Sort::of(self.library).map(Sort::code).collect();
            return Err(wrong(format!("{label}没有 {sort} 这种排序；可用：{}", known.join("、"))));
        }
        let chosen: usize = self.facets.values().map(std::collections::BTreeSet::len).sum();
        if chosen > CHOSEN_LIMIT {
            return Err(wrong(format!(
                "共选了 {chosen} 个分面值，上限 {CHOSEN_LIMIT}；请少选一些"
            )));
        }
        Ok(())
    }
}

pub(super) fn wrong(detail: impl Into<String>) -> MatchError {
    MatchError::request(ProblemCode::InvalidParameter, detail)
}
