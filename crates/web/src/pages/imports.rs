//! Handing files in from a page, and the newest imports.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{Import, Library, Watch};
use kechuang_ingest::import;
use kechuang_matching::clock;
use kechuang_store::FeedStatus;
use serde::Deserialize;

use super::{PageRefusal, page_of};
use crate::{
    Service,
    access::{PageKeeper, is_keeper, keeper_cookie},
    api::imports::LISTED,
    extract::Fields,
    problem::Refusal,
    upload::{UPLOAD_LIMIT_BYTES, Upload},
};

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    libraries: [Library; 4],
    limit_mb: usize,
    imports: Vec<ImportLine>,
    feeds: Vec<FeedLine>,
}

struct FeedLine {
    name: String,
    asked_at: String,
    next_at: String,
    error: Option<String>,
}

impl From<FeedStatus> for FeedLine {
    fn from(feed: FeedStatus) -> Self {
        Self {
            name: feed.name,
            asked_at: feed.asked_at.china_minute(),
            next_at: feed.next_at.china_minute(),
            error: feed.error,
        }
    }
}

struct ImportLine {
    id: String,
    file: String,
    source: String,
    library: &'static str,
    stage: &'static str,
    created_at: String,
}

impl From<Import> for ImportLine {
    fn from(import: Import) -> Self {
        Self {
            id: import.id.to_string(),
            file: import.file,
            source: import.source,
            library: import.library.label(),
            stage: import.stage.label(),
            created_at: import.created_at.china_minute(),
        }
    }
}

#[derive(Template)]
#[template(path = "enter.html")]
struct EnterPage {}

/// Shows the form and the newest imports, or asks for the write token.
pub async fn show(
    State(service): State<Service>,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    if !is_keeper(&service, &headers).await? {
        return Ok(page_of(&EnterPage {}));
    }
    let imports = service.engine.store().newest_imports(LISTED).await.map_err(Refusal::from)?;
    let feeds = service.engine.store().feeds().await.map_err(Refusal::from)?;
    Ok(page_of(&ImportsPage {
        libraries: Library::ALL,
        limit_mb: UPLOAD_LIMIT_BYTES >> 20,
        imports: imports.into_iter().map(ImportLine::from).collect(),
        feeds: feeds.into_iter().map(FeedLine::from).collect(),
    }))
}

/// The write token, as the form sends it.
#[derive(Debug, Deserialize)]
pub struct TokenForm {
    token: String,
}

/// Lets a visitor who shows the write token hand files in.
pub async fn enter(
    State(service): State<Service>,
    form: Result<Fields<TokenForm>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Fields(TokenForm { token }) = form?;
    let cookie = keeper_cookie(&service, &token).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/imports")).into_response())
}

/// Takes a file and goes to where it can be watched.
pub async fn create(
    State(service): State<Service>,
    _: PageKeeper,
    upload: Result<Upload, Refusal>,
) -> Result<Response, PageRefusal> {
    let Upload(file) = upload?;
    let id = import::submit(service.engine.store(), file, clock::now(), &Watch::nobody()).await;
    let id = id.map_err(Refusal::from)?;
    Ok(Redirect::to(&format!("/imports/{id}")).into_response())
}
