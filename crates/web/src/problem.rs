//! The one table from problem code to HTTP status, and problem+json (RFC 9457).

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kechuang_domain::{Problem, ProblemCode};
use kechuang_ingest::IngestError;
use kechuang_matching::MatchError;
use kechuang_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// The status of a code.
#[must_use]
pub const fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::InvalidJson | ProblemCode::InvalidParameter | ProblemCode::UnknownProfile => {
            StatusCode::BAD_REQUEST
        }
        ProblemCode::InvalidField
        | ProblemCode::EmptyText
        | ProblemCode::TextTooLong
        | ProblemCode::InvalidFile
        | ProblemCode::NotMatchable => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ProblemCode::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::NotFound
        | ProblemCode::UnknownRecord
        | ProblemCode::UnknownRun
        | ProblemCode::UnknownImport => StatusCode::NOT_FOUND,
        ProblemCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ProblemCode::Unauthorized => StatusCode::UNAUTHORIZED,
        ProblemCode::ImportNotWaiting => StatusCode::CONFLICT,
        ProblemCode::RevisionConflict => StatusCode::PRECONDITION_FAILED,
        ProblemCode::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        ProblemCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Unavailable | ProblemCode::ReadOnly => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// `urn:kechuang:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The code's Chinese title.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: &'static str,
    /// What is wrong, where, and what to do, in Chinese.
    detail: String,
}

/// A refusal on the API.
#[derive(Debug)]
pub struct Refusal(pub Problem);

impl Refusal {
    /// A refusal with its detail in Chinese.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self(Problem::new(code, detail))
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<MatchError> for Refusal {
    fn from(error: MatchError) -> Self {
        Self(logged(&error))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::from(MatchError::from(error))
    }
}

impl From<IngestError> for Refusal {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::File(why) => Self::new(ProblemCode::InvalidFile, why),
            IngestError::Store(error) => error.into(),
            other => {
                tracing::error!(error = %other, "an import failed");
                Self::new(ProblemCode::Internal, "导入出错，已记入日志；请稍后再试")
            }
        }
    }
}

/// The problem to tell; what is our own fault goes to the log in full.
pub(crate) fn logged(error: &MatchError) -> Problem {
    let problem = error.problem();
    if status(problem.code).is_server_error() {
        tracing::error!(%error, code = problem.code.code(), "a request failed");
    }
    problem
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(Problem { code, detail, retry_after_seconds }) = self;
        let status = status(code);
        let document = ProblemDocument {
            kind: format!("urn:kechuang:problem:{code}"),
            title: code.title(),
            status: status.as_u16(),
            code: code.code(),
            detail,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if code == ProblemCode::Unauthorized {
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        response.headers_mut().extend(retry_after(retry_after_seconds));
        response
    }
}

/// The header that tells when to come back.
pub(crate) fn retry_after(seconds: Option<u64>) -> Option<(HeaderName, HeaderValue)> {
    Some((header::RETRY_AFTER, HeaderValue::from(seconds?)))
}
