//! `[models]` and `[vectors]`: which models compare meanings, and where their vectors lie.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use kechuang_index::ClusterSettings;
use serde::Deserialize;

/// What stands for no model at all.
const OFF: &str = "off";
/// A person waits for the answer meanwhile.
const DEFAULT_CROSS_ENCODER_TIMEOUT_MS: u64 = 20_000;
const DEFAULT_PREFIX: &str = "kechuang";
const DEFAULT_TIMEOUT_MS: u64 = 2_000;

/// Which models are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models {
    /// Where fetched models lie.
    pub folder: PathBuf,
    /// Which encoder is to be used.
    pub encoder: ModelChoice,
    /// Which model is to read source and record together.
    pub cross_encoder: ModelChoice,
    /// How long an answer waits for that one at most.
    pub cross_encoder_timeout: Duration,
    /// Where models are fetched from, instead of the usual place.
    pub mirror: Option<String>,
}

/// What the configuration says of the model of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelChoice {
    /// Nothing: the one that was put in use (`kechuang models use`), or else the bundled one, if there is one.
    Usual,
    /// None is to be used.
    Off,
    /// The one of this name.
    Named(String),
}

/// The file's form of `[models]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    folder: Option<PathBuf>,
    encoder: Option<String>,
    cross_encoder: Option<String>,
    cross_encoder_timeout_ms: Option<u64>,
    mirror: Option<String>,
}

/// The file's form of `[vectors]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VectorSection {
    server: Option<String>,
    api_key: Option<String>,
    prefix: Option<String>,
    timeout_ms: Option<u64>,
}

pub(super) fn read(section: Section, data: &Path, mistakes: &mut Vec<String>) -> Models {
    let mut choice = |key: &str, said: Option<String>| match said.as_deref() {
        None => ModelChoice::Usual,
        Some(OFF) => ModelChoice::Off,
        Some("") => {
            mistakes.push(format!("models.{key} 不能为空；不用这种模型请写 \"off\""));
            ModelChoice::Off
        }
        Some(name) => ModelChoice::Named(name.to_owned()),
    };
    let encoder = choice("encoder", section.encoder);
    let cross_encoder = choice("cross_encoder", section.cross_encoder);
    let timeout_ms = section.cross_encoder_timeout_ms.unwrap_or(DEFAULT_CROSS_ENCODER_TIMEOUT_MS);
    if timeout_ms == 0 {
        mistakes.push("models.cross_encoder_timeout_ms 须大于 0".to_owned());
    }
    if section.mirror.as_deref().is_some_and(|mirror| !is_web(mirror)) {
        mistakes.push("models.mirror 应以 http:// 或 https:// 开头".to_owned());
    }
    let folder = section.folder.unwrap_or_else(|| data.join("models"));
    let cross_encoder_timeout = Duration::from_millis(timeout_ms);
    Models { folder, encoder, cross_encoder, cross_encoder_timeout, mirror: section.mirror }
}

/// A Qdrant server; `None` where vectors lie in a file.
pub(super) fn read_vectors(
    section: VectorSection,
    mistakes: &mut Vec<String>,
) -> Option<ClusterSettings> {
    let VectorSection { server, api_key, prefix, timeout_ms } = section;
    let Some(url) = server else {
        if api_key.is_some() || prefix.is_some() || timeout_ms.is_some() {
            mistakes.push("[vectors] 写了其他项，就须写 server（Qdrant 的 gRPC 地址）".to_owned());
        }
        return None;
    };
    if !is_web(&url) {
        mistakes.push(format!("vectors.server「{url}」有误；应形如 http://127.0.0.1:6334"));
    }
    let prefix = prefix.unwrap_or_else(|| DEFAULT_PREFIX.to_owned());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if prefix.is_empty() || !prefix.chars().all(is_plain) {
        mistakes.push("vectors.prefix 只能含字母、数字、下划线和连字符".to_owned());
    }
    let timeout_ms = timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS);
    if timeout_ms == 0 {
        mistakes.push("vectors.timeout_ms 须大于 0".to_owned());
    }
    let timeout = Duration::from_millis(timeout_ms);
    Some(ClusterSettings { url, api_key, prefix, timeout })
}

pub(super) fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}
