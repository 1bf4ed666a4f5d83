//! The second task: which method answers a motivation, among 5,000, by words, by meaning, by both.
//!
//! `cargo bench -p kechuang-benches --bench motivation`
//!
//! The rows are those that the bundled encoder's recipe held out by the hash of their ids before anything was
//! trained (`models/recipe/data.py`). Every motivation is matched as free text through
//! `Engine::find`; what counts is the place of its own method among the first ten.

use std::collections::BTreeMap;

use anyhow::Result;
use kechuang_benches::{block_on, data, is_test};
use kechuang_cli::{assets, meaning};
use kechuang_domain::{Library, MatchRequest, MatchSource, RecordId, Watch};
use kechuang_eval::significance::{mean_interval, paired_difference};
use kechuang_lab::Scratch;
use kechuang_matching::{Engine, clock};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Rows held out.
const HELD_OUT: usize = 5_000;
/// The weights of fusion were chosen on the first rows and on the judged demands.
const CHOSEN_ON: usize = 1_500;
/// Places that count.
const PLACES: usize = 10;
/// Characters of a method that stand as its title, at most.
const TITLE_CHARS: usize = 60;
const PROFILES: [&str; 3] = ["lexical", "semantic", "default"];
const SEED: u64 = 1;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let rules = assets::rules()?;
    let encoders = meaning::bundled()?;
    let mut scratch =
        Scratch::new(&rules, Watch::nobody()).await?.with_encoders(Some(encoders)).await?;
    let held_out = held_out()?;
    let mut lines = Vec::new();
    for row in &held_out {
        let method = text(row, "method");
        let (title, rest) = method.split_at(title_end(method));
        let record = json!({ "id": row["id"], "title": title, "abstract": rest });
        serde_json::to_writer(&mut lines, &record)?;
        lines.push(b'\n');
    }
    let records = scratch.take_in(Library::Achievement, data::rows(&lines)?).await?;
    scratch.index().await?;
    println!("{} motivations, {} methods, MRR@{PLACES}:", held_out.len(), records.len());
    let mut all = Vec::new();
    for profile in PROFILES {
        let ranks = reciprocal_ranks(&scratch.engine, profile, &held_out, &records).await?;
        let drawn = mean_interval(&ranks, SEED)?;
        println!("{profile:<10}{:.4} ({:.4} to {:.4})", drawn.mean, drawn.low, drawn.high);
        all.push(ranks);
    }
    for (rows, from) in [("all rows", 0), ("rows that no weight was chosen on", CHOSEN_ON)] {
        for (profile, ranks) in PROFILES.iter().zip(&all).take(2) {
            let gain = paired_difference(&all[2][from..], &ranks[from..], SEED)?;
            println!(
                "{rows}: default over {profile} {:+.4} ({:+.4} to {:+.4}), p = {:.4}",
                gain.gain.mean, gain.gain.low, gain.gain.high, gain.p_value
            );
        }
    }
    Ok(())
}

/// The held-out rows that have both texts.
fn held_out() -> Result<Vec<Value>> {
    let mut rows = data::unpacked("corpora/arxiv-zh.jsonl.xz")?;
    rows.sort_by_cached_key(|row| {
        let hash = Sha256::digest(text(row, "id"));
        u64::from_be_bytes(hash[..8].try_into().expect("eight bytes"))
    });
    rows.truncate(HELD_OUT);
    rows.retain(|row| !text(row, "motivation").is_empty() && !text(row, "method").is_empty());
    Ok(rows)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default().trim()
}

/// Behind the last clause that ends where a title may still go on, else as far as a title may go.
fn title_end(text: &str) -> usize {
    let ends = text.char_indices().take(TITLE_CHARS);
    let clause = ends.clone().filter(|(_, c)| "，,。；;".contains(*c)).last();
    clause.or_else(|| ends.last()).map_or(0, |(at, c)| at + c.len_utf8())
}

async fn reciprocal_ranks(
    engine: &Engine,
    profile: &str,
    rows: &[Value],
    records: &BTreeMap<String, RecordId>,
) -> Result<Vec<f64>> {
    let mut ranks = Vec::with_capacity(rows.len());
    for row in rows {
        let source = MatchSource::Text(text(row, "motivation").to_owned());
        let request = MatchRequest {
            profile: Some(profile.to_owned()),
            top: PLACES,
            ..MatchRequest::new(source)
        };
        let found = engine.find(&request, clock::now()).await?;
        let own = records[text(row, "id")];
        let place = found.outcome.achievements.iter().position(|found| found.record == own);
        ranks.push(place.map_or(0.0, |place| 1.0 / (place + 1) as f64));
    }
    Ok(ranks)
}
