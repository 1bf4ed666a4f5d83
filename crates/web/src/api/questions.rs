//! Questions back to whoever posed a demand.

use std::net::SocketAddr;

use axum::{
    Json as Answer,
    extract::{ConnectInfo, State},
    http::HeaderMap,
};
use kechuang_domain::Question;
use kechuang_matching::{SavedMatch, clock};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::matches::RunParams;
use crate::{
    Service,
    extract::{Params, Segment},
    large_model::{self, ModelPart},
    limit::Caller,
    problem::{ProblemDocument, Refusal},
};

/// Questions whose answers would make a demand clearer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questions)]
pub struct QuestionsWire {
    /// At most three.
    pub questions: Vec<QuestionWire>,
    /// Whether a large model took part.
    pub assist: ModelPart,
}

/// One question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub struct QuestionWire {
    /// `indicator`, `object` or `application`, which the demand lacks, or `split`, where the answers fall into groups.
    pub kind: &'static str,
    /// The question.
    pub text: String,
    /// Answers to choose from; absent where any may be given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Which share of the first five answers changes by an answer, on the average of the options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<f64>,
    /// `rules`, or `model` for what a large model has worded.
    pub by: &'static str,
}

impl From<Question> for QuestionWire {
    fn from(Question { kind, text, options, effect, is_of_model }: Question) -> Self {
        let by = if is_of_model { "model" } else { "rules" };
        Self { kind: kind.code(), text, options, effect, by }
    }
}

/// Whether a large model is asked, too.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct QuestionParams {
    /// `1`: it proposes questions, where there is one; the demand is then handed to it.
    pub assist: Option<String>,
}

/// The questions of a run, and whether a large model took part.
pub(crate) struct AskedBack {
    pub(crate) saved: SavedMatch,
    pub(crate) questions: Vec<Question>,
    pub(crate) assist: ModelPart,
}

/// Opens a run and asks back. What it costs is counted first: each question tries what an answer would change, by
/// matching anew.
pub(crate) async fn asked_back(
    service: &Service,
    from: Caller,
    run: &str,
    opening: &RunParams,
    asking: &QuestionParams,
    headers: &HeaderMap,
) -> Result<AskedBack, Refusal> {
    service.limits.match_run(from)?;
    let saved = opening.open(service, run, headers).await?;
    let wants_model = asking.assist.as_deref() == Some("1");
    let id = saved.id;
    let instead = "以下问题由规则提出";
    let asked = large_model::ask(service, wants_model, instead, |model| model.propose(id));
    let (proposed, assist) = asked.await;
    let questions = service.engine.questions(saved.id, &proposed, clock::now()).await?;
    Ok(AskedBack { saved, questions, assist })
}

/// The questions of a saved run of a free text; none for a run from a record. An answer is added to the text, as
/// `侧重：…`, and matched anew.
#[utoipa::path(get, path = "/api/v1/matches/{run}/questions", operation_id = "read_questions", tag = "匹配",
    params(("run" = String, Path, description = "匹配编号"), RunParams, QuestionParams), responses(
    (status = 200, description = "至多三个问题", body = QuestionsWire),
    (status = 404, description = "没有、过期，或令牌不对", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument)))]
pub async fn read(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    Segment(run): Segment,
    Params(opening): Params<RunParams>,
    Params(asking): Params<QuestionParams>,
    headers: HeaderMap,
) -> Result<Answer<QuestionsWire>, Refusal> {
    let asked = asked_back(&service, from.into(), &run, &opening, &asking, &headers).await?;
    let questions = asked.questions.into_iter().map(QuestionWire::from).collect();
    Ok(Answer(QuestionsWire { questions, assist: asked.assist }))
}
