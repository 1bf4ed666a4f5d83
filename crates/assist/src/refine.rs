//! Saved runs whose heads are judged, as jobs.

use std::time::Duration;

use kechuang_domain::{Assist, JobKind, MatchOutcome, RunId, Timestamp};
use kechuang_matching::{Engine, JudgedHead, MatchError, RunScores};
use kechuang_store::{ClaimedJob, StoreError};

use crate::{Assistant, Caller, Log, explain::explain, judge::judge};

/// How long a failed job waits before its next attempt, times the attempts so far, in seconds.
const RETRY_SECONDS: i64 = 10;
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
    let done = tokio::select! {
        done = refine(engine, assistant, &job, run, &now) => done,
        lost = stay_alive(engine, &job, &now) => Err(lost.into()),
    };
    if let Err(error) = &done {
        // Whoever took the job over will finish it; nobody waits for one that was tried so often.
        let retry_at = now().plus_seconds(RETRY_SECONDS * job.attempts);
        match store.give_back(&job, &error.to_string(), retry_at, now()).await {
            Ok(()) | Err(StoreError::LeaseLost) => {}
            Err(second) => tracing::error!(%second, "a failed job could not be given back"),
        }
    }
    done.map(Some)
}

async fn refine(
    engine: &Engine,
    assistant: &Assistant,
    job: &ClaimedJob,
    run: RunId,
    now: &impl Fn() -> Timestamp,
) -> Result<RefinedRun, MatchError> {
    let Some((scores, outcome)) = engine.run_to_refine(run, now()).await? else {
        engine.store().drop_refinement(job, now()).await?;
        return Ok(RefinedRun { run, state: Assist::None.code(), removed_quotes: 0 });
    };
    let (scores, outcome) = refined(engine, assistant, scores, outcome, now()).await?;
    let (state, removed_quotes) = match &outcome.assist {
        Assist::Refined(refinement) => ("refined", refinement.removed_quotes),
        other => (other.code(), 0),
    };
    engine.keep_refinement(job, run, &scores, &outcome, now()).await?;
    Ok(RefinedRun { run, state, removed_quotes })
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
                message: format!("{}；以下仍是未经大模型评审的结果", error.public()),
            };
            outcome.assist = scores.assist.clone();
            Ok((scores, outcome))
        }
    }
}

/// Whose tokens a run spends: the office's for a demand of the library, the public's for a free text, so that nobody from
/// outside can spend them all.
fn asker(scores: &RunScores) -> Caller {
    let (name, log) = match scores.source.record {
        Some(_) => ("需求库", Log::Words),
        None => ("公众", Log::Hashes),
    };
    Caller { name: name.to_owned(), viewer: scores.viewer, log }
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
