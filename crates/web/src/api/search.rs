//! Searching and listing a library.

use std::collections::BTreeMap;

use axum::{Json as Answer, extract::State};
use kechuang_domain::{
    Date, Facet, Library, Problem, ProblemCode, Selection, Sort, Status, Viewer,
};
use kechuang_matching::{Currency, FacetPart, SearchHit, SearchPage, SearchRequest, clock};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Names, Service,
    extract::{Params, optional},
    problem::{ProblemDocument, Refusal},
    wire::record::{Reach, RecordWire},
};

/// What to look for. Facets can be given several times: any of the values will do, and every facet
/// must.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(from = "Vec<(String, String)>")]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// `achievement` (if left out), `demand`, `equipment` or `policy`.
    pub library: Option<String>,
    /// Words to find; without them the library is listed. A record matches when it has more than half
    /// of the words.
    pub q: Option<String>,
    /// Industry chain codes.
    pub chain: Vec<String>,
    /// Sections or divisions of GB/T 4754, such as `C` or `C39`.
    pub industry: Vec<String>,
    /// Six-digit division codes: each with what lies within it.
    pub region: Vec<String>,
    /// Stage of a result, band of a demand's expected readiness level (`1-3`, `4-6`, `7-9`), level of a
    /// policy.
    pub stage: Vec<String>,
    /// Class of a result, category of a demand, kind of a resource, ways in which a policy supports.
    pub kind: Vec<String>,
    /// Owners, by the values that the facet tells.
    pub owner: Vec<String>,
    /// Years: finished, due, in use since, in force since.
    pub year: Vec<String>,
    /// `active`, `closed` or `suspect`.
    pub status: Option<String>,
    /// `only`: what holds today; `all`: also demands past their day, policies not in force any more and
    /// what its owner does not stand by. If left out, `only` for policies and `all` elsewhere.
    pub current: Option<String>,
    /// `relevance` (if left out, with `q`), `newest` (if left out, without), `updated`, `confirmed`; for
    /// demands `deadline`, for policies `effective_from` and `effective_until`; `amount` for demands,
    /// equipment and policies.
    pub sort: Option<String>,
    /// Records on a page, 1 to 100; 20 if left out.
    #[param(value_type = Option<u32>)]
    pub limit: Option<String>,
    /// Where the page starts, as `next` of the page before gave it.
    pub cursor: Option<String>,
}

impl From<Vec<(String, String)>> for SearchParams {
    /// Blank values, as forms send them, say nothing; of a parameter that takes one value the last counts.
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut params = Self::default();
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
            if let Ok(facet) = name.parse() {
                params.chosen_mut(facet).push(value);
                continue;
            }
            match name.as_str() {
                "library" => params.library = Some(value),
                "q" => params.q = Some(value),
                "status" => params.status = Some(value),
                "current" => params.current = Some(value),
                "sort" => params.sort = Some(value),
                "limit" => params.limit = Some(value),
                "cursor" => params.cursor = Some(value),
                _ => {}
            }
        }
        params
    }
}

impl SearchParams {
    /// The search that this asks for, in the achievements if no library is named.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidParameter`] naming the parameter.
    pub fn into_request(self) -> Result<SearchRequest, Problem> {
        let limit = optional::<usize>("limit", self.limit.as_deref())
            .map_err(|_| wrong("参数 limit：应为 1 到 100 的整数"))?;
        let library = optional("library", self.library.as_deref())?.unwrap_or(Library::Achievement);
        let usual = SearchRequest::new(library);
        Ok(SearchRequest {
            facets: self.selection()?,
            status: self.status.as_deref().map(status).transpose()?,
            current: self.current.as_deref().map(currency).transpose()?,
            sort: optional::<Sort>("sort", self.sort.as_deref())?,
            limit: limit.unwrap_or(usual.limit),
            text: self.q.unwrap_or_default(),
            cursor: self.cursor,
            ..usual
        })
    }

    fn chosen_mut(&mut self, facet: Facet) -> &mut Vec<String> {
        match facet {
            Facet::Chain => &mut self.chain,
            Facet::Industry => &mut self.industry,
            Facet::Region => &mut self.region,
            Facet::Stage => &mut self.stage,
            Facet::Kind => &mut self.kind,
            Facet::Owner => &mut self.owner,
            Facet::Year => &mut self.year,
        }
    }

    fn chosen(&self, facet: Facet) -> &[String] {
        match facet {
            Facet::Chain => &self.chain,
            Facet::Industry => &self.industry,
            Facet::Region => &self.region,
            Facet::Stage => &self.stage,
            Facet::Kind => &self.kind,
            Facet::Owner => &self.owner,
            Facet::Year => &self.year,
        }
    }

    fn selection(&self) -> Result<Selection, Problem> {
        let mut selection = Selection::new();
        for facet in Facet::ALL {
            for text in self.chosen(facet) {
                let value = facet.parse_value(text).map_err(|error| wrong(error.to_string()))?;
                selection.entry(facet).or_default().insert(value);
            }
        }
        Ok(selection)
    }
}

fn status(code: &str) -> Result<Status, Problem> {
    let known = Status::from_code(code.trim()).filter(|status| *status != Status::Withdrawn);
    known.ok_or_else(|| {
        wrong(format!("参数 status：没有状态「{code}」；可用：active、closed、suspect"))
    })
}

fn currency(code: &str) -> Result<Currency, Problem> {
    let known = [Currency::Only, Currency::All].into_iter().find(|one| one.code() == code.trim());
    known.ok_or_else(|| {
        wrong(format!("参数 current：没有「{code}」这种取值；可用：only（仅现行）、all（全部）"))
    })
}

fn wrong(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::InvalidParameter, detail)
}

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordPage)]
pub struct PageWire {
    /// The records, in the order that was asked for.
    pub records: Vec<HitWire>,
    /// How many records match, on all pages together.
    pub total: u64,
    /// How many match that do not hold today: within `total` where `current` is `all`, left out of it
    /// where it is `only`.
    pub lapsed: u64,
    /// `only` or `all`.
    pub current: &'static str,
    /// The order that the records have.
    pub sort: &'static str,
    /// What the list can be narrowed by.
    pub facets: Vec<FacetWire>,
    /// How many public records the library holds, found or not.
    pub library_count: u64,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What the list can be narrowed by.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Facet)]
pub struct FacetWire {
    /// The parameter that chooses its values.
    pub facet: &'static str,
    /// The Chinese name.
    pub label: &'static str,
    /// The 20 most frequent values and those that are chosen, by count. Each counts the records that
    /// would match if nothing of this facet were chosen.
    pub values: Vec<FacetValueWire>,
}

/// A value that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FacetValue)]
pub struct FacetValueWire {
    /// What the parameter is to be set to.
    pub value: String,
    /// The Chinese name.
    pub label: String,
    /// How many records have it.
    pub count: u64,
    /// Whether it is chosen.
    pub selected: bool,
}

impl FacetWire {
    /// A facet with the names of its values.
    #[must_use]
    pub fn new(part: FacetPart, names: &Names) -> Self {
        let FacetPart { facet, label, values } = part;
        let values =
            names.facet_values(facet, values).into_iter().map(|(label, counted)| FacetValueWire {
                value: counted.value,
                label,
                count: counted.count,
                selected: counted.is_selected,
            });
        Self { facet: facet.code(), label, values: values.collect() }
    }
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

impl HitWire {
    fn new(hit: SearchHit, today: Date) -> Self {
        let marks = hit.marks.into_iter().map(|(field, spans)| {
            (field.code(), spans.into_iter().map(|span| (span.start, span.end)).collect())
        });
        Self {
            marks: marks.collect(),
            record: RecordWire::new(&hit.stored, Reach::Viewer(Viewer::Public), today),
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
    let request = params.into_request()?;
    let now = clock::now();
    let SearchPage { hits, total, lapsed, facets, library_count, next } =
        service.engine.search(&request, now).await?;
    let today = now.china_date();
    Ok(Answer(PageWire {
        records: hits.into_iter().map(|hit| HitWire::new(hit, today)).collect(),
        total,
        lapsed,
        current: request.currency().code(),
        sort: request.sort().code(),
        facets: facets.into_iter().map(|part| FacetWire::new(part, &service.names)).collect(),
        library_count,
        next,
    }))
}
