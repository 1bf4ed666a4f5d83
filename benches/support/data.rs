//! Real text: 9,774 ChinaXiv abstracts as achievements, judged demands as queries.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use kechuang_ingest::{Format, Row};
use serde_json::{Value, json};

/// Where the data lies, beside the repository.
#[must_use]
pub fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared")
}

/// The corpus as JSON Lines that can be taken in as achievements.
///
/// # Errors
/// Where the file is missing or is no corpus.
pub fn corpus() -> Result<Vec<u8>> {
    let path = shared().join("corpora/chinaxiv.jsonl.xz");
    let file = File::open(&path).with_context(|| format!("no corpus at {}", path.display()))?;
    let mut text = Vec::new();
    lzma_rs::xz_decompress(&mut BufReader::new(file), &mut text)?;
    let mut rows = Vec::with_capacity(text.len());
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let row: Value = serde_json::from_slice(line)?;
        let kept = json!({
            "id": row["id"], "title": row["title"], "abstract": row["abstract"],
            "keywords": row["keywords"],
        });
        serde_json::to_writer(&mut rows, &kept)?;
        rows.push(b'\n');
    }
    Ok(rows)
}

/// The judged demands as JSON Lines.
///
/// # Errors
/// Where the file is missing.
pub fn demands() -> Result<Vec<u8>> {
    let path = shared().join("bench/ccf-bdci-2019/dev/demands.jsonl");
    std::fs::read(&path).with_context(|| format!("no demands at {}", path.display()))
}

/// JSON Lines, cut into rows.
///
/// # Errors
/// What is no JSON Lines.
pub fn rows(lines: &[u8]) -> Result<Vec<Row>> {
    Ok(kechuang_ingest::rows::read(Format::JsonLines, lines)?)
}
