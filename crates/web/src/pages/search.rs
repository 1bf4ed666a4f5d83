//! Searching a library.

use askama::Template;
use axum::{extract::State, response::Response};
use kechuang_domain::{Library, TextField, Viewer};
use kechuang_matching::SearchHit;

use super::{
    PageRefusal, page_of,
    text::{Piece, excerpt, pieces},
};
use crate::{Service, api::search::SearchParams, extract::Params, names::Names};

/// Characters of a record's text shown in the list.
const EXCERPT_CHARS: usize = 140;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    library: Library,
    text: &'a str,
    region: String,
    regions: Vec<(String, &'a str)>,
    hits: Vec<HitLine>,
    library_count: u64,
    next: Option<String>,
}

struct HitLine {
    id: String,
    title: Vec<OwnedPiece>,
    excerpt: Vec<OwnedPiece>,
    has_before: bool,
    has_after: bool,
    owner: String,
    place: Option<String>,
    chain: Option<String>,
    status: Option<&'static str>,
    sample: bool,
}

struct OwnedPiece {
    text: String,
    marked: bool,
}

fn owned(pieces: Vec<Piece<'_>>) -> Vec<OwnedPiece> {
    pieces
        .into_iter()
        .map(|piece| OwnedPiece { text: piece.text.to_owned(), marked: piece.marked })
        .collect()
}

impl HitLine {
    fn new(hit: &SearchHit, names: &Names) -> Self {
        let record = &hit.stored.record;
        let marks = |field| {
            let of_field = hit.marks.iter().find(|(marked, _)| *marked == field);
            of_field.map_or(&[][..], |(_, spans)| spans.as_slice())
        };
        let title = record.content.title_for(Viewer::Public);
        // The text with a mark says why the record was found; else the first one.
        let mut texts: Vec<_> = record
            .content
            .texts_for(Viewer::Public)
            .filter(|(field, _)| *field != TextField::Title && *field != TextField::Keywords)
            .collect();
        texts.sort_by_key(|(field, _)| marks(*field).is_empty());
        let (text, spans) =
            texts.first().map_or(("", &[][..]), |(field, text)| (*text, marks(*field)));
        let excerpt = excerpt(text, spans, EXCERPT_CHARS);
        let is_active = record.status == kechuang_domain::Status::Active;
        Self {
            id: record.id.to_string(),
            title: owned(pieces(title, marks(TextField::Title))),
            has_before: excerpt.has_before,
            has_after: excerpt.has_after,
            excerpt: owned(excerpt.pieces),
            owner: hit.stored.owner_name.clone(),
            place: record.content.region.map(|region| names.region(region)),
            chain: record.content.chain.as_ref().map(|chain| names.chain(chain)),
            status: (!is_active).then(|| record.status.label()),
            sample: record.content.sample,
        }
    }
}

/// Shows a page of results.
pub async fn show(
    State(service): State<Service>,
    params: Result<Params<SearchParams>, crate::problem::Refusal>,
) -> Result<Response, PageRefusal> {
    let Params(params) = params?;
    let request = params.into_request()?;
    let page = service.engine.search(&request).await?;
    let regions = service.names.regions();
    let region = request.region.map(|region| region.to_string()).unwrap_or_default();
    Ok(page_of(&SearchPage {
        library: request.library,
        text: &request.text,
        region,
        regions: regions.into_iter().map(|(code, name)| (code.to_string(), name)).collect(),
        hits: page.hits.iter().map(|hit| HitLine::new(hit, &service.names)).collect(),
        library_count: page.library_count,
        next: page.next,
    }))
}
