//! `work`: background jobs, and the index behind them.

use std::time::Duration;

use kechuang_domain::Watch;
use kechuang_ingest::work_one;
use kechuang_matching::{Engine, clock};
use serde_json::json;

use crate::{
    config::Config,
    output::{Exit, Output},
    parts::Parts,
    stop,
};

/// How often the store is asked for work when there was none.
const POLL: Duration = Duration::from_millis(500);
/// How often expired runs are deleted.
const CLEAN_EVERY: Duration = Duration::from_secs(3600);

pub(super) async fn run(
    config: &Config,
    output: Output,
    watch: &Watch,
    once: bool,
) -> anyhow::Result<Exit> {
    let mut parts = Parts::open(config, output, watch).await?;
    if once {
        let jobs = drain(&parts.engine, watch).await?;
        parts.catch_up().await?;
        output.answer(&json!({ "jobs": jobs }), || format!("做完 {jobs} 个任务"))?;
        return Ok(Exit::Done);
    }
    output.note("正在等候任务，按 Ctrl-C 停止");
    if let Some(upkeep) = parts.upkeep.take() {
        tokio::spawn(upkeep.follow());
    }
    tokio::select! {
        () = follow(&parts.engine, watch) => {}
        () = stop::asked() => {}
    }
    Ok(Exit::Done)
}

/// Does all jobs that are due, and tells how many those were.
pub(super) async fn drain(engine: &Engine, watch: &Watch) -> anyhow::Result<usize> {
    let mut done = 0;
    while work_one(engine.store(), clock::now(), watch).await?.is_some() {
        done += 1;
    }
    Ok(done)
}

/// Does jobs as they come, and deletes what has expired. A job that fails is logged and waits for its
/// next attempt.
pub(super) async fn follow(engine: &Engine, watch: &Watch) {
    let mut cleaned = None;
    loop {
        if cleaned.is_none_or(|at: std::time::Instant| at.elapsed() > CLEAN_EVERY) {
            match engine.store().drop_expired_runs(clock::now()).await {
                Ok(dropped) => tracing::info!(dropped, "expired runs are deleted"),
                Err(error) => tracing::error!(%error, "expired runs could not be deleted"),
            }
            cleaned = Some(std::time::Instant::now());
        }
        match work_one(engine.store(), clock::now(), watch).await {
            Ok(Some((job, ingested))) => {
                let (saved, rejected) = (ingested.saved.len(), ingested.rejected.len());
                tracing::info!(%job, saved, rejected, "a job is done");
            }
            Ok(None) => tokio::time::sleep(POLL).await,
            Err(error) => {
                tracing::error!(%error, "a job failed");
                tokio::time::sleep(POLL).await;
            }
        }
    }
}
