//! `ingest`: files into a library.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kechuang_domain::{Library, Provenance, Watch};
use kechuang_ingest::{
    Format, Ingested, Outcome, Upload, draft::RowContext, enqueue, rows::FILE_LIMIT_BYTES, work_one,
};
use kechuang_matching::clock;
use serde_json::json;

use crate::{
    config::Config,
    explain::{Failed, Usage},
    output::{Exit, Output, line},
    parts::Parts,
    progress::{Progress, advancing, records_saved},
};

/// Rejected rows named for people, at most; `--json` names all.
const REJECTED_SHOWN: usize = 20;

pub(super) struct Asked {
    pub(super) files: Vec<PathBuf>,
    pub(super) library: String,
    pub(super) source: Option<String>,
    pub(super) sample: bool,
    pub(super) ids: bool,
}

pub(super) async fn run(
    config: &Config,
    output: Output,
    watch: &Watch,
    asked: &Asked,
) -> anyhow::Result<Exit> {
    let library: Library = asked.library.parse().map_err(|error| Usage(format!("{error}")))?;
    // Every file is looked at before any is taken in.
    let files = asked.files.iter().map(|file| read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut parts = Parts::open(config, output, watch).await?;
    let progress = Progress::begun(output, "导入", 0);
    let watch = advancing(watch, &progress, records_saved);
    let mut all = Ingested::default();
    for (name, format, bytes) in &files {
        let source = asked.source.clone().unwrap_or_else(|| name.clone());
        let provenance = Provenance { file: Some(name.clone()), ..Provenance::default() };
        let context =
            RowContext { sample: asked.sample, provenance, ..RowContext::new(library, source) };
        let upload = Upload { context, format: *format, bytes };
        let store = parts.engine.store();
        let jobs = enqueue(store, &upload, clock::now(), &watch)
            .await
            .map_err(|error| of_file(name, error))?;
        let mut open: std::collections::BTreeSet<_> = jobs.into_iter().collect();
        while !open.is_empty() {
            // Jobs of others that are due are done on the way; theirs to report, not ours.
            let Some((job, ingested)) = work_one(store, clock::now(), &watch).await? else { break };
            if open.remove(&job) {
                if asked.ids {
                    print_ids(&ingested)?;
                }
                add(&mut all, ingested);
            }
        }
        take_others_results(&parts, open, &mut all).await?;
    }
    progress.end();
    parts.catch_up().await?;
    let report = Report::of(&all);
    progress.done(&report.text());
    for rejected in all.rejected.iter().take(REJECTED_SHOWN) {
        output.note(&format!("  {}被拒绝：{}", rejected.place.label(), rejected.reason()));
    }
    if all.rejected.len() > REJECTED_SHOWN {
        output
            .note(&format!("  另有 {} 行；用 --json 看全部", all.rejected.len() - REJECTED_SHOWN));
    }
    if !all.ignored_columns.is_empty() {
        output.note(&format!("  未取用的列：{}", all.ignored_columns.join("、")));
    }
    if output.is_json() {
        let value = json!({
            "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
            "rejected": all.rejected, "ignored_columns": all.ignored_columns, "saved": all.saved,
        });
        output.answer(&value, String::new)?;
    }
    Ok(match (all.saved.is_empty(), all.rejected.is_empty()) {
        (_, true) => Exit::Done,
        (false, false) => Exit::Partly,
        (true, false) => Exit::Failed,
    })
}

/// A file's name, format and bytes.
fn read(path: &Path) -> anyhow::Result<(String, Format, Vec<u8>)> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let shown = path.display();
    let told =
        |error: std::io::Error| Failed(format!("读不到文件 {shown}（{error}）；请核对路径和权限"));
    let size = fs::metadata(path).map_err(told)?.len();
    let format = Format::of_name(&name).map_err(|error| Usage(error.to_string()))?;
    if size > FILE_LIMIT_BYTES {
        let limit = FILE_LIMIT_BYTES >> 20;
        return Err(Failed(format!("文件 {shown} 超过 {limit} MB；请拆成几个文件再导入")).into());
    }
    Ok((name, format, fs::read(path).map_err(told)?))
}

fn of_file(name: &str, error: kechuang_ingest::IngestError) -> anyhow::Error {
    match error {
        kechuang_ingest::IngestError::File(what) => {
            Failed(format!("文件「{name}」：{what}")).into()
        }
        other => other.into(),
    }
}

fn print_ids(ingested: &Ingested) -> std::io::Result<()> {
    let ids: Vec<String> = ingested.saved.iter().map(|saved| saved.id.to_string()).collect();
    if ids.is_empty() { Ok(()) } else { line(&ids.join("\n")) }
}

fn add(all: &mut Ingested, more: Ingested) {
    all.saved.extend(more.saved);
    all.rejected.extend(more.rejected);
    all.ignored_columns.extend(more.ignored_columns);
    all.ignored_columns.sort();
    all.ignored_columns.dedup();
}

/// Waits for jobs that another worker has claimed, and takes their results from the store.
async fn take_others_results(
    parts: &Parts,
    open: std::collections::BTreeSet<kechuang_domain::JobId>,
    all: &mut Ingested,
) -> anyhow::Result<()> {
    use kechuang_domain::JobStatus;
    for id in open {
        loop {
            let job = parts.engine.store().job(id).await?;
            let Some(job) = job else {
                return Err(
                    Failed(format!("任务 {id} 不见了；请重新导入，已有的行不会重复")).into()
                );
            };
            match (job.status, job.result) {
                (JobStatus::Done, Some(result)) => {
                    add(all, serde_json::from_str(&result)?);
                    break;
                }
                (JobStatus::Dead, _) => {
                    let why = job.error.unwrap_or_default();
                    return Err(
                        Failed(format!("任务 {id} 屡次失败：{why}；请查看日志后重新导入")).into()
                    );
                }
                _ => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            }
            // Its worker may have ended; then the job falls due again.
            if let Some((done, ingested)) =
                work_one(parts.engine.store(), clock::now(), &Watch::nobody()).await?
                && done == id
            {
                add(all, ingested);
                break;
            }
        }
    }
    Ok(())
}

struct Report {
    created: usize,
    updated: usize,
    unchanged: usize,
    rejected: usize,
}

impl Report {
    fn of(all: &Ingested) -> Self {
        let count = |change| all.saved.iter().filter(|saved| saved.change == change).count();
        Self {
            created: count(Outcome::Created),
            updated: count(Outcome::Updated),
            unchanged: count(Outcome::Unchanged),
            rejected: all.rejected.len(),
        }
    }

    fn text(&self) -> String {
        let Self { created, updated, unchanged, rejected } = self;
        format!("新增 {created} 条，更新 {updated} 条，未变 {unchanged} 条，拒绝 {rejected} 行")
    }
}
