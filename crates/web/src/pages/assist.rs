//! How the large model is doing, for those who keep the site.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{PageRefusal, page_of};
use crate::{Service, access::PageKeeper, api::assist::AssistState};

#[derive(Template)]
#[template(path = "assist.html")]
struct AssistPage {
    state: AssistState,
    /// The share of the accepted, in per cent.
    acceptance: Option<String>,
}

impl AssistPage {
    /// What a state of a run is called.
    fn called(state: &str) -> &'static str {
        match state {
            "waiting" => "等待评审",
            "refined" => "已评审",
            "degraded" => "未能评审",
            _ => "其他",
        }
    }
}

/// Shows the page.
pub async fn show(_: PageKeeper, State(service): State<Service>) -> Result<Response, PageRefusal> {
    let state = AssistState::read(&service).await?;
    let acceptance = state.acceptance.map(|share| format!("{:.0}%", share * 100.0));
    Ok(page_of(&AssistPage { state, acceptance }))
}
