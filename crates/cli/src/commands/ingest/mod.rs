//! `ingest`: files into a library, by the same path as those that come over the web.

mod sources;
mod told;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::Duration,
};

use kechuang_domain::{Import, ImportId, ImportStage, JobId, Library, Watch};
use kechuang_ingest::{
    ImportFile, ImportReport, IngestRules, Ingested, Mapping, import,
    sheet::{errors_ending, with_errors},
    work_one,
};
use kechuang_matching::clock;
use kechuang_store::Store;

use self::{sources::Source, told::Told};
use super::file;
use crate::{
    assets,
    config::Config,
    explain::{Failed, Usage, message},
    output::{Exit, Output, line},
    parts::Parts,
    progress::{Progress, advancing, records_saved},
};

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
    let (sources, skipped) = sources::named(&asked.files)?;
    let rules = assets::ingest_rules(config.freshness)?;
    let mut parts = Parts::open(config, output, watch).await?;
    let progress = Progress::begun(output, "导入", 0);
    let watch = advancing(watch, &progress, records_saved);
    let mut told = Told::default();
    told.notes.extend(skipped);
    let is_alone = sources.len() == 1;
    for source in &sources {
        let taking = Taking { config, rules: &rules, asked, library, watch: &watch };
        match taking.take(parts.engine.store(), source, &mut told.notes).await {
            Ok(report) => told.add((!is_alone).then_some(source.name.as_str()), report),
            Err(error) if is_alone => {
                progress.end();
                return Err(error);
            }
            // The others are no worse for it.
            Err(error) => told.failed.push(message(&error)),
        }
    }
    progress.end();
    parts.catch_up().await?;
    progress.done(&told.summary());
    told.tell(output);
    if output.is_json() {
        output.answer(&told.json(), String::new)?;
    }
    Ok(told.exit())
}

/// Taking files in, one after the other.
struct Taking<'a> {
    config: &'a Config,
    rules: &'a IngestRules,
    asked: &'a Asked,
    library: Library,
    watch: &'a Watch,
}

impl Taking<'_> {
    /// Takes one file in and waits until its last row is done.
    async fn take(
        &self,
        store: &Store,
        from: &Source,
        notes: &mut Vec<String>,
    ) -> anyhow::Result<ImportReport> {
        let asked = self.asked;
        let (name, bytes) = from.read(&self.config.feeds.rules).await?;
        let sent = asked.errors.as_ref().map(|_| bytes.clone());
        let file = ImportFile {
            library: self.library,
            source: asked.source.clone().unwrap_or_else(|| from.name.clone()),
            name: name.clone(),
            bytes,
            sample: asked.sample,
            asks_mapping: false,
            mapping: asked.keep_sources.then(|| Mapping::default().keeping_sources()),
        };
        let id = import::submit(store, file, clock::now(), self.watch).await?;
        let import = self.finish(store, id).await?;
        let report = import::report(store, id).await?;
        if import.stage == ImportStage::Failed {
            let why = import.error.or(report.error).unwrap_or_default();
            return Err(Failed(format!("文件「{name}」：{why}")).into());
        }
        notes.extend(import.notes);
        let rejected = &report.ingested.rejected;
        if let (Some(to), Some(sent), false) = (&asked.errors, sent, rejected.is_empty()) {
            file::write(Some(to), &with_errors(&name, &sent, rejected)?)?;
            notes.push(format!("退回文件已写到 {}", to.display()));
        }
        Ok(report)
    }

    /// Does jobs until the import is done. Jobs of others that are due are done on the way; theirs to
    /// report, not ours. What another worker has taken is waited for.
    async fn finish(&self, store: &Store, id: ImportId) -> anyhow::Result<Import> {
        let mut ours: HashSet<JobId> = HashSet::new();
        loop {
            let import = store.import(id).await?;
            let import = import
                .ok_or_else(|| Failed(format!("导入 {id} 不见了；请重新导入，已有的行不会重复")))?;
            if !import.stage.is_under_way() {
                return Ok(import);
            }
            if self.asked.ids && ours.is_empty() {
                ours.extend(store.import_jobs(id).await?.into_iter().map(|(job, _)| job));
            }
            match work_one(store, self.rules, clock::now(), self.watch).await? {
                Some(worked) if ours.contains(&worked.job) => print_ids(&worked.ingested)?,
                Some(_) => {}
                None => tokio::time::sleep(POLL).await,
            }
        }
    }
}

/// A file with reasons is of the kind of the file that was sent.
fn check_errors(asked: &Asked) -> anyhow::Result<()> {
    let Some(to) = &asked.errors else { return Ok(()) };
    let sent = match asked.files.as_slice() {
        [sent] if sent.is_file() => sent,
        _ => {
            return Err(Usage("--errors 一次只能用于一个文件；请逐个导入".to_owned()).into());
        }
    };
    let wanted = errors_ending(&sent.to_string_lossy());
    if ending_of(to) == wanted {
        return Ok(());
    }
    let (to, sent) = (to.display(), sent.display());
    Err(Usage(format!(
        "{sent} 的退回文件是 .{wanted} 格式；请把 --errors {to} 改为以 .{wanted} 结尾"
    ))
    .into())
}

fn ending_of(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

fn print_ids(ingested: &Ingested) -> std::io::Result<()> {
    let ids: Vec<String> = ingested.saved.iter().map(|saved| saved.id.to_string()).collect();
    if ids.is_empty() { Ok(()) } else { line(&ids.join("\n")) }
}
