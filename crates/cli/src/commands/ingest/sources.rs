//! What was named on the command line, as files to take in: files, folders of files, addresses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kechuang_ingest::{
    Feed, FeedOutcome, FeedRules, Format,
    feed::fetch,
    rows::{FILE_LIMIT_BYTES, walk},
};
use kechuang_matching::clock;

use crate::explain::{Failed, Usage};

/// Something to take in. What it holds is read when its turn comes.
pub(super) struct Source {
    /// Its name: of a file in a folder, from the folder on.
    pub(super) name: String,
    place: Place,
}

enum Place {
    File(PathBuf),
    Address(String),
}

/// What the arguments name, and what in their folders is passed over, each with its reason.
///
/// # Errors
/// [`Usage`] or [`Failed`] for the first that cannot be read: all are looked at before any is taken in.
pub(super) fn named(arguments: &[PathBuf]) -> anyhow::Result<(Vec<Source>, Vec<String>)> {
    let (mut sources, mut skipped) = (Vec::new(), Vec::new());
    for argument in arguments {
        let text = argument.to_string_lossy();
        if text.starts_with("http://") || text.starts_with("https://") {
            let name = text.clone().into_owned();
            sources.push(Source { name: name.clone(), place: Place::Address(name) });
        } else if argument.is_dir() {
            let found = walk(argument)?;
            skipped
                .extend(found.skipped.into_iter().map(|(name, why)| format!("跳过 {name}：{why}")));
            let files = found.files.into_iter();
            sources
                .extend(files.map(|one| Source { name: one.name, place: Place::File(one.path) }));
        } else {
            let name = check(argument)?;
            sources.push(Source { name, place: Place::File(argument.clone()) });
        }
    }
    if sources.is_empty() {
        let why =
            if skipped.is_empty() { String::new() } else { format!("：\n{}", skipped.join("\n")) };
        return Err(Failed(format!("没有可以导入的文件{why}")).into());
    }
    Ok((sources, skipped))
}

/// The name of a file that can be taken in.
fn check(path: &Path) -> anyhow::Result<String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let size = fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    Format::of_name(&name).map_err(|error| Usage(error.to_string()))?;
    if size > FILE_LIMIT_BYTES {
        let (limit, shown) = (FILE_LIMIT_BYTES >> 20, path.display());
        return Err(Failed(format!("文件 {shown} 超过 {limit} MB；请拆成几个文件再导入")).into());
    }
    Ok(name)
}

impl Source {
    /// Its name as a file, and what it holds.
    ///
    /// # Errors
    /// [`Failed`] with the remedy.
    pub(super) async fn read(&self, rules: &FeedRules) -> anyhow::Result<(String, Vec<u8>)> {
        match &self.place {
            Place::File(path) => {
                Ok((self.name.clone(), fs::read(path).map_err(|error| unreadable(path, &error))?))
            }
            Place::Address(url) => match fetch(&Feed::new(url), rules, clock::now()).await {
                FeedOutcome::Rows { file_name, bytes, .. } => Ok((file_name, bytes)),
                FeedOutcome::Failed { reason, .. } => {
                    Err(Failed(format!("{url}：{reason}")).into())
                }
                FeedOutcome::NotModified => {
                    Err(Failed(format!("{url}：数据源称内容未变，但从未读取过；请联系对方")).into())
                }
            },
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failed {
    Failed(format!("读不到文件 {}（{error}）；请核对路径和权限", path.display()))
}
