//! Pairs of records that look alike, and what a person says of them.

use axum::{Json as Answer, extract::State, http::StatusCode};
use kechuang_domain::{DuplicateDecision, ProblemCode};
use kechuang_matching::clock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    access::Keeper,
    extract::{Json, record_id},
    problem::{ProblemDocument, Refusal},
};

/// Pairs that are listed.
pub(crate) const LISTED: i64 = 50;

/// Pairs that wait for a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateList {
    pairs: Vec<DuplicateWire>,
}

/// A pair.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Duplicate)]
pub struct DuplicateWire {
    /// The earlier record.
    first: String,
    /// The later one.
    second: String,
    /// Their library.
    library: &'static str,
    /// How alike they are, 0 to 1.
    score: f64,
    /// RFC 3339: when they were found.
    created_at: String,
}

/// What a person says of a pair.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicateInput {
    /// The earlier record.
    pub first: String,
    /// The later one.
    pub second: String,
    /// `same`: the earlier one is shown for both; `different`: they are two.
    pub decision: String,
}

/// Lists pairs that wait for a person, newest first.
#[utoipa::path(get, path = "/api/v1/duplicates", operation_id = "list_duplicates", tag = "四库",
    security(("bearer" = [])), responses(
    (status = 200, description = "疑似重复的记录", body = DuplicateList),
    (status = 401, description = "没有令牌", body = ProblemDocument)))]
pub async fn list(
    State(service): State<Service>,
    _: Keeper,
) -> Result<Answer<DuplicateList>, Refusal> {
    let pairs = service.engine.store().open_duplicates(LISTED).await?;
    let pairs = pairs.into_iter().map(|pair| DuplicateWire {
        first: pair.first.to_string(),
        second: pair.second.to_string(),
        library: pair.library.code(),
        score: pair.score,
        created_at: pair.created_at.to_string(),
    });
    Ok(Answer(DuplicateList { pairs: pairs.collect() }))
}

/// Keeps what a person says of a pair.
#[utoipa::path(post, path = "/api/v1/duplicates", operation_id = "decide_duplicate", tag = "四库",
    request_body = DuplicateInput, security(("bearer" = [])), responses(
    (status = 204, description = "已记下"),
    (status = 401, description = "没有令牌", body = ProblemDocument),
    (status = 404, description = "没有这一对，或已有定论", body = ProblemDocument),
    (status = 422, description = "字段有误", body = ProblemDocument)))]
pub async fn decide(
    State(service): State<Service>,
    _: Keeper,
    Json(input): Json<DuplicateInput>,
) -> Result<StatusCode, Refusal> {
    keep(&service, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps a decision, from the API or from the page.
pub(crate) async fn keep(service: &Service, input: &DuplicateInput) -> Result<(), Refusal> {
    let decision = DuplicateDecision::from_code(&input.decision)
        .filter(|decision| *decision != DuplicateDecision::Open)
        .ok_or_else(|| {
            let detail = "字段 decision：可用 same（是同一条）或 different（不是）";
            Refusal::new(ProblemCode::InvalidField, detail)
        })?;
    let (first, second) = (record_id(&input.first)?, record_id(&input.second)?);
    let store = service.engine.store();
    if store.decide_duplicate(first, second, decision, clock::now()).await? {
        Ok(())
    } else {
        Err(Refusal::new(
            ProblemCode::UnknownRecord,
            "没有这一对待确认的记录，或已有定论；请刷新列表",
        ))
    }
}
