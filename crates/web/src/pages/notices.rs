//! What owners are to be told of records that nobody has confirmed for long, one letter an owner.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{Freshness, RecordId, Viewer};
use serde::Deserialize;

use super::{PageRefusal, page_of};
use crate::{
    Service,
    access::PageKeeper,
    api::notices::{LISTED, NoticeParams, keep, standing},
    extract::{Fields, Params, record_id},
    problem::Refusal,
};

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    letters: Vec<Letter>,
    total: i64,
    page: i64,
    pages: i64,
}

struct Letter {
    owner: String,
    lines: Vec<Line>,
    /// The ids of all its records, for confirming them together.
    ids: String,
}

struct Line {
    id: String,
    number: String,
    title: String,
    confirmed_on: String,
    hides_on: String,
    is_hidden: bool,
}

/// Shows the letters.
pub async fn show(
    State(service): State<Service>,
    _: PageKeeper,
    params: Result<Params<NoticeParams>, Refusal>,
) -> Result<Response, PageRefusal> {
    let page = params?.0.number()?;
    let (notices, total) = standing(&service, page).await?;
    let pages = (total + LISTED - 1) / LISTED;
    let mut by_owner: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for (notice, stored) in notices {
        let line = Line {
            id: notice.record.to_string(),
            number: stored.record.public_number(),
            title: stored.record.content.title_for(Viewer::Public).to_owned(),
            confirmed_on: notice.confirmed_at.china_date().to_string(),
            hides_on: notice.hides_at.china_date().to_string(),
            is_hidden: notice.freshness == Freshness::Hidden,
        };
        by_owner.entry(notice.owner).or_default().push(line);
    }
    let letters = by_owner.into_iter().map(|(owner, lines)| {
        let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        Letter { ids: ids.join(" "), owner, lines }
    });
    Ok(page_of(&NoticesPage { letters: letters.collect(), total, page, pages }))
}

/// Records that somebody stands by, as a form sends them.
#[derive(Debug, Deserialize)]
pub struct Confirmed {
    /// Ids, with spaces between them.
    records: String,
    /// The page to go back to: the record's own, else the letters.
    #[serde(default)]
    back: Option<String>,
}

/// Confirms records.
pub async fn confirm(
    State(service): State<Service>,
    _: PageKeeper,
    fields: Result<Fields<Confirmed>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Fields(Confirmed { records, back }) = fields?;
    let mut ids: Vec<RecordId> = Vec::new();
    for id in records.split_whitespace() {
        ids.push(record_id(id)?);
    }
    keep(&service, &ids).await?;
    let to = match (back.as_deref(), ids.first()) {
        (Some("record"), Some(id)) => format!("/records/{id}"),
        _ => "/notices".to_owned(),
    };
    Ok(Redirect::to(&to).into_response())
}
