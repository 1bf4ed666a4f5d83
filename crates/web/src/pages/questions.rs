//! Questions back to whoever posed a demand, with room for the answers.

use askama::Template;
use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::Response,
};
use kechuang_domain::{MatchRequest, MatchSource, Question, QuestionKind};
use kechuang_matching::{clock, questions::with_answer};
use serde::Deserialize;

use super::{PageRefusal, page_of};
use crate::{
    Service,
    api::matches::RunParams,
    extract::{Params, Segment},
    problem::Refusal,
};

#[derive(Template)]
#[template(path = "questions.html")]
struct QuestionsPage {
    /// The run, as its page is reached.
    back: String,
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
    kind: String,
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
    pub(super) fn added_to(&self, text: String) -> String {
        let all = [
            (&self.kind1, &self.answer1),
            (&self.kind2, &self.answer2),
            (&self.kind3, &self.answer3),
        ];
        all.into_iter().fold(text, |text, (kind, answer)| {
            let kind: Option<QuestionKind> = serde_json::from_value(kind.as_str().into()).ok();
            match kind.filter(|_| !answer.trim().is_empty()) {
                Some(kind) => with_answer(&text, kind, answer),
                None => text,
            }
        })
    }
}

/// Shows the questions of a run.
pub async fn show(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    run: Result<Segment, Refusal>,
    params: Result<Params<RunParams>, Refusal>,
) -> Result<Response, PageRefusal> {
    let (Segment(run), Params(params)) = (run?, params?);
    let opened = params.open(&service, &run, &HeaderMap::new()).await;
    let saved = opened.map_err(|Refusal(problem)| problem)?;
    service.limits.match_run(from.into())?;
    let questions = service.engine.questions(saved.id, clock::now()).await?;
    let numbered = (1..).zip(questions).map(|(number, question)| Numbered {
        number,
        kind: serde_json::to_value(question.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
        effect: question.effect.map(|share| format!("{:.0}", share * 100.0)),
        question,
    });
    let MatchRequest { source, applicant, neighbours, .. } = saved.request;
    let text = match source {
        MatchSource::Text(text) => text,
        MatchSource::Record(_) => String::new(),
    };
    let token = params.token.map(|token| format!("?token={token}")).unwrap_or_default();
    let back = format!("/matches/{}{token}", saved.id);
    Ok(page_of(&QuestionsPage {
        back,
        text,
        region: applicant.region.map(|region| region.to_string()).unwrap_or_default(),
        chain: applicant.chain.map(String::from).unwrap_or_default(),
        size: applicant.size.unwrap_or_default(),
        has_neighbours: neighbours > 0,
        questions: numbered.collect(),
    }))
}
