//! Questions back to whoever posed a demand, with room for the answers.

use askama::Template;
use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::Response,
};
use kechuang_domain::{
    MatchRequest, MatchSource, Problem, ProblemCode, Question, QuestionKind,
    question::UnknownQuestionKind,
};
use kechuang_matching::questions::with_answer;
use serde::Deserialize;

use super::{PageRefusal, page_of};
use crate::{
    Service,
    api::{
        matches::RunParams,
        questions::{AskedBack, QuestionParams, asked_back},
    },
    extract::{Params, Segment},
    large_model::{self, ModelPart},
    problem::Refusal,
};

#[derive(Template)]
#[template(path = "questions.html")]
struct QuestionsPage {
    /// The run, as its page is reached.
    back: String,
    /// The same questions with those of a large model.
    asks_model: String,
    /// The large model that can be asked, and where it is; `None` where there is none, or it was asked.
    large_model: Option<String>,
    assist: ModelPart,
    /// The demand that answers are added to.
    text: String,
    /// What was said of the firm, as the first page's form has it.
    region: String,
    chain: String,
    size: String,
    /// Whether places for other chains were asked for.
    has_neighbours: bool,
    questions: Vec<Numbered>,
}

struct Numbered {
    /// From 1, for the names of fields.
    number: usize,
    kind: &'static str,
    question: Question,
    /// Which share of the first five answers changes, in per cent.
    effect: Option<String>,
}

/// What has been answered, question by question; each empty where nothing is said.
#[derive(Debug, Default, Deserialize)]
pub struct Answers {
    #[serde(default)]
    kind1: String,
    #[serde(default)]
    answer1: String,
    #[serde(default)]
    kind2: String,
    #[serde(default)]
    answer2: String,
    #[serde(default)]
    kind3: String,
    #[serde(default)]
    answer3: String,
}

impl Answers {
    /// A demand with what has been answered.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidField`] for an answer to a question that nobody asks.
    pub(super) fn added_to(&self, mut text: String) -> Result<String, Problem> {
        let all = [
            (&self.kind1, &self.answer1),
            (&self.kind2, &self.answer2),
            (&self.kind3, &self.answer3),
        ];
        for (kind, answer) in all.into_iter().filter(|(_, answer)| !answer.trim().is_empty()) {
            let kind: QuestionKind = kind.parse().map_err(|error: UnknownQuestionKind| {
                let detail = format!("{error}；请回到上一页重新填写");
                Problem::new(ProblemCode::InvalidField, detail)
            })?;
            text = with_answer(&text, kind, answer);
        }
        Ok(text)
    }
}

/// Shows the questions of a run.
pub async fn show(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    run: Result<Segment, Refusal>,
    opening: Result<Params<RunParams>, Refusal>,
    asking: Result<Params<QuestionParams>, Refusal>,
) -> Result<Response, PageRefusal> {
    let (Segment(run), Params(opening), Params(asking)) = (run?, opening?, asking?);
    let headers = HeaderMap::new();
    let asked = asked_back(&service, from.into(), &run, &opening, &asking, &headers).await?;
    let AskedBack { saved, questions, assist } = asked;
    let numbered = (1..).zip(questions).map(|(number, question)| Numbered {
        number,
        kind: question.kind.code(),
        effect: question.effect.map(|share| format!("{:.0}", share * 100.0)),
        question,
    });
    let MatchRequest { source, applicant, neighbours, .. } = saved.request;
    let text = match source {
        MatchSource::Text(text) => text,
        MatchSource::Record(_) => String::new(),
    };
    let token = opening.token.map(|token| format!("?token={token}")).unwrap_or_default();
    let and = if token.is_empty() { "?" } else { "&" };
    let large_model = Some(&service).filter(|_| assist.state == "none").and_then(large_model::told);
    Ok(page_of(&QuestionsPage {
        back: format!("/matches/{}{token}", saved.id),
        asks_model: format!("/matches/{}/questions{token}{and}assist=1", saved.id),
        large_model,
        assist,
        text,
        region: applicant.region.map(|region| region.to_string()).unwrap_or_default(),
        chain: applicant.chain.map(String::from).unwrap_or_default(),
        size: applicant.size.unwrap_or_default(),
        has_neighbours: neighbours > 0,
        questions: numbered.collect(),
    }))
}
