//! Tiny checkpoints with random weights, and what the reference implementation makes of texts with them.

use std::path::PathBuf;

use kechuang_inference::ModelFolder;
use serde::Deserialize;

/// A folder that `reference/make.py` wrote.
pub(crate) fn folder(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "reference", name].iter().collect()
}

pub(crate) fn model(name: &str) -> ModelFolder {
    ModelFolder::open(&folder(name)).expect("a model folder")
}

pub(crate) fn expected<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let text = std::fs::read_to_string(folder(name).join("expected.json")).expect("expectations");
    serde_json::from_str(&text).expect("expectations that are JSON")
}

/// The cosine of two vectors of length 1.
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "vectors of different width");
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
