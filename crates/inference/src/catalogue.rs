//! Models that can be fetched, and what becomes of their files: a model folder with a manifest.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::{
    InferenceError, MANIFEST_FILE, Manifest, ModelFile, ModelKind, Pooling, Result,
    folder::hash_file,
};

/// Files that a model must have beside its weights.
pub(crate) const NEEDED: [&str; 2] = ["config.json", "tokenizer.json"];
pub(crate) const PYTORCH: &str = "pytorch_model.bin";
pub(crate) const SAFETENSORS: &str = ".safetensors";
/// Which of several safetensors files holds which tensor; all of them are read anyway.
const SHARD_INDEX: &str = "model.safetensors.index.json";

/// A model that somebody offers, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownModel {
    /// Its short name.
    pub name: String,
    /// `owner/name` at the source.
    pub repository: String,
    /// What it does.
    pub kind: ModelKind,
    /// How an encoder pools.
    #[serde(default)]
    pub pooling: Option<Pooling>,
    /// What stands before a query.
    #[serde(default)]
    pub query_instruction: String,
    /// Texts are cut to so many tokens.
    pub max_tokens: usize,
    /// Under which licence it may be used.
    pub licence: String,
    /// What to know before choosing it, in Chinese.
    pub about: String,
}

/// All models that are known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    #[serde(rename = "model")]
    models: Vec<KnownModel>,
}

impl Catalogue {
    /// Reads a catalogue.
    ///
    /// # Errors
    /// [`InferenceError::Manifest`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| InferenceError::Manifest(error.message().to_owned()))
    }

    /// The models, in order.
    pub fn models(&self) -> impl Iterator<Item = &KnownModel> {
        self.models.iter()
    }

    /// The model of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&KnownModel> {
        self.models.iter().find(|model| model.name == name)
    }
}

impl KnownModel {
    /// Which of the names in a folder or repository belong to the model.
    #[must_use]
    pub fn files<'a>(&self, names: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
        let has_safetensors = names.clone().any(|name| name.ends_with(SAFETENSORS));
        names
            .filter(|name| {
                NEEDED.contains(name)
                    || *name == SHARD_INDEX
                    || name.ends_with(SAFETENSORS)
                    || (*name == PYTORCH && !has_safetensors)
            })
            .collect()
    }

    /// Writes the manifest of a folder that holds the model's files, with the hashes they have now.
    ///
    /// # Errors
    /// [`InferenceError::Unsupported`] for a folder that lacks some, naming them.
    pub fn adopt(&self, folder: &Path, revision: &str) -> Result<Manifest> {
        let lacking = |what: String| InferenceError::Unsupported { model: self.name.clone(), what };
        let unreadable = |error: std::io::Error| {
            lacking(format!("目录 {} 读写失败（{error}）", folder.display()))
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            names.extend(entry.map_err(unreadable)?.file_name().into_string());
        }
        names.sort();
        let files = self.files(names.iter().map(String::as_str));
        let missing: Vec<_> = NEEDED.iter().filter(|name| !files.contains(name)).copied().collect();
        if !missing.is_empty() {
            return Err(lacking(format!("目录中缺少 {}", missing.join("、"))));
        }
        if !files.iter().any(|name| name.ends_with(SAFETENSORS) || *name == PYTORCH) {
            return Err(lacking(format!("目录中没有 .safetensors 或 {PYTORCH} 权重文件")));
        }
        let mut listed = Vec::new();
        for name in files {
            let (bytes, sha256) = hash_file(&folder.join(name)).map_err(unreadable)?;
            listed.push(ModelFile { name: name.to_owned(), bytes, sha256 });
        }
        let manifest = Manifest {
            name: self.name.clone(),
            kind: self.kind,
            origin: self.repository.clone(),
            revision: revision.to_owned(),
            licence: self.licence.clone(),
            quality: String::new(),
            pooling: self.pooling,
            query_instruction: self.query_instruction.clone(),
            max_tokens: self.max_tokens,
            files: listed,
        };
        let text = toml::to_string(&manifest).map_err(|error| lacking(error.to_string()))?;
        // It is read again as any other would be: a mistake in the catalogue shows here.
        let manifest = Manifest::parse(&text)?;
        fs::write(folder.join(MANIFEST_FILE), text).map_err(unreadable)?;
        Ok(manifest)
    }
}
