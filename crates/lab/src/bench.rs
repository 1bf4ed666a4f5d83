//! A benchmark folder: `demands.jsonl`, `achievements.jsonl`, `qrels.tsv`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kechuang_domain::Library;
use kechuang_eval::Judgements;

use crate::{LabError, Result};

/// A folder of judged demands and achievements.
#[derive(Debug)]
pub struct Bench {
    /// Its name: the last two parts of its path, such as `ccf-bdci-2019/dev`.
    pub name: String,
    /// Who judged what.
    pub judgements: Judgements,
    folder: PathBuf,
}

impl Bench {
    /// Opens a folder and reads its judgements.
    ///
    /// # Errors
    /// [`LabError::Bench`] for what is missing, [`LabError::Eval`] for a wrong line of `qrels.tsv`.
    pub fn open(folder: &Path) -> Result<Self> {
        let real = folder.canonicalize().map_err(|error| missing(folder, &error))?;
        let parts: Vec<_> =
            real.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = parts[parts.len().saturating_sub(2)..].join("/");
        let qrels = real.join("qrels.tsv");
        let text = fs::read_to_string(&qrels).map_err(|error| missing(&qrels, &error))?;
        Ok(Self { name, judgements: Judgements::parse(&text)?, folder: real })
    }

    /// The bytes of one library's file.
    ///
    /// # Errors
    /// [`LabError::Bench`] where it cannot be read.
    pub fn rows(&self, library: Library) -> Result<Vec<u8>> {
        let file = self.folder.join(format!("{}s.jsonl", library.code()));
        fs::read(&file).map_err(|error| missing(&file, &error))
    }
}

fn missing(path: &Path, error: &std::io::Error) -> LabError {
    LabError::Bench(format!(
        "读不到 {}（{error}）；评测目录须含 demands.jsonl、achievements.jsonl 和 qrels.tsv",
        path.display()
    ))
}
