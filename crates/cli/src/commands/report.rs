//! `--report`: what was measured, as a page or as Markdown.

use std::path::{Path, PathBuf};

use kechuang_lab::Report;

use crate::explain::{Failed, Usage};

/// The forms of a report, by the ending of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Markdown,
}

/// A report that is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    file: PathBuf,
    form: Form,
}

impl Wanted {
    /// Checks a file before the work begins: what it should be, and that it can be written where it is wanted.
    pub(super) fn new(file: PathBuf) -> anyhow::Result<Self> {
        let form = match file.extension().and_then(|ending| ending.to_str()) {
            Some("html" | "htm") => Form::Html,
            Some("md") => Form::Markdown,
            _ => {
                let file = file.display();
                return Err(Usage(format!("报告文件须以 .html 或 .md 结尾，现为 {file}")).into());
            }
        };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let folder = folder.display();
            return Err(Usage(format!("没有目录 {folder}，报告无处可写；请先建好")).into());
        }
        Ok(Self { file, form })
    }

    /// Writes the report.
    pub(super) fn write(&self, report: &Report<'_>) -> anyhow::Result<&Path> {
        let text = match self.form {
            Form::Html => report.html()?,
            Form::Markdown => report.markdown()?,
        };
        let failed = |error| Failed(format!("报告写不到 {}：{error}", self.file.display()));
        std::fs::write(&self.file, text).map_err(failed)?;
        Ok(&self.file)
    }
}
