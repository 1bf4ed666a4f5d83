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

/// The rows of a packed file of JSON Lines, named from the folder of the data.
///
/// # Errors
/// Where the file is missing or is no such file.
pub fn unpacked(name: &str) -> Result<Vec<Value>> {
    let path = shared().join(name);
    let file = File::open(&path).with_context(|| format!("no data at {}", path.display()))?;
    let mut text = Vec::new();
    lzma_rs::xz_decompress(&mut BufReader::new(file), &mut text)?;
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(lines.map(serde_json::from_slice).collect::<Result<_, _>>()?)
}

/// The corpus as JSON Lines that can be taken in as achievements.
///
/// # Errors
/// Where the file is missing or is no corpus.
pub fn corpus() -> Result<Vec<u8>> {
    let mut rows = Vec::new();
    for row in unpacked("corpora/chinaxiv.jsonl.xz")? {
        let kept = json!({
            "id": row["id"], "title": row["title"], "abstract": row["abstract"],
            "keywords": row["keywords"],
        });
        serde_json::to_writer(&mut rows, &kept)?;
        rows.push(b'\n');
    }
    Ok(rows)
}

/// That corpus with patents and arXiv summaries beside it: some 97,000 records.
///
/// # Errors
/// Where a file is missing or is no corpus.
pub fn large_corpus() -> Result<Vec<u8>> {
    let mut rows = corpus()?;
    let mut put = |id: String, title: &Value, text: String| -> Result<()> {
        serde_json::to_writer(&mut rows, &json!({ "id": id, "title": title, "abstract": text }))?;
        rows.push(b'\n');
        Ok(())
    };
    for row in unpacked("corpora/patents.jsonl.xz")? {
        put(format!("patent {}", row["id"]), &row["title"], plain(&row["abstract"]))?;
    }
    for row in unpacked("corpora/arxiv-zh.jsonl.xz")? {
        let text = ["motivation", "method", "result"].map(|field| plain(&row[field])).join("");
        put(format!("arxiv {}", row["id"]), &row["tldr"], text)?;
    }
    Ok(rows)
}

fn plain(text: &Value) -> String {
    text.as_str().unwrap_or_default().to_owned()
}

/// The judged demands as JSON Lines.
///
/// # Errors
/// Where the file is missing.
pub fn demands() -> Result<Vec<u8>> {
    judged("demands.jsonl")
}

/// The judged achievements, of which only titles are known, as JSON Lines.
///
/// # Errors
/// Data that is not there.
pub fn titles() -> Result<Vec<u8>> {
    judged("achievements.jsonl")
}

fn judged(name: &str) -> Result<Vec<u8>> {
    let path = shared().join("bench/ccf-bdci-2019/dev").join(name);
    std::fs::read(&path).with_context(|| format!("no data at {}", path.display()))
}

/// JSON Lines, cut into rows.
///
/// # Errors
/// What is no JSON Lines.
pub fn rows(lines: &[u8]) -> Result<Vec<Row>> {
    Ok(kechuang_ingest::rows::read(Format::JsonLines, lines)?)
}
