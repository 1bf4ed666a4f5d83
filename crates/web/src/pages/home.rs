//! The first page: one box, and what the libraries hold.

use askama::Template;
use axum::{extract::State, response::Response};
use kechuang_domain::{Library, Viewer, fact::FIRM_SIZES};
use kechuang_ingest::sheet::Choices;
use kechuang_matching::{Currency, SearchRequest, clock};

use super::{PageRefusal, page_of, text::shortened};
use crate::{Service, large_model};

/// Demands shown on the first page.
const DEMANDS_SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    libraries: Vec<LibraryCount>,
    demands: Vec<DemandLine>,
    /// What the firm can say of itself, by code and name.
    regions: Vec<(String, String)>,
    chains: Vec<(String, String)>,
    sizes: &'static [&'static str],
    /// The large model that a text is handed to, and where it is; `None` where there is none.
    large_model: Option<String>,
}

struct LibraryCount {
    code: &'static str,
    label: &'static str,
    count: u64,
}

struct DemandLine {
    id: String,
    title: String,
    owner: String,
    sample: bool,
}

/// Shows the first page.
pub async fn show(State(service): State<Service>) -> Result<Response, PageRefusal> {
    let snapshot = service.engine.index().snapshot();
    let libraries = Library::ALL
        .into_iter()
        .map(|library| LibraryCount {
            code: library.code(),
            label: library.label(),
            count: snapshot.record_count(library),
        })
        .collect();
    let newest = SearchRequest {
        limit: DEMANDS_SHOWN,
        current: Some(Currency::Only),
        ..SearchRequest::new(Library::Demand)
    };
    let page = service.engine.search(&newest, clock::now()).await?;
    let demands = page
        .hits
        .into_iter()
        .map(|hit| DemandLine {
            id: hit.stored.record.id.to_string(),
            title: shortened(hit.stored.record.content.title_for(Viewer::Public), 40),
            owner: hit.stored.owner_name,
            sample: hit.stored.record.content.sample,
        })
        .collect();
    let Choices { chains, regions } = &*service.choices;
    let regions = regions.iter().map(|(code, name)| (code.to_string(), name.clone())).collect();
    let chains =
        chains.iter().map(|(code, name)| (code.as_str().to_owned(), name.clone())).collect();
    let large_model = large_model::told(&service);
    let sizes = FIRM_SIZES;
    Ok(page_of(&HomePage { libraries, demands, regions, chains, sizes, large_model }))
}
