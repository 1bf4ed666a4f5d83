//! Making and reading match runs.

use axum::{
    Json as Answer,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use kechuang_domain::{
    Applicant, MatchRequest, MatchSource, PartyKind, Problem, ProblemCode,
    code::{BadChainCode, BadRegion},
    fact::FIRM_SIZES,
};
use kechuang_matching::{SavedMatch, Token, clock};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Service, access,
    extract::{self, Json, Params, Segment, unknown_run},
    problem::{ProblemDocument, Refusal},
    wire::outcome::RunWire,
};

/// Candidates of a closed set, at most.
const CANDIDATE_LIMIT: usize = 1_000;

/// What is to be matched: a free text or a record.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = MatchInput)]
#[serde(deny_unknown_fields)]
pub struct MatchInput {
    /// The demand in one's own words, up to 20,000 characters.
    #[serde(default)]
    pub text: Option<String>,
    /// A demand of the library (answered with achievements) or an achievement (with demands).
    #[serde(default)]
    pub record: Option<String>,
    /// The same as `record`, for a demand.
    #[serde(default)]
    pub demand: Option<String>,
    /// The rank profile; `default` if left out.
    #[serde(default)]
    pub profile: Option<String>,
    /// How many matches, 1 to 100; 10 if left out.
    #[serde(default)]
    pub top: Option<usize>,
    /// How many of the last places are for answers from other industry chains than the demand's, at most half of `top`;
    /// none if left out. More records are read to find them, so that others may change places, too.
    #[serde(default)]
    pub neighbours: Option<usize>,
    /// Only answers from this division, six digits.
    #[serde(default)]
    pub region: Option<String>,
    /// Who would apply for policies, where the demand's record does not say it.
    #[serde(default)]
    pub applicant: Option<ApplicantInput>,
    /// A closed set: exactly these records are ranked.
    #[serde(default)]
    pub candidates: Option<Vec<String>>,
}

/// Who would apply for policies. What is left out is shown as 待核实.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ApplicantInput)]
#[serde(deny_unknown_fields)]
pub struct ApplicantInput {
    /// Where the firm sits, six digits.
    #[serde(default)]
    pub region: Option<String>,
    /// Its industry chain, by code.
    #[serde(default)]
    pub chain: Option<String>,
    /// `firm`, `academy` or `government`.
    #[serde(default)]
    pub kind: Option<String>,
    /// 大型, 中型, 小型 or 微型.
    #[serde(default)]
    pub size: Option<String>,
    /// Its industry, GB/T 4754-2017.
    #[serde(default)]
    pub industry: Option<String>,
}

impl ApplicantInput {
    pub(crate) fn into_applicant(self) -> Result<Applicant, Problem> {
        let wrong = |field: &str, what: String| {
            Problem::new(ProblemCode::InvalidField, format!("字段 applicant.{field}：{what}"))
        };
        let region = self.region.map(|region| region.parse()).transpose();
        let chain = self.chain.map(|chain| chain.parse()).transpose();
        let kind = match self.kind.as_deref() {
            None => None,
            Some(code) => match PartyKind::from_code(code) {
                PartyKind::Unknown => {
                    return Err(wrong("kind", "应为 firm、academy 或 government".to_owned()));
                }
                kind => Some(kind),
            },
        };
        if self.size.as_deref().is_some_and(|size| !FIRM_SIZES.contains(&size)) {
            return Err(wrong("size", format!("应为{}之一", FIRM_SIZES.join("、"))));
        }
        Ok(Applicant {
            region: region.map_err(|error: BadRegion| wrong("region", error.to_string()))?,
            chain: chain.map_err(|error: BadChainCode| wrong("chain", error.to_string()))?,
            kind,
            size: self.size,
            industry: self.industry,
        })
    }
}

impl MatchInput {
    /// The request that this asks for.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidField`] and its like, naming the field.
    pub fn into_request(self) -> Result<MatchRequest, Problem> {
        let wrong = |detail: String| Problem::new(ProblemCode::InvalidField, detail);
        if self.record.is_some() && self.demand.is_some() {
            return Err(wrong("record 与 demand 只能给其一".to_owned()));
        }
        let source = match (self.text, self.record.or(self.demand)) {
            (Some(text), None) => MatchSource::Text(text),
            (None, Some(id)) => MatchSource::Record(extract::record_id(&id)?),
            (None, None) => {
                return Err(Problem::new(
                    ProblemCode::EmptyText,
                    "请给出 text（技术难题的文字）或 demand（需求编号）",
                ));
            }
            (Some(_), Some(_)) => return Err(wrong("text 与 demand 只能给其一".to_owned())),
        };
        let candidates = match self.candidates {
            None => None,
            Some(ids) if ids.len() > CANDIDATE_LIMIT => {
                return Err(wrong(format!("candidates 至多 {CANDIDATE_LIMIT} 个")));
            }
            Some(ids) => {
                Some(ids.iter().map(|id| extract::record_id(id)).collect::<Result<_, _>>()?)
            }
        };
        let region = self.region.map(|region| region.parse()).transpose();
        let usual = MatchRequest::new(source);
        Ok(MatchRequest {
            profile: self.profile,
            top: self.top.unwrap_or(usual.top),
            candidates,
            neighbours: self.neighbours.unwrap_or(usual.neighbours),
            region: region.map_err(|error| wrong(format!("字段 region：{error}")))?,
            applicant: self.applicant.unwrap_or_default().into_applicant()?,
            ..usual
        })
    }
}

/// Matches a text or a record, saves the run and answers with it.
#[utoipa::path(post, path = "/api/v1/matches", operation_id = "create_match", tag = "匹配", request_body = MatchInput, responses(
    (status = 201, description = "匹配结果，已保存", body = RunWire),
    (status = 400, description = "不是所要求的 JSON", body = ProblemDocument),
    (status = 404, description = "没有这条记录", body = ProblemDocument),
    (status = 415, description = "不是 JSON", body = ProblemDocument),
    (status = 413, description = "内容过大", body = ProblemDocument),
    (status = 422, description = "内容无法匹配", body = ProblemDocument),
    (status = 429, description = "过于频繁", body = ProblemDocument)))]
pub async fn create(
    State(service): State<Service>,
    from: ConnectInfo<std::net::SocketAddr>,
    Json(input): Json<MatchInput>,
) -> Result<Response, Refusal> {
    service.limits.match_run(from.into())?;
    let request = input.into_request()?;
    let now = clock::now();
    let found = service.engine.find(&request, now).await?;
    let (id, token) = service.engine.save(&request, &found, now).await?;
    let expires_at = token.as_ref().map(|_| kechuang_matching::run::expiry(now));
    let token = token.map(|token| token.secret().to_owned());
    let opening = token.as_ref().map(|token| format!("?token={token}")).unwrap_or_default();
    let location = format!("/api/v1/matches/{id}{opening}");
    let waiting = service.engine.refines(&found);
    let run = RunWire::new(id, now, expires_at, token, found.outcome, waiting);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Answer(run)).into_response())
}

/// What opens an anonymous run.
#[derive(Debug, Deserialize, IntoParams)]
pub struct RunParams {
    /// The token that came with the run; can also be shown as a bearer token.
    pub token: Option<String>,
}

impl RunParams {
    /// The run that these parameters, or the bearer token of a request, open.
    pub(crate) async fn open(
        &self,
        service: &Service,
        run: &str,
        headers: &HeaderMap,
    ) -> Result<SavedMatch, Refusal> {
        let shown = self.token.as_deref().map(Token::shown);
        open(service, run, shown.or_else(|| access::shown_token(headers)).as_ref()).await
    }
}

/// Reads a saved run.
#[utoipa::path(get, path = "/api/v1/matches/{run}", operation_id = "read_match", tag = "匹配",
    params(("run" = String, Path, description = "匹配编号"), RunParams), responses(
    (status = 200, description = "匹配结果", body = RunWire),
    (status = 404, description = "没有、过期，或令牌不对", body = ProblemDocument)))]
pub async fn read(
    State(service): State<Service>,
    Segment(run): Segment,
    Params(params): Params<RunParams>,
    headers: HeaderMap,
) -> Result<Answer<RunWire>, Refusal> {
    let saved = params.open(&service, &run, &headers).await?;
    let SavedMatch { id, created_at, expires_at, outcome, is_waiting, .. } = saved;
    Ok(Answer(RunWire::new(id, created_at, expires_at, None, outcome, is_waiting)))
}

/// A saved run, if there is one and `shown` opens it.
async fn open(service: &Service, run: &str, shown: Option<&Token>) -> Result<SavedMatch, Refusal> {
    let id = extract::run_id(run)?;
    let saved = service.engine.saved(id, clock::now()).await?.ok_or_else(unknown_run)?;
    // Hashes of random tokens may be compared as they are: their timing tells nothing of use.
    let opens = match &saved.token_hash {
        None => true,
        Some(hash) => shown.is_some_and(|token| token.hash() == *hash),
    };
    if opens { Ok(saved) } else { Err(unknown_run().into()) }
}
