//! Saved runs whose heads are judged, as jobs.

use std::time::Duration;

use kechuang_domain::{Assist, JobKind, MatchOutcome, RunId, Timestamp};
use kechuang_matching::{Engine, JudgedHead, MatchError, RunScores};
use kechuang_store::{ClaimedJob, StoreError};

use crate::{Assistant, Caller, explain::explain, judge::judge};

/// A worker tells so often that it is alive, well within the lease.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefinedRun {
    /// The run.
    pub run: RunId,
    /// `none` where it was gone, `refined` or `degraded`.
    pub state: &'static str,
    /// Quotes that were taken out.
    pub removed_quotes: usize,
}

/// Claims one run that is to be judged, and has it judged. `None` where there is none. Where no use comes of it, the run
/// says why, and its answer stays as it is.
///
/// # Errors
/// What the store says.
pub async fn refine_one(
    engine: &Engine,
    assistant: &Assistant,
    now: impl Fn() -> Timestamp,
) -> Result<Option<RefinedRun>, MatchError> {
    let store = engine.store();
    let Some(job) = store.claim(JobKind::Refine, now()).await? else { return Ok(None) };
    let run: RunId = match job.payload.parse() {
        Ok(run) => run,
        Err(error) => {
            tracing::error!(%error, "a job names no run");
            store.drop_refinement(&job, now()).await?;
            return Ok(None);
        }
    };
    let Some((scores, outcome)) = engine.run_to_refine(run, now()).await? else {
        store.drop_refinement(&job, now()).await?;
        return Ok(Some(RefinedRun { run, state: Assist::None.code(), removed_quotes: 0 }));
    };
    let (scores, outcome) = tokio::select! {
        refined = refined(engine, assistant, scores, outcome, now()) => refined?,
        lost = stay_alive(engine, &job, &now) => return Err(lost.into()),
    };
    let (state, removed_quotes) = match &outcome.assist {
        Assist::Refined(refinement) => ("refined", refinement.removed_quotes),
        other => (other.code(), 0),
    };
    engine.keep_refinement(&job, run, &scores, &outcome, now()).await?;
    Ok(Some(RefinedRun { run, state, removed_quotes }))
}

async fn refined(
    engine: &Engine,
    assistant: &Assistant,
    mut scores: RunScores,
    mut outcome: MatchOutcome,
    now: Timestamp,
) -> Result<(RunScores, MatchOutcome), MatchError> {
    let head = engine.head(&scores).await?;
    let judged = judge(
        assistant,
        engine.lexicon(),
        &asker(&scores),
        &head,
        &scores.profile.large_model,
        now,
    )
    .await;
    match judged {
        Ok(judged) => {
            let judged = JudgedHead {
                model: assistant.generator().model().to_owned(),
                levels: judged.levels,
                quotes: judged.quotes,
                removed_quotes: judged.removed_quotes,
                withheld: judged.withheld,
            };
            let mut refined = engine.refined(&scores, &outcome, &judged).await?;
            let head = engine.head(&refined.scores).await?;
            let lexicon = engine.lexicon();
            let said = explain(assistant, lexicon, &asker(&scores), &head, now).await;
            if let Assist::Refined(refinement) = &mut refined.scores.assist {
                (refinement.advice, refinement.removed_claims) = (said.advice, said.removed_claims);
            }
            refined.outcome.assist = refined.scores.assist.clone();
            Ok((refined.scores, refined.outcome))
        }
        Err(error) => {
            tracing::warn!(%error, "a run was not judged");
            scores.assist = Assist::Degraded {
                message: format!("{error}；以下仍是未经大模型评审的结果"),
            };
            outcome.assist = scores.assist.clone();
            Ok((scores, outcome))
        }
    }
}

/// Whose tokens a run spends: the office's for a demand of the library, the public's for a free text, so that nobody from
/// outside can spend them all.
fn asker(scores: &RunScores) -> Caller {
    let name = if scores.source.record.is_some() { "需求库" } else { "公众" };
    Caller { name: name.to_owned(), viewer: scores.viewer }
}

/// Holds on to a job; ends only where it is lost.
async fn stay_alive(engine: &Engine, job: &ClaimedJob, now: &impl Fn() -> Timestamp) -> StoreError {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        if let Err(lost) = engine.store().heartbeat(job, now()).await {
            return lost;
        }
    }
}
