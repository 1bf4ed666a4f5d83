//! `work`: background jobs, and the index behind them.

use std::time::Duration;

use kechuang_assist::{Assistant, RefinedRun, refine_one};
use kechuang_domain::Watch;
use kechuang_ingest::{Feeds, IngestRules, Worked, feed::follow::ask_due, freshness, work_one};
use kechuang_matching::{Engine, clock};
use kechuang_store::Store;
use serde_json::json;

use crate::{
    assets, assist,
    config::Config,
    output::{Exit, Output},
    parts::Parts,
    stop,
};

/// How often the store is asked for work when there was none.
const POLL: Duration = Duration::from_millis(500);
/// How often it is looked for feeds whose time has come.
const ASK_EVERY: Duration = Duration::from_secs(10);
/// How long it is kept what a large model was asked.
const LOG_KEPT_SECONDS: i64 = 30 * 24 * 3600;
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
        freshness::schedule(parts.engine.store(), clock::now()).await?;
        ask_due(parts.engine.store(), &config.feeds, clock::now(), watch).await?;
        let jobs = drain(config, &parts.engine, output, watch).await?;
        parts.catch_up().await?;
        parts.encode().await?;
        output.answer(&json!({ "jobs": jobs }), || format!("做完 {jobs} 个任务"))?;
        return Ok(Exit::Done);
    }
    let rules = assets::ingest_rules(config.freshness)?;
    output.note("正在等候任务，按 Ctrl-C 停止");
    if let Some(upkeep) = parts.upkeep.take() {
        tokio::spawn(upkeep.follow());
    }
    if let Some(encoding) = parts.encoding.take() {
        tokio::spawn(encoding.follow());
    }
    let assistant = assist::open(config, &parts.engine, output);
    tokio::select! {
        () = follow(&parts.engine, &rules, &config.feeds, assistant.as_ref(), watch) => {}
        () = stop::asked() => {}
    }
    Ok(Exit::Done)
}

/// Does all jobs that are due, and tells how many those were.
pub(super) async fn drain(
    config: &Config,
    engine: &Engine,
    output: Output,
    watch: &Watch,
) -> anyhow::Result<usize> {
    let rules = assets::ingest_rules(config.freshness)?;
    let mut done = 0;
    while work_one(engine.store(), &rules, clock::now(), watch).await?.is_some() {
        done += 1;
    }
    if let Some(assistant) = assist::open(config, engine, output) {
        while refine_one(engine, &assistant, clock::now).await?.is_some() {
            done += 1;
        }
    }
    Ok(done)
}

/// Does jobs as they come, asks feeds, and deletes what has expired. Feeds wait for others' machines, so
/// jobs do not wait for feeds.
pub(super) async fn follow(
    engine: &Engine,
    rules: &IngestRules,
    feeds: &Feeds,
    assistant: Option<&Assistant>,
    watch: &Watch,
) {
    let store = engine.store();
    tokio::join!(
        do_jobs(store, rules, watch),
        refine(engine, assistant),
        ask_feeds(store, feeds, watch),
        clean(store)
    );
}

/// Has saved runs judged as they come, where there is a large model. It is slow, so that nothing else waits for it.
async fn refine(engine: &Engine, assistant: Option<&Assistant>) {
    let Some(assistant) = assistant else { return };
    loop {
        match refine_one(engine, assistant, clock::now).await {
            Ok(Some(RefinedRun { run, state, removed_quotes })) => {
                tracing::info!(%run, state, removed_quotes, "a run was judged");
            }
            Ok(None) => tokio::time::sleep(POLL).await,
            Err(error) => {
                tracing::error!(%error, "a run could not be judged");
                tokio::time::sleep(POLL).await;
            }
        }
    }
}

/// A job that fails is logged and waits for its next attempt.
async fn do_jobs(store: &Store, rules: &IngestRules, watch: &Watch) {
    loop {
        match work_one(store, rules, clock::now(), watch).await {
            Ok(Some(Worked { job, ingested })) => {
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

async fn ask_feeds(store: &Store, feeds: &Feeds, watch: &Watch) {
    loop {
        if let Err(error) = ask_due(store, feeds, clock::now(), watch).await {
            tracing::error!(%error, "feeds could not be asked");
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

/// Deletes what has expired.
async fn clean(store: &Store) {
    loop {
        clean_once(store).await;
        tokio::time::sleep(CLEAN_EVERY).await;
    }
}

async fn clean_once(store: &Store) {
    // One that was given up is not missed for longer than this.
    if let Err(error) = freshness::schedule(store, clock::now()).await {
        tracing::error!(%error, "the daily check could not be scheduled");
    }
    match store.drop_expired_runs(clock::now()).await {
        Ok(dropped) => tracing::info!(dropped, "expired runs are deleted"),
        Err(error) => tracing::error!(%error, "expired runs could not be deleted"),
    }
    let kept_since = clock::now().plus_seconds(-LOG_KEPT_SECONDS);
    match store.drop_calls_before(kept_since).await {
        Ok(dropped) => tracing::info!(dropped, "old questions to the large model are deleted"),
        Err(error) => tracing::error!(%error, "old questions could not be deleted"),
    }
    match store.forget_import_files(clock::now()).await {
        Ok(forgotten) => tracing::info!(forgotten, "files of old imports are deleted"),
        Err(error) => tracing::error!(%error, "files of old imports could not be deleted"),
    }
}
