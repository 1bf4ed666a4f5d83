//! How the large model is doing, what it has cost today, and how it fares with people.

use axum::{Json as Answer, extract::State};
use kechuang_domain::AssistHealth;
use kechuang_matching::{Reception, clock};
use kechuang_store::CallerDay;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Service,
    access::Keeper,
    problem::{ProblemDocument, Refusal},
};

/// How far back it is looked for what became of its judgements.
const LOOKED_BACK_DAYS: i64 = 30;

/// The large model's state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistState)]
pub struct AssistState {
    /// Whether there is one.
    pub enabled: bool,
    /// How it is doing since the program was started: `model`, `place`, `resting_seconds`, `answered`, `failed`, `removed`, `mean_ms`,
    /// `last_ms`, `last_error`, `daily_tokens`; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub health: Option<AssistHealth>,
    /// What was asked today, by caller and purpose.
    pub today: Vec<SpendWire>,
    /// Answers that it was asked to judge in the last 30 days, by what came of it.
    pub runs: Vec<RunsWire>,
    /// Records that it moved up and that somebody took up, met over or contracted in these days.
    pub accepted: usize,
    /// Records that it moved up and that somebody turned down.
    pub declined: usize,
    /// The share of the accepted; absent where nobody has said anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<f64>,
}

/// What a caller has asked today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistSpend)]
pub struct SpendWire {
    /// Who.
    pub caller: String,
    /// What for.
    pub purpose: String,
    /// Questions that were answered.
    pub answered: i64,
    /// Questions that were not, or not yet.
    pub unanswered: i64,
    /// Tokens, those held back for open questions among them.
    pub tokens: i64,
    /// In yuan.
    pub yuan: f64,
}

/// Answers that it was asked to judge.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistRuns)]
pub struct RunsWire {
    /// `waiting`, `refined` or `degraded`.
    pub state: String,
    /// How many.
    pub runs: i64,
    /// Its quotes that stand nowhere in the record, and were taken out.
    pub removed_quotes: i64,
    /// Sentences of records that speak to a model, and were not shown to it.
    pub withheld: i64,
}

impl AssistState {
    /// The state now.
    ///
    /// # Errors
    /// What the store says.
    pub async fn read(service: &Service) -> Result<Self, Refusal> {
        let now = clock::now();
        let since = now.plus_seconds(-LOOKED_BACK_DAYS * 24 * 3600);
        let today = service.engine.store().calls_of_day(now).await?;
        let Reception { runs, accepted, declined } = service.engine.reception(since, now).await?;
        let said = accepted + declined;
        Ok(Self {
            enabled: service.assist.is_some(),
            health: service.assist.as_ref().map(|assist| assist.health()),
            today: today.into_iter().map(SpendWire::from).collect(),
            runs: runs
                .into_iter()
                .map(|one| RunsWire {
                    state: one.status,
                    runs: one.runs,
                    removed_quotes: one.removed_quotes,
                    withheld: one.withheld,
                })
                .collect(),
            accepted,
            declined,
            acceptance: (said > 0).then(|| accepted as f64 / said as f64),
        })
    }
}

impl From<CallerDay> for SpendWire {
    fn from(day: CallerDay) -> Self {
        let CallerDay { caller, purpose, answered, unanswered, tokens, cost_micros } = day;
        Self { caller, purpose, answered, unanswered, tokens, yuan: cost_micros as f64 / 1e6 }
    }
}

/// Tells how the large model is doing.
#[utoipa::path(get, path = "/api/v1/assist", operation_id = "read_assist", tag = "运行", security(("bearer" = [])), responses(
    (status = 200, description = "大模型的状况、今日用量与采纳情况", body = AssistState),
    (status = 401, description = "没有或不对的访问令牌", body = ProblemDocument)))]
pub async fn read(
    _: Keeper,
    State(service): State<Service>,
) -> Result<Answer<AssistState>, Refusal> {
    Ok(Answer(AssistState::read(&service).await?))
}
