//! What came of an import, for people and for programs.

use kechuang_ingest::{Compared, ImportReport, Ingested, RejectedRow};
use serde::Serialize;
use serde_json::{Value, json};

use crate::output::{Exit, Output};

/// Rejected rows named for people, at most; `--json` names all.
const REJECTED_SHOWN: usize = 20;
/// Rows to look at named for people, at most.
const DOUBTS_SHOWN: usize = 5;
/// Notes shown to people, at most.
const NOTES_SHOWN: usize = 20;

/// What came of all files together.
#[derive(Default)]
pub(super) struct Told {
    pub(super) all: ImportReport,
    /// Rows that became none, and rows to look at.
    rejected: Vec<FileRow>,
    doubts: Vec<FileRow>,
    /// What was noticed, file by file.
    pub(super) notes: Vec<String>,
    /// Files that could not be taken in, each with its reason.
    pub(super) failed: Vec<String>,
}

/// A row with its file, where there are several.
#[derive(Serialize)]
struct FileRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(flatten)]
    row: RejectedRow,
}

impl FileRow {
    fn place(&self) -> String {
        let place = self.row.place.label();
        self.file.as_ref().map_or(place.clone(), |file| format!("{file} {place}"))
    }
}

impl Told {
    /// Adds what came of one file. Where there are several, rows are told with their file.
    pub(super) fn add(&mut self, file: Option<&str>, mut more: ImportReport) {
        let of_file = |row| FileRow { file: file.map(str::to_owned), row };
        self.rejected.extend(std::mem::take(&mut more.ingested.rejected).into_iter().map(of_file));
        self.doubts.extend(std::mem::take(&mut more.ingested.doubts).into_iter().map(of_file));
        let all = &mut self.all;
        all.rows_done += more.rows_done;
        all.created += more.created;
        all.updated += more.updated;
        all.unchanged += more.unchanged;
        all.compared.linked += more.compared.linked;
        all.compared.offered += more.compared.offered;
        all.ingested.add(more.ingested);
    }

    /// How it ended.
    pub(super) fn exit(&self) -> Exit {
        let is_whole = self.rejected.is_empty() && self.failed.is_empty();
        match (self.all.ingested.saved.is_empty(), is_whole) {
            (_, true) => Exit::Done,
            (false, false) => Exit::Partly,
            (true, false) => Exit::Failed,
        }
    }

    pub(super) fn summary(&self) -> String {
        let ImportReport { created, updated, unchanged, ingested, .. } = &self.all;
        let rejected = self.rejected.len();
        let Compared { linked, offered } = self.all.compared;
        let mut summary = format!(
            "新增 {created} 条，更新 {updated} 条，未变 {unchanged} 条，拒绝 {rejected} 行"
        );
        for (count, what) in [
            (ingested.doubtful, "行待核对"),
            (linked, "条与已有记录相同、已并入"),
            (offered, "对疑似重复待人工确认"),
            (self.failed.len(), "个文件未能导入"),
        ] {
            if count > 0 {
                summary.push_str(&format!("，{count} {what}"));
            }
        }
        summary
    }

    /// Names files and rows that were not taken, and what else was noticed.
    pub(super) fn tell(&self, output: Output) {
        let Ingested { examples, ignored_columns, .. } = &self.all.ingested;
        for failed in &self.failed {
            output.note(&format!("  {failed}"));
        }
        for rejected in self.rejected.iter().take(REJECTED_SHOWN) {
            output.note(&format!("  {}被拒绝：{}", rejected.place(), rejected.row.reason()));
        }
        if self.rejected.len() > REJECTED_SHOWN {
            let more = self.rejected.len() - REJECTED_SHOWN;
            output.note(&format!("  另有 {more} 行；用 --json 看全部"));
        }
        for doubt in self.doubts.iter().take(DOUBTS_SHOWN) {
            output.note(&format!("  {}请核对：{}", doubt.place(), doubt.row.reason()));
        }
        if *examples > 0 {
            output.note(&format!("  跳过模板的示例行 {examples} 行"));
        }
        if !ignored_columns.is_empty() {
            output.note(&format!("  未取用的列：{}", ignored_columns.join("、")));
        }
        for note in self.notes.iter().take(NOTES_SHOWN) {
            output.note(&format!("  {note}"));
        }
        if self.notes.len() > NOTES_SHOWN {
            output.note(&format!(
                "  另有 {} 条说明；用 --json 看全部",
                self.notes.len() - NOTES_SHOWN
            ));
        }
    }

    pub(super) fn json(&self) -> Value {
        let ImportReport { created, updated, unchanged, compared, ingested, .. } = &self.all;
        json!({
            "created": created, "updated": updated, "unchanged": unchanged,
            "rejected": self.rejected, "ignored_columns": ingested.ignored_columns,
            "saved": ingested.saved, "notes": self.notes, "examples": ingested.examples,
            "doubtful": ingested.doubtful, "doubts": self.doubts,
            "linked": compared.linked, "offered": compared.offered, "failed_files": self.failed,
        })
    }
}
