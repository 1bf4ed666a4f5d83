//! Pairs of records that look alike, side by side.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{RecordId, TextField, Viewer};
use kechuang_store::StoredRecord;

use super::{PageRefusal, page_of, text::shortened};
use crate::{
    Service,
    access::PageKeeper,
    api::duplicates::{DuplicateInput, LISTED, keep},
    extract::Fields,
    problem::Refusal,
};

/// Characters of each text that are shown.
const SHOWN_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "duplicates.html")]
struct DuplicatesPage {
    pairs: Vec<Pair>,
}

struct Pair {
    sides: [Side; 2],
    percent: String,
}

struct Side {
    id: String,
    number: String,
    title: String,
    owner: String,
    text: String,
    from: String,
}

impl Side {
    fn new(stored: &StoredRecord) -> Self {
        let content = &stored.record.content;
        let texts: Vec<&str> = content
            .texts_for(Viewer::Public)
            .filter(|(field, _)| *field != TextField::Title)
            .map(|(_, text)| text)
            .collect();
        Self {
            id: stored.record.id.to_string(),
            number: stored.record.public_number(),
            title: content.title_for(Viewer::Public).to_owned(),
            owner: stored.owner_name.clone(),
            text: shortened(&texts.join("\n"), SHOWN_CHARS),
            from: stored.record.provenance.label(),
        }
    }
}

/// Shows the pairs.
pub async fn show(State(service): State<Service>, _: PageKeeper) -> Result<Response, PageRefusal> {
    let store = service.engine.store();
    let offers = store.open_duplicates(LISTED).await.map_err(Refusal::from)?;
    let ids: Vec<RecordId> = offers.iter().flat_map(|offer| [offer.first, offer.second]).collect();
    let records = store.records(&ids).await.map_err(Refusal::from)?;
    let records: HashMap<RecordId, StoredRecord> =
        records.into_iter().map(|stored| (stored.record.id, stored)).collect();
    let pairs = offers.iter().filter_map(|offer| {
        let side = |id| records.get(&id).map(Side::new);
        Some(Pair {
            sides: [side(offer.first)?, side(offer.second)?],
            percent: format!("{:.0}", offer.score * 100.0),
        })
    });
    Ok(page_of(&DuplicatesPage { pairs: pairs.collect() }))
}

/// Keeps what the visitor says of a pair.
pub async fn decide(
    State(service): State<Service>,
    _: PageKeeper,
    fields: Result<Fields<DuplicateInput>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Fields(input) = fields?;
    keep(&service, &input).await?;
    Ok(Redirect::to("/duplicates").into_response())
}
