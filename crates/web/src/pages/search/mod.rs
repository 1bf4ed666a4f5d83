//! Searching a library. Facets are links, so that one press narrows the list without a script.

mod address;
mod hit;

use askama::Template;
use axum::{extract::State, response::Response};
use kechuang_domain::{Facet, Lapse, Library, Sort};
use kechuang_matching::{Currency, FacetChoice, FacetPart, FacetValue, SearchRequest, clock};

use self::{address::Address, hit::HitLine};
use super::{PageRefusal, page_of};
use crate::{
    Names, Service,
    api::{search::SearchParams, sheets::EXPORT_LIMIT},
    extract::Params,
    problem::Refusal,
};

/// Values of a facet that are shown before one asks for more.
const VALUES_SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    library: Library,
    text: &'a str,
    /// What the form sends beside words and order, so that a new search keeps what is chosen.
    kept: Vec<(&'static str, String)>,
    sorts: Vec<SortChoice>,
    facets: Vec<FacetRow>,
    chosen: Vec<ChosenValue>,
    clear: String,
    hits: Vec<HitLine>,
    total: u64,
    library_count: u64,
    lapsed: Option<LapsedNote>,
    /// Where the list can be had as a file, by what it is called.
    exports: Vec<(&'static str, String)>,
    next: Option<String>,
    first: Option<String>,
}

struct SortChoice {
    code: &'static str,
    label: &'static str,
    is_chosen: bool,
}

struct FacetRow {
    label: &'static str,
    shown: Vec<ValueLink>,
    more: Vec<ValueLink>,
}

struct ValueLink {
    label: String,
    count: u64,
    is_chosen: bool,
    /// Where the value is chosen, or not any more.
    href: String,
}

struct ChosenValue {
    facet: &'static str,
    label: String,
    href: String,
}

/// How many records do not hold today, and where they are left out or listed.
struct LapsedNote {
    before: &'static str,
    count: u64,
    label: &'static str,
    link: &'static str,
    href: String,
}

/// Shows a page of results.
pub async fn show(
    State(service): State<Service>,
    params: Result<Params<SearchParams>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Params(params) = params?;
    let request = params.into_request()?;
    let now = clock::now();
    let page = service.engine.search(&request, now).await?;
    let address = Address::of(&request);
    let rows = page.facets.into_iter().filter(|part| !part.values.is_empty());
    let rows: Vec<FacetRow> =
        rows.map(|part| FacetRow::new(part, &address, &service.names)).collect();
    let today = now.china_date();
    Ok(page_of(&SearchPage {
        library: request.library,
        text: &request.text,
        kept: address.kept(),
        sorts: sorts(&request),
        chosen: rows.iter().flat_map(FacetRow::chosen).collect(),
        facets: rows,
        clear: address.without_choices(),
        hits: page.hits.iter().map(|hit| HitLine::new(hit, &service.names, today)).collect(),
        total: page.total,
        library_count: page.library_count,
        lapsed: lapsed_note(&request, page.lapsed, &address),
        exports: exports(page.total, &address),
        next: page.next.map(|cursor| address.page(&cursor)),
        first: request.cursor.is_some().then(|| address.first()),
    }))
}

/// None where nothing is found, or more than one file holds.
fn exports(total: u64, address: &Address<'_>) -> Vec<(&'static str, String)> {
    if !(1..=EXPORT_LIMIT as u64).contains(&total) {
        return Vec::new();
    }
    vec![("Excel", address.export("xlsx")), ("CSV", address.export("csv"))]
}

/// The orders to choose from. The usual one goes without a name, so that a search for words, typed where
/// none were, comes best first.
fn sorts(request: &SearchRequest) -> Vec<SortChoice> {
    let usual = SearchRequest { sort: None, ..request.clone() }.sort();
    let mut choices: Vec<SortChoice> = Vec::new();
    for sort in Sort::of(request.library) {
        let is_usual = sort == usual;
        let Some(label) = sort.label_in(request.library) else { continue };
        if sort == Sort::Relevance && !is_usual {
            continue;
        }
        let code = if is_usual { "" } else { sort.code() };
        choices.push(SortChoice { code, label, is_chosen: sort == request.sort() });
    }
    choices
}

fn lapsed_note(request: &SearchRequest, count: u64, address: &Address<'_>) -> Option<LapsedNote> {
    let (before, link, other) = match request.currency() {
        Currency::All => ("其中", "不列出", Currency::Only),
        Currency::Only => ("另有", "一并列出", Currency::All),
    };
    let label = Lapse::in_library(request.library).label();
    let href = address.with_currency(other);
    (count > 0).then_some(LapsedNote { before, count, label, link, href })
}

impl FacetRow {
    fn new(part: FacetPart, address: &Address<'_>, names: &Names) -> Self {
        let FacetPart { facet, label, values } = part;
        let link = |(label, counted): (String, FacetValue)| ValueLink {
            label,
            count: counted.count,
            is_chosen: counted.is_selected,
            href: address.toggled(facet, &counted.value),
        };
        let values = values.into_iter().filter(|FacetChoice { counted, .. }| {
            counted.is_selected || names.tells_apart(facet, &counted.value)
        });
        let links = names.facet_values(facet, values.collect()).into_iter().map(link);
        let (mut shown, mut more) = (Vec::new(), Vec::new());
        for link in links {
            let is_early = shown.len() < VALUES_SHOWN || link.is_chosen;
            if is_early { shown.push(link) } else { more.push(link) }
        }
        // Nobody wants to open a list for one more value.
        if more.len() == 1 {
            shown.append(&mut more);
        }
        if facet == Facet::Year {
            shown.sort_by(|a, b| b.label.cmp(&a.label));
        }
        Self { label, shown, more }
    }

    fn chosen(&self) -> impl Iterator<Item = ChosenValue> {
        self.shown.iter().filter(|link| link.is_chosen).map(|link| ChosenValue {
            facet: self.label,
            label: link.label.clone(),
            href: link.href.clone(),
        })
    }
}
