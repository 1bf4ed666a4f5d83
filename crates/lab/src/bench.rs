//! A benchmark folder: judgements, and the files that hold the texts.
//!
//! Without a `dataset.toml` the files are `demands.jsonl`, `achievements.jsonl` and `qrels.tsv`. With one
//! they are what it names, in any format that is taken in, relative to it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kechuang_domain::Library;
use kechuang_eval::Judgements;
use kechuang_ingest::{
    Mapping, ReadOptions, Row,
    rows::{read_file, walk},
};
use serde::Deserialize;

use crate::{LabError, Result};

/// What a folder with judgements can say of itself.
const DATASET: &str = "dataset.toml";

/// A folder of judged demands and achievements.
#[derive(Debug)]
pub struct Bench {
    /// Its name: the last two parts of its path, such as `ccf-bdci-2019/dev`.
    pub name: String,
    /// Who judged what.
    pub judgements: Judgements,
    folder: PathBuf,
    dataset: Dataset,
}

/// Where the texts and judgements are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dataset {
    /// Files and folders of files.
    demands: Vec<PathBuf>,
    /// The same.
    achievements: Vec<PathBuf>,
    qrels: PathBuf,
}

impl Default for Dataset {
    fn default() -> Self {
        Self {
            demands: vec!["demands.jsonl".into()],
            achievements: vec!["achievements.jsonl".into()],
            qrels: "qrels.tsv".into(),
        }
    }
}

impl Bench {
    /// Opens a folder and reads its judgements.
    ///
    /// # Errors
    /// [`LabError::Bench`] for what is missing, [`LabError::Eval`] for a wrong line of the judgements.
    pub fn open(folder: &Path) -> Result<Self> {
        let real = folder.canonicalize().map_err(|error| missing(folder, &error))?;
        let parts: Vec<_> =
            real.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = parts[parts.len().saturating_sub(2)..].join("/");
        let dataset = dataset(&real.join(DATASET))?;
        let qrels = real.join(&dataset.qrels);
        let text = fs::read_to_string(&qrels).map_err(|error| missing(&qrels, &error))?;
        Ok(Self { name, judgements: Judgements::parse(&text)?, folder: real, dataset })
    }

    /// The rows of one library, of all its files.
    ///
    /// # Errors
    /// [`LabError::Bench`] where a file cannot be read, is no file of rows, or is none of the
    /// benchmark's; [`LabError::Ingest`] for what is wrong within it.
    pub fn rows(&self, library: Library) -> Result<Vec<Row>> {
        let places = match library {
            Library::Demand => &self.dataset.demands,
            Library::Achievement => &self.dataset.achievements,
            Library::Equipment | Library::Policy => return Ok(Vec::new()),
        };
        let mut rows = Vec::new();
        for place in places {
            let place = self.folder.join(place);
            if place.is_dir() {
                let folder = walk(&place)?;
                if let Some((name, why)) = folder.skipped.first() {
                    let told = format!("{} 中的 {name} 不能用：{why}", place.display());
                    return Err(LabError::Bench(told));
                }
                for file in folder.files {
                    rows.extend(rows_of(library, &file.path)?);
                }
            } else {
                rows.extend(rows_of(library, &place)?);
            }
        }
        Ok(rows)
    }
}

fn dataset(file: &Path) -> Result<Dataset> {
    match fs::read_to_string(file) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            LabError::Bench(format!("{} 有误：{}", file.display(), error.message()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Dataset::default()),
        Err(error) => Err(missing(file, &error)),
    }
}

fn rows_of(library: Library, file: &Path) -> Result<Vec<Row>> {
    let bytes = fs::read(file).map_err(|error| missing(file, &error))?;
    let mapping = Mapping::default();
    let options = ReadOptions { library: Some(library), mapping: &mapping, pdf: None };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(read_file(&options, &name, &bytes)?.rows)
}

fn missing(path: &Path, error: &std::io::Error) -> LabError {
    LabError::Bench(format!(
        "读不到 {}（{error}）；评测目录须含 qrels.tsv、demands.jsonl 和 achievements.jsonl，或用 {DATASET} 写明这些文件在哪里",
        path.display()
    ))
}
