//! Questions back to whoever posed a demand.

use std::net::SocketAddr;

use axum::{
    Json as Answer,
    extract::{ConnectInfo, State},
    http::HeaderMap,
};
use kechuang_domain::{Question, QuestionKind};
use kechuang_matching::clock;
use serde::Serialize;
use utoipa::ToSchema;

use super::matches::RunParams;
use crate::{
    Service,
    extract::{Params, Segment},
    problem::{ProblemDocument, Refusal},
};

/// Questions whose answers would make a demand clearer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questions)]
pub struct QuestionsWire {
    /// At most three.
    pub questions: Vec<QuestionWire>,
}

/// One question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub struct QuestionWire {
    /// `indicator`, `object` or `application`, which the demand lacks, or `split`, where the answers fall into groups.
    #[schema(value_type = String)]
    pub kind: QuestionKind,
    /// The question.
    pub text: String,
    /// Answers to choose from; absent where any may be given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Which share of the first five answers changes by an answer, on the average of the options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<f64>,
}

impl From<Question> for QuestionWire {
    fn from(Question { kind, text, options, effect }: Question) -> Self {
        Self { kind, text, options, effect }
    }
}

/// The questions of a saved run of a free text; none for a run from a record. An answer is added to the text, as
/// `侧重：…`, and matched anew.
#[utoipa::path(get, path = "/api/v1/matches/{run}/questions", operation_id = "read_questions", tag = "匹配",
    params(("run" = String, Path, description = "匹配编号"), RunParams), responses(
    (status = 200, description = "至多三个问题", body = QuestionsWire),
    (status = 404, description = "没有、过期，或令牌不对", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument)))]
pub async fn read(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    Segment(run): Segment,
    Params(params): Params<RunParams>,
    headers: HeaderMap,
) -> Result<Answer<QuestionsWire>, Refusal> {
    // Each tries what an answer would change, by matching anew.
    service.limits.match_run(from.into())?;
    let saved = params.open(&service, &run, &headers).await?;
    let questions = service.engine.questions(saved.id, clock::now()).await?;
    Ok(Answer(QuestionsWire { questions: questions.into_iter().map(QuestionWire::from).collect() }))
}
