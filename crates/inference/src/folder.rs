//! A model's files: on disk, or carried by the program.

use std::{
    borrow::Cow,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{InferenceError, Manifest, Result, hex::hex, manifest::MANIFEST_FILE};

/// Where a model's files lie.
#[derive(Debug, Clone)]
enum Source {
    Folder(PathBuf),
    Bundled(&'static [(&'static str, &'static [u8])]),
}

/// A model whose manifest has been read.
#[derive(Debug, Clone)]
pub struct ModelFolder {
    /// What it says about itself.
    pub manifest: Manifest,
    source: Source,
}

impl ModelFolder {
    /// Reads the manifest of the model in `folder`.
    ///
    /// # Errors
    /// [`InferenceError::NoModel`] and [`InferenceError::Manifest`].
    pub fn open(folder: &Path) -> Result<Self> {
        let text = fs::read_to_string(folder.join(MANIFEST_FILE))
            .map_err(|_| InferenceError::NoModel(folder.to_owned()))?;
        let source = Source::Folder(folder.to_owned());
        Ok(Self { manifest: Manifest::parse(&text)?, source })
    }

    /// A model that the program carries, as (name, content).
    ///
    /// # Errors
    /// [`InferenceError::Manifest`].
    pub fn bundled(
        manifest: &str,
        files: &'static [(&'static str, &'static [u8])],
    ) -> Result<Self> {
        Ok(Self { manifest: Manifest::parse(manifest)?, source: Source::Bundled(files) })
    }

    /// Where it lies; `None` for one that the program carries.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::Folder(folder) => Some(folder),
            Source::Bundled(_) => None,
        }
    }

    /// Compares every file with the manifest: its size and its hash.
    ///
    /// # Errors
    /// [`InferenceError::File`] for the first one that differs.
    pub fn verify(&self) -> Result<()> {
        for file in &self.manifest.files {
            let (bytes, sha256) = match &self.source {
                Source::Bundled(_) => {
                    let content = self.read(&file.name)?;
                    (content.len() as u64, hex(&Sha256::digest(&content)))
                }
                Source::Folder(folder) => hash_file(&folder.join(&file.name))
                    .map_err(|error| self.wrong(&file.name, explain(&error)))?,
            };
            if bytes != file.bytes {
                let what = format!("大小为 {bytes} 字节，清单上是 {} 字节", file.bytes);
                return Err(self.wrong(&file.name, what));
            }
            if !sha256.eq_ignore_ascii_case(&file.sha256) {
                return Err(self.wrong(&file.name, "内容与清单上的 sha256 不符".to_owned()));
            }
        }
        Ok(())
    }

    /// The content of one file.
    ///
    /// # Errors
    /// [`InferenceError::File`] where the model has no such file, or it cannot be read.
    pub(crate) fn read(&self, name: &str) -> Result<Cow<'static, [u8]>> {
        match &self.source {
            Source::Bundled(files) => files
                .iter()
                .find(|(bundled, _)| *bundled == name)
                .map(|(_, content)| Cow::Borrowed(*content))
                .ok_or_else(|| self.wrong(name, "文件不存在".to_owned())),
            Source::Folder(folder) => fs::read(folder.join(name))
                .map(Cow::Owned)
                .map_err(|error| self.wrong(name, explain(&error))),
        }
    }

    pub(crate) fn wrong(&self, file: &str, what: String) -> InferenceError {
        InferenceError::File { model: self.manifest.name.clone(), file: file.to_owned(), what }
    }

    pub(crate) fn unsupported(&self, what: impl Into<String>) -> InferenceError {
        InferenceError::Unsupported { model: self.manifest.name.clone(), what: what.into() }
    }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "文件不存在".to_owned(),
        io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        _ => format!("读取失败（{error}）"),
    }
}

/// Size and SHA-256 of a file, read in pieces: weights can be larger than memory allows.
pub(crate) fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(&piece[..read]);
        bytes += read as u64;
    }
}
