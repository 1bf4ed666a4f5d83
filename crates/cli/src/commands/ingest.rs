//! `ingest`: files into a library, by the same path as those that come over the web.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use kechuang_domain::{Import, ImportId, ImportStage, JobId, Library, Watch};
use kechuang_ingest::{
    Compared, Format, ImportFile, ImportReport, Ingested, Mapping, import,
    rows::FILE_LIMIT_BYTES,
    sheet::{errors_ending, with_errors},
    work_one,
};
use kechuang_matching::clock;
use kechuang_store::Store;
use serde_json::json;

use super::file;
use crate::{
    assets,
    config::Config,
    explain::{Failed, Usage},
    output::{Exit, Output, line},
    parts::Parts,
    progress::{Progress, advancing, records_saved},
};

/// Rejected rows named for people, at most; `--json` names all.
const REJECTED_SHOWN: usize = 20;
/// Rows to look at named for people, at most.
const DOUBTS_SHOWN: usize = 5;
/// How often another worker's progress is looked at.
const POLL: Duration = Duration::from_millis(100);

pub(super) struct Asked {
    pub(super) files: Vec<PathBuf>,
    pub(super) library: String,
    pub(super) source: Option<String>,
    pub(super) sample: bool,
    pub(super) ids: bool,
    pub(super) errors: Option<PathBuf>,
    pub(super) keep_sources: bool,
}

pub(super) async fn run(
    config: &Config,
    output: Output,
    watch: &Watch,
    asked: &Asked,
) -> anyhow::Result<Exit> {
    let library: Library = asked.library.parse().map_err(|error| Usage(format!("{error}")))?;
    check_errors(asked)?;
    // Every file is looked at before any is taken in.
    let files = asked.files.iter().map(|file| read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut parts = Parts::open(config, output, watch).await?;
    let progress = Progress::begun(output, "导入", 0);
    let watch = advancing(watch, &progress, records_saved);
    let mut all = ImportReport::default();
    let mut notes = Vec::new();
    for (name, bytes) in files {
        let sent = asked.errors.as_ref().map(|_| bytes.clone());
        let source = asked.source.clone().unwrap_or_else(|| name.clone());
        let file = ImportFile {
            library,
            source,
            name: name.clone(),
            bytes,
            sample: asked.sample,
            asks_mapping: false,
            mapping: asked.keep_sources.then(|| Mapping::default().keeping_sources()),
        };
        let store = parts.engine.store();
        let id = import::submit(store, file, clock::now(), &watch).await?;
        let import = finish(store, id, &watch, asked.ids).await?;
        let report = import::report(store, id).await?;
        if import.stage == ImportStage::Failed {
            let why = import.error.or(report.error).unwrap_or_default();
            progress.end();
            return Err(Failed(format!("文件「{name}」：{why}")).into());
        }
        notes.extend(import.notes);
        let rejected = &report.ingested.rejected;
        if let (Some(to), Some(sent), false) = (&asked.errors, sent, rejected.is_empty()) {
            file::write(Some(to), &with_errors(&name, &sent, rejected)?)?;
            notes.push(format!("退回文件已写到 {}", to.display()));
        }
        add(&mut all, report);
    }
    progress.end();
    parts.catch_up().await?;
    progress.done(&summary(&all));
    tell(output, &all.ingested, &notes);
    if output.is_json() {
        let Ingested { rejected, ignored_columns, saved, doubtful, doubts, examples } =
            &all.ingested;
        let value = json!({
            "created": all.created, "updated": all.updated, "unchanged": all.unchanged,
            "rejected": rejected, "ignored_columns": ignored_columns, "saved": saved,
            "notes": notes, "examples": examples, "doubtful": doubtful, "doubts": doubts,
            "linked": all.compared.linked, "offered": all.compared.offered,
        });
        output.answer(&value, String::new)?;
    }
    Ok(match (all.ingested.saved.is_empty(), all.ingested.rejected.is_empty()) {
        (_, true) => Exit::Done,
        (false, false) => Exit::Partly,
        (true, false) => Exit::Failed,
    })
}

/// A file with reasons is of the kind of the file that was sent.
fn check_errors(asked: &Asked) -> anyhow::Result<()> {
    let Some(to) = &asked.errors else { return Ok(()) };
    let [sent] = asked.files.as_slice() else {
        return Err(Usage("--errors 一次只能用于一个文件；请逐个导入".to_owned()).into());
    };
    let wanted = errors_ending(&sent.to_string_lossy());
    let ending = to.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if ending == wanted {
        return Ok(());
    }
    let (to, sent) = (to.display(), sent.display());
    Err(Usage(format!(
        "{sent} 的退回文件是 .{wanted} 格式；请把 --errors {to} 改为以 .{wanted} 结尾"
    ))
    .into())
}

/// A file's name and bytes.
fn read(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let shown = path.display();
    let told =
        |error: std::io::Error| Failed(format!("读不到文件 {shown}（{error}）；请核对路径和权限"));
    let size = fs::metadata(path).map_err(told)?.len();
    Format::of_name(&name).map_err(|error| Usage(error.to_string()))?;
    if size > FILE_LIMIT_BYTES {
        let limit = FILE_LIMIT_BYTES >> 20;
        return Err(Failed(format!("文件 {shown} 超过 {limit} MB；请拆成几个文件再导入")).into());
    }
    Ok((name, fs::read(path).map_err(told)?))
}

/// Does jobs until the import is done. Jobs of others that are due are done on the way; theirs to
/// report, not ours. What another worker has taken is waited for.
async fn finish(store: &Store, id: ImportId, watch: &Watch, ids: bool) -> anyhow::Result<Import> {
    let rules = assets::ingest_rules()?;
    let mut ours: HashSet<JobId> = HashSet::new();
    loop {
        let import = store.import(id).await?;
        let import = import
            .ok_or_else(|| Failed(format!("导入 {id} 不见了；请重新导入，已有的行不会重复")))?;
        if !import.stage.is_under_way() {
            return Ok(import);
        }
        if ids && ours.is_empty() {
            ours.extend(store.import_jobs(id).await?.into_iter().map(|(job, _)| job));
        }
        match work_one(store, &rules, clock::now(), watch).await? {
            Some(worked) if ours.contains(&worked.job) => print_ids(&worked.ingested)?,
            Some(_) => {}
            None => tokio::time::sleep(POLL).await,
        }
    }
}

fn print_ids(ingested: &Ingested) -> std::io::Result<()> {
    let ids: Vec<String> = ingested.saved.iter().map(|saved| saved.id.to_string()).collect();
    if ids.is_empty() { Ok(()) } else { line(&ids.join("\n")) }
}

fn add(all: &mut ImportReport, more: ImportReport) {
    all.rows_done += more.rows_done;
    all.created += more.created;
    all.updated += more.updated;
    all.unchanged += more.unchanged;
    all.compared.linked += more.compared.linked;
    all.compared.offered += more.compared.offered;
    all.ingested.add(more.ingested);
}

fn summary(all: &ImportReport) -> String {
    let ImportReport { created, updated, unchanged, ingested, .. } = all;
    let rejected = ingested.rejected.len();
    let Compared { linked, offered } = all.compared;
    let doubtful = ingested.doubtful;
    let mut summary =
        format!("新增 {created} 条，更新 {updated} 条，未变 {unchanged} 条，拒绝 {rejected} 行");
    for (count, what) in [
        (doubtful, "行待核对"),
        (linked, "条与已有记录相同、已并入"),
        (offered, "对疑似重复待人工确认"),
    ] {
        if count > 0 {
            summary.push_str(&format!("，{count} {what}"));
        }
    }
    summary
}

/// Names rejected rows and what else was noticed.
fn tell(output: Output, ingested: &Ingested, notes: &[String]) {
    for rejected in ingested.rejected.iter().take(REJECTED_SHOWN) {
        output.note(&format!("  {}被拒绝：{}", rejected.place.label(), rejected.reason()));
    }
    if ingested.rejected.len() > REJECTED_SHOWN {
        let more = ingested.rejected.len() - REJECTED_SHOWN;
        output.note(&format!("  另有 {more} 行；用 --json 看全部"));
    }
    for doubt in ingested.doubts.iter().take(DOUBTS_SHOWN) {
        output.note(&format!("  {}请核对：{}", doubt.place.label(), doubt.reason()));
    }
    if ingested.examples > 0 {
        output.note(&format!("  跳过模板的示例行 {} 行", ingested.examples));
    }
    if !ingested.ignored_columns.is_empty() {
        output.note(&format!("  未取用的列：{}", ingested.ignored_columns.join("、")));
    }
    for note in notes {
        output.note(&format!("  {note}"));
    }
}
