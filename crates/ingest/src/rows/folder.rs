//! The files of a folder that can be read, and why the others cannot.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{FILE_LIMIT_BYTES, Format, limits::over};
use crate::{IngestError, Result};

/// How deep folders may lie in one another.
const DEPTH_LIMIT: usize = 8;
/// The most entries that are looked at.
const ENTRY_LIMIT: usize = 10_000;

/// A file that has an ending that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name from the folder on, with `/` between its parts.
    pub name: String,
}

/// What a folder holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// Files to read, by name.
    pub files: Vec<FolderFile>,
    /// Names of what is passed over, each with its reason in Chinese. Hidden files and the lock files
    /// of open documents (`~$…`) are not even named.
    pub skipped: Vec<(String, String)>,
}

/// Looks through a folder and the folders in it. Links are not followed: they can lead anywhere.
///
/// # Errors
/// [`IngestError::File`] where it cannot be listed or holds too much.
pub fn walk(root: &Path) -> Result<Folder> {
    let mut walk = Walk { folder: Folder::default(), entries: 0 };
    walk.list(root, "", 0)?;
    Ok(walk.folder)
}

struct Walk {
    folder: Folder,
    entries: usize,
}

impl Walk {
    fn list(&mut self, path: &Path, prefix: &str, depth: usize) -> Result<()> {
        let unreadable = |error: io::Error| {
            IngestError::File(format!("无法列出文件夹「{}」：{error}", path.display()))
        };
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            self.entries += 1;
            if self.entries > ENTRY_LIMIT {
                return Err(over("文件夹内的文件数", &ENTRY_LIMIT.to_string()));
            }
            entries.push(entry.map_err(unreadable)?);
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let name = format!("{prefix}{name}");
            // Of the entry itself, not of what a link leads to.
            let kind = entry.metadata().map_err(unreadable)?;
            if kind.is_dir() && depth < DEPTH_LIMIT {
                self.list(&entry.path(), &format!("{name}/"), depth + 1)?;
            } else if let Some(reason) = reason_to_skip(&name, &kind) {
                self.folder.skipped.push((name, reason));
            } else {
                self.folder.files.push(FolderFile { path: entry.path(), name });
            }
        }
        Ok(())
    }
}

fn reason_to_skip(name: &str, kind: &fs::Metadata) -> Option<String> {
    if kind.is_dir() {
        return Some(format!("文件夹超过 {DEPTH_LIMIT} 层"));
    }
    if kind.is_symlink() {
        return Some("是链接；请放入文件本身".to_owned());
    }
    if !kind.is_file() {
        return Some("不是普通文件".to_owned());
    }
    if kind.len() > FILE_LIMIT_BYTES {
        return Some(format!("超过上限 {} MB", FILE_LIMIT_BYTES >> 20));
    }
    Format::of_name(name).err().map(|error| error.to_string())
}
