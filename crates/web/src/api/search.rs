//! Searching and listing a library.

use std::collections::BTreeMap;

use axum::{Json as Answer, extract::State};
use kechuang_domain::{Library, Problem, ProblemCode, Status, Viewer};
use kechuang_matching::{SearchHit, SearchRequest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Service,
    extract::{Params, optional},
    problem::{ProblemDocument, Refusal},
    wire::record::{Reach, RecordWire},
};

/// Records on a page if nothing is said.
const PAGE_SIZE: usize = 20;

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct SearchParams {
    /// `achievement`, `demand`, `equipment` or `policy`.
    pub library: Option<String>,
    /// Words to find; without them the library is listed, newest first.
    pub q: Option<String>,
    /// Six-digit division code: this division and what lies within it.
    pub region: Option<String>,
    /// `active` or `closed`.
    pub status: Option<String>,
    /// Records on a page, 1 to 100.
    #[param(value_type = Option<u32>)]
    pub limit: Option<String>,
    /// Where the page starts, as `next` of the page before gave it.
    pub cursor: Option<String>,
}

impl SearchParams {
    /// The search that this asks for, in the achievements if no library is named.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidParameter`] naming the parameter.
    pub fn into_request(self) -> Result<SearchRequest, Problem> {
        let status = match self.status.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
            None => None,
            Some(code) => Some(
                Status::from_code(code).filter(|status| *status != Status::Withdrawn).ok_or_else(
                    || {
                        let detail =
                            format!("参数 status：没有状态「{code}」；可用：active、closed");
                        Problem::new(ProblemCode::InvalidParameter, detail)
                    },
                )?,
            ),
        };
        let limit = optional::<usize>("limit", self.limit.as_deref()).map_err(|_| {
            Problem::new(ProblemCode::InvalidParameter, "参数 limit：应为 1 到 100 的整数")
        })?;
        Ok(SearchRequest {
            library: optional("library", self.library.as_deref())?.unwrap_or(Library::Achievement),
            text: self.q.unwrap_or_default(),
            region: optional("region", self.region.as_deref())?,
            status,
            limit: limit.unwrap_or(PAGE_SIZE),
            cursor: self.cursor.filter(|cursor| !cursor.is_empty()),
            viewer: Viewer::Public,
        })
    }
}

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordPage)]
pub struct PageWire {
    /// The records, best or newest first.
    pub records: Vec<HitWire>,
    /// How many public records the library holds, found or not.
    pub library_count: u64,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A record that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hit)]
pub struct HitWire {
    /// The record.
    #[serde(flatten)]
    pub record: RecordWire,
    /// What to mark in its texts: pairs of byte offsets by field.
    pub marks: BTreeMap<&'static str, Vec<(usize, usize)>>,
}

impl From<SearchHit> for HitWire {
    fn from(hit: SearchHit) -> Self {
        let marks = hit.marks.into_iter().map(|(field, spans)| {
            (field.code(), spans.into_iter().map(|span| (span.start, span.end)).collect())
        });
        Self {
            marks: marks.collect(),
            record: RecordWire::new(&hit.stored, Reach::Viewer(Viewer::Public)),
        }
    }
}

/// Searches a library, or lists it.
#[utoipa::path(get, path = "/api/v1/records", operation_id = "search_records", tag = "四库", params(SearchParams), responses(
    (status = 200, description = "一页记录", body = PageWire),
    (status = 400, description = "参数有误", body = ProblemDocument),
    (status = 422, description = "检索词过长", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument)))]
pub async fn search(
    State(service): State<Service>,
    Params(params): Params<SearchParams>,
) -> Result<Answer<PageWire>, Refusal> {
    let page = service.engine.search(&params.into_request()?).await?;
    Ok(Answer(PageWire {
        records: page.hits.into_iter().map(HitWire::from).collect(),
        library_count: page.library_count,
        next: page.next,
    }))
}
