//! The pages: server-rendered, without scripts.

pub mod assist;
mod beside;
pub mod duplicates;
pub mod home;
pub mod import;
pub mod imports;
pub mod notices;
pub mod questions;
pub mod reading;
pub mod record;
pub mod run;
pub mod search;
mod text;

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use kechuang_domain::{Problem, ProblemCode};
use kechuang_matching::MatchError;

use crate::problem::{Refusal, logged, retry_after, status};

/// A refusal as a page.
#[derive(Debug)]
pub struct PageRefusal(pub Problem);

impl From<Problem> for PageRefusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Refusal> for PageRefusal {
    fn from(Refusal(problem): Refusal) -> Self {
        Self(problem)
    }
}

impl From<MatchError> for PageRefusal {
    fn from(error: MatchError) -> Self {
        Self(logged(&error))
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    status: u16,
    title: &'a str,
    detail: &'a str,
}

impl IntoResponse for PageRefusal {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = status(problem.code);
        let page = ProblemPage {
            status: status.as_u16(),
            title: problem.code.title(),
            detail: &problem.detail,
        };
        let mut response = (status, page_of(&page)).into_response();
        response.headers_mut().extend(retry_after(problem.retry_after_seconds));
        response
    }
}

/// Renders a template.
fn page_of(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Refusal::new(ProblemCode::Internal, "页面没有生成；请稍后再试").into_response()
        }
    }
}

/// The one style sheet.
pub async fn style() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let keep = HeaderValue::from_static("public, max-age=3600");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)];
    (headers, include_str!("../../static/style.css")).into_response()
}
