//! What a model folder says about itself: `manifest.toml`.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{InferenceError, Result, catalogue::NEEDED, hex::hex};

/// The manifest's file name.
pub const MANIFEST_FILE: &str = "manifest.toml";
/// No text is cut later than this, whatever a manifest says: attention costs the square of it.
const MOST_TOKENS: usize = 8192;

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// A text becomes a vector.
    Encoder,
    /// Two texts, read together, become a score.
    CrossEncoder,
}

impl ModelKind {
    /// The Chinese name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Encoder => "编码模型",
            Self::CrossEncoder => "精排模型",
        }
    }
}

/// How the vectors of a text's tokens become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// The first token's: `[CLS]` or `<s>`.
    Cls,
    /// The mean over all tokens.
    Mean,
    /// The last token's, for models that read from left to right.
    Last,
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What a model folder holds and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The model's short name.
    pub name: String,
    /// What it does.
    pub kind: ModelKind,
    /// Who made it: a repository, or this project.
    pub origin: String,
    /// Which state of its origin.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revision: String,
    /// Under which licence it may be used.
    pub licence: String,
    /// What was measured with it, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quality: String,
    /// How an encoder pools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
    /// What stands before a query (encoder), or what a cross-encoder of instructions is told to judge.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query_instruction: String,
    /// Texts are cut to so many tokens.
    pub max_tokens: usize,
    /// All its files but this one.
    pub files: Vec<ModelFile>,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`InferenceError::Manifest`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: String| InferenceError::Manifest(what);
        let manifest: Self =
            toml::from_str(text).map_err(|error| wrong(error.message().to_owned()))?;
        let name = &manifest.name;
        if !is_plain(name) {
            return Err(wrong(format!("name「{name}」只能含字母、数字、点、下划线和连字符")));
        }
        if manifest.files.is_empty() {
            return Err(wrong("files 不能为空".to_owned()));
        }
        for needed in NEEDED {
            if !manifest.files.iter().any(|file| file.name == needed) {
                return Err(wrong(format!("files 中缺少 {needed}")));
            }
        }
        for file in &manifest.files {
            if !is_plain(&file.name) || file.name == MANIFEST_FILE {
                return Err(wrong(format!("文件名「{}」不合规定", file.name)));
            }
            if file.sha256.len() != 64 || !file.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(wrong(format!("文件 {} 的 sha256 应为 64 位十六进制数", file.name)));
            }
        }
        if !(8..=MOST_TOKENS).contains(&manifest.max_tokens) {
            return Err(wrong(format!("max_tokens 须在 8 到 {MOST_TOKENS} 之间")));
        }
        if manifest.pooling.is_some() != (manifest.kind == ModelKind::Encoder) {
            return Err(wrong("编码模型须写 pooling，精排模型不写".to_owned()));
        }
        Ok(manifest)
    }

    /// Tells the model from every other one whose results could differ: 16 hexadecimal digits over
    /// its files and how they are used. What is only for people does not count.
    #[must_use]
    pub fn key(&self) -> String {
        let mut files: Vec<_> =
            self.files.iter().map(|file| (&file.name, file.sha256.to_ascii_lowercase())).collect();
        files.sort();
        let mut hash = Sha256::new();
        for (name, sha256) in files {
            hash.update(format!("{name}\0{sha256}\0"));
        }
        hash.update(format!("{:?}\0{:?}\0{}", self.kind, self.pooling, self.max_tokens));
        hex(&hash.finalize()[..8])
    }

    /// Its size on disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// A name that stays in its folder on every system.
pub(crate) fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name.len() <= 120 && !name.starts_with('.') && name.chars().all(fits)
}
