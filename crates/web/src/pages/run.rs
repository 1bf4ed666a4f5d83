//! Making a match from a page, and its result.

use std::net::SocketAddr;

use askama::Template;
use axum::{
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use kechuang_domain::{
    Advice, AnswerLevel, Assist, Fulfilment, IndicatorCheck, Library, Match, MatchOutcome,
    MatchRequest, MatchSource, Move, PartyKind, Problem, Prospect, Quote, Refinement,
};
use kechuang_matching::{SavedMatch, clock};
use serde::Deserialize;

use super::{PageRefusal, beside::Beside, page_of, questions::Answers};
use crate::{
    Service,
    api::matches::{ApplicantInput, RunParams},
    extract::{self, Fields, Params, Segment},
    names::Names,
    problem::Refusal,
};

/// Places for other chains where the box is ticked.
const NEIGHBOUR_PLACES: usize = 3;

/// What the box on the first page sends.
#[derive(Debug, Deserialize)]
pub struct DemandForm {
    text: String,
    /// Of the firm, for the policies: each empty where nothing is said.
    #[serde(default)]
    region: String,
    #[serde(default)]
    chain: String,
    #[serde(default)]
    size: String,
    /// Whether answers from other chains are wanted, too: a box that is ticked sends something.
    #[serde(default)]
    neighbours: String,
    /// What has been answered to questions about it.
    #[serde(flatten)]
    answers: Answers,
}

/// Matches a text and goes to its result.
pub async fn create(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    form: Result<Fields<DemandForm>, Refusal>,
) -> Result<Response, PageRefusal> {
    let Fields(DemandForm { text, region, chain, size, neighbours, answers }) =
        form.map_err(|Refusal(problem)| {
            Problem::new(problem.code, "请回到首页，在框里写下技术难题，至多 20000 字")
        })?;
    let said = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let kind = said(size.clone()).map(|_| PartyKind::Firm.code().to_owned());
    let applicant = ApplicantInput {
        region: said(region),
        chain: said(chain),
        kind,
        size: said(size),
        industry: None,
    };
    let request = MatchRequest {
        neighbours: if neighbours.is_empty() { 0 } else { NEIGHBOUR_PLACES },
        applicant: applicant.into_applicant()?,
        ..MatchRequest::new(MatchSource::Text(answers.added_to(text)?))
    };
    matched(&service, from, &request).await
}

/// How a record is matched from its page.
#[derive(Debug, Deserialize)]
pub struct RecordMatchParams {
    /// Places for other chains.
    #[serde(default)]
    neighbours: usize,
}

/// Matches a record and goes to its result.
pub async fn create_from_record(
    State(service): State<Service>,
    from: ConnectInfo<SocketAddr>,
    id: Result<Segment, Refusal>,
    params: Result<Params<RecordMatchParams>, Refusal>,
) -> Result<Response, PageRefusal> {
    let (Segment(id), Params(params)) = (id?, params?);
    let request = MatchRequest {
        neighbours: params.neighbours,
        ..MatchRequest::new(MatchSource::Record(extract::record_id(&id)?))
    };
    matched(&service, from, &request).await
}

async fn matched(
    service: &Service,
    from: ConnectInfo<SocketAddr>,
    request: &MatchRequest,
) -> Result<Response, PageRefusal> {
    service.limits.match_run(from.into())?;
    let now = clock::now();
    let found = service.engine.find(request, now).await?;
    let (id, token) = service.engine.save(request, &found, now).await?;
    let address = match token {
        Some(token) => format!("/matches/{id}?token={}", token.secret()),
        None => format!("/matches/{id}"),
    };
    Ok(Redirect::to(&address).into_response())
}

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage<'a> {
    outcome: &'a MatchOutcome,
    created_at: String,
    expires_at: Option<String>,
    needs: Vec<NeedLine<'a>>,
    /// What a large model has made of it, in Chinese.
    assist: Option<AssistNote<'a>>,
    /// Whether one is asked and has not answered yet.
    is_waiting: bool,
    /// Where questions about a free text stand; `None` for a run from a record.
    questions: Option<String>,
    sections: Vec<Section<'a>>,
    beside: Option<Beside<'a>>,
}

/// What is said of a large model's part.
struct AssistNote<'a> {
    /// What happened.
    told: String,
    /// Who stands elsewhere than before, and why.
    moves: Vec<MoveLine<'a>>,
}

struct MoveLine<'a> {
    title: &'a str,
    moved: String,
    quotes: Vec<&'a str>,
}

impl<'a> AssistNote<'a> {
    fn new(outcome: &'a MatchOutcome) -> Option<Self> {
        match &outcome.assist {
            Assist::None => None,
            Assist::Degraded { message } => Some(Self { told: message.clone(), moves: Vec::new() }),
            Assist::Refined(refinement) => {
                let Refinement {
                    model,
                    judged,
                    removed_quotes,
                    withheld,
                    moves,
                    removed_claims,
                    ..
                } = refinement;
                let removed_quotes = &(removed_quotes + removed_claims);
                let removed = match removed_quotes {
                    0 => String::new(),
                    some => format!("，它给出的 {some} 处引文或说法在原文中查无依据，已删去"),
                };
                let moved = match moves.len() {
                    0 => "，次序没有变化".to_owned(),
                    some => format!("，其中 {some} 条换了位置"),
                };
                let withheld = match withheld {
                    0 => String::new(),
                    some => format!("；记录中 {some} 句像是写给模型看的话，未提交给它"),
                };
                let told =
                    format!("大模型（{model}）评审了前 {judged} 条{moved}{removed}{withheld}。");
                let moves = moves.iter().filter_map(|one| MoveLine::new(one, outcome));
                Some(Self { told, moves: moves.collect() })
            }
        }
    }
}

impl<'a> MoveLine<'a> {
    fn new(moved: &'a Move, outcome: &'a MatchOutcome) -> Option<Self> {
        let found = outcome.achievements.iter().find(|found| found.record == moved.record)?;
        let from = moved.from.map_or("未列出".to_owned(), |from| format!("第 {from} 位"));
        let level = match moved.level {
            Some(level) => format!("，评为 {level:.1} 级"),
            None => "，未评审，因他项移动而变".to_owned(),
        };
        let quotes = moved.quotes.iter().map(Quote::text).collect();
        let moved = format!("{from} → 第 {} 位{level}", moved.to);
        Some(Self { title: &found.title, moved, quotes })
    }
}

struct NeedLine<'a> {
    kind: &'static str,
    text: &'a str,
}

struct Section<'a> {
    library: Library,
    heading: &'static str,
    /// What is said where nothing fits.
    nothing: &'static str,
    /// What is said where probably nothing good is among the answers.
    warning: Option<String>,
    answers: Vec<Answer<'a>>,
}

struct Answer<'a> {
    found: &'a Match,
    place: Option<String>,
    chain: Option<String>,
    /// The other field that it belongs to, where places for such were asked for.
    neighbouring: Option<String>,
    percent: String,
    /// How well it answers, with how sure that is.
    level: Option<String>,
    /// How near it is beside the words that it has.
    nearness: Option<String>,
    evidence: Vec<EvidenceLine<'a>>,
    gaps: Vec<NeedLine<'a>>,
    /// The figures of which the record says something.
    figures: Vec<FigureLine<'a>>,
    /// How many others are asked for.
    figures_unsaid: usize,
    /// What a large model says of it.
    advice: Option<&'a Advice>,
}

/// A figure that is asked for, beside what the record says of it.
struct FigureLine<'a> {
    asked: &'a str,
    /// `met`, `unmet` or `unknown`, for the style.
    kind: &'static str,
    verdict: &'static str,
    said: String,
}

impl<'a> FigureLine<'a> {
    /// `None` where the record says nothing of it.
    fn new(check: &'a IndicatorCheck) -> Option<Self> {
        let kind = match check.fulfilment {
            Fulfilment::Met => "met",
            Fulfilment::Unmet => "unmet",
            Fulfilment::Unknown => "unknown",
        };
        let said = check.said.as_ref()?.words();
        Some(Self { asked: &check.asked, kind, verdict: check.fulfilment.label(), said })
    }
}

/// A sentence with all the needs it supports.
struct EvidenceLine<'a> {
    needs: Vec<NeedLine<'a>>,
    field: &'static str,
    quote: &'a str,
    shared: Vec<&'a str>,
    /// How near it is in meaning, where it was found by that.
    cosine: Option<f32>,
}

impl EvidenceLine<'_> {
    /// How it was found, in Chinese.
    fn found_by(&self) -> String {
        match self.cosine {
            Some(cosine) => format!("字词不同，语义相近（{cosine:.2}）"),
            None => format!("共有：{}", self.shared.join("、")),
        }
    }
}

/// The evidence, each sentence once, in the order of the first need it supports.
fn evidence_lines<'a>(found: &'a Match, outcome: &'a MatchOutcome) -> Vec<EvidenceLine<'a>> {
    let mut lines: Vec<EvidenceLine<'a>> = Vec::new();
    for evidence in &found.explanation.evidence {
        let Some(need) = need_line(outcome, evidence.need) else { continue };
        let (field, quote) = (evidence.quote.field.label(), evidence.quote.text());
        let shared = evidence.shared.iter().map(String::as_str);
        let found_alike = |line: &&mut EvidenceLine<'_>| {
            let is_alike = line.cosine.is_some() == evidence.cosine.is_some();
            is_alike && (line.field, line.quote) == (field, quote)
        };
        match lines.iter_mut().find(found_alike) {
            Some(line) => {
                line.needs.push(need);
                for word in shared {
                    if !line.shared.contains(&word) {
                        line.shared.push(word);
                    }
                }
            }
            None => {
                let line = EvidenceLine {
                    needs: vec![need],
                    field,
                    quote,
                    shared: shared.collect(),
                    cosine: evidence.cosine,
                };
                lines.push(line);
            }
        }
    }
    lines
}

fn need_line(outcome: &MatchOutcome, index: usize) -> Option<NeedLine<'_>> {
    let need = outcome.needs.get(index)?;
    Some(NeedLine { kind: need.kind.label(), text: &need.text })
}

impl<'a> Answer<'a> {
    fn new(found: &'a Match, outcome: &'a MatchOutcome, names: &Names) -> Self {
        let explanation = &found.explanation;
        let figures: Vec<_> = explanation.indicators.iter().filter_map(FigureLine::new).collect();
        Self {
            found,
            place: found.region.map(|region| names.region(region)),
            chain: found.chain.as_ref().map(|chain| names.chain(chain)),
            neighbouring: found.neighbouring.as_ref().map(|chain| names.chain(chain)),
            percent: format!("{:.0}", explanation.coverage * 100.0),
            level: explanation.level.map(AnswerLevel::told),
            nearness: explanation.nearness(),
            evidence: evidence_lines(found, outcome),
            gaps: explanation.gaps.iter().filter_map(|gap| need_line(outcome, *gap)).collect(),
            figures_unsaid: explanation.indicators.len() - figures.len(),
            advice: match &outcome.assist {
                Assist::Refined(refinement) => {
                    refinement.advice.iter().find(|advice| advice.record == found.record)
                }
                Assist::None | Assist::Degraded { .. } => None,
            },
            figures,
        }
    }
}

impl<'a> RunPage<'a> {
    fn new(saved: &'a SavedMatch, names: &Names) -> Self {
        let outcome = &saved.outcome;
        let section = |library, heading, nothing| Section {
            library,
            heading,
            nothing,
            warning: outcome.prospect.and_then(Prospect::warning),
            answers: outcome
                .list(library)
                .iter()
                .map(|found| Answer::new(found, outcome, names))
                .collect(),
        };
        let for_achievement = outcome.source.library == Library::Achievement;
        let nothing = "库里没有找到相近的记录。可以换一种说法，或补充材料、工艺和指标后再试。";
        let (sections, beside) = if for_achievement {
            (vec![section(Library::Demand, "用得上的需求", nothing)], None)
        } else {
            let answers = section(Library::Achievement, "可能的答案", nothing);
            (vec![answers], Some(Beside::new(outcome, names)))
        };
        Self {
            outcome,
            created_at: saved.created_at.china_minute(),
            expires_at: saved.expires_at.map(|at| at.china_minute()),
            needs: (0..outcome.needs.len()).filter_map(|need| need_line(outcome, need)).collect(),
            assist: AssistNote::new(outcome),
            is_waiting: saved.is_waiting,
            questions: None,
            sections,
            beside,
        }
    }
}

/// Shows a saved run.
pub async fn show(
    State(service): State<Service>,
    run: Result<Segment, Refusal>,
    params: Result<Params<RunParams>, Refusal>,
) -> Result<Response, PageRefusal> {
    let (Segment(run), Params(params)) = (run?, params?);
    let opened = params.open(&service, &run, &HeaderMap::new()).await;
    let saved = opened.map_err(|Refusal(problem)| problem)?;
    let is_text = saved.outcome.source.record.is_none();
    let questions = params.token.filter(|_| is_text);
    let questions = questions.map(|token| format!("/matches/{}/questions?token={token}", saved.id));
    Ok(page_of(&RunPage { questions, ..RunPage::new(&saved, &service.names) }))
}
