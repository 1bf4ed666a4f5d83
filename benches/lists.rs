//! What counting facets costs, beside the same list without.
//!
//! `cargo bench -p kechuang-benches --bench lists`

use std::time::{Duration, Instant};

use anyhow::Result;
use kechuang_benches::{
    block_on, data,
    figures::{Times, print_ratio, print_times},
    is_test,
};
use kechuang_cli::assets;
use kechuang_domain::{Facet, Library, Sort, Watch};
use kechuang_index::{Filter, ListQuery, Listing, Snapshot};
use kechuang_lab::Scratch;
use kechuang_matching::{Engine, SearchRequest, clock, recall::slot_weights};
use kechuang_text::{QueryTerm, Token, analyse};
use serde_json::{Value, json};

/// Lists in one run.
const LISTS: usize = 1_000;
/// Runs, of which the median counts.
const RUNS: usize = 5;
/// Owners that the records are spread over.
const OWNERS: usize = 2_000;
/// What people type; nothing lists the whole library.
const QUERIES: [&str; 8] =
    ["", "神经网络", "深度学习 图像", "锂电池", "量子", "复合材料 强度", "催化剂", "肿瘤细胞"];

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let rules = assets::rules()?;
    let mut scratch = Scratch::new(&rules, Watch::nobody()).await?;
    let records =
        scratch.take_in(Library::Achievement, data::rows(&with_facets(&data::corpus()?)?)?).await?;
    scratch.index().await?;
    let engine = &scratch.engine;
    let snapshot = engine.index().snapshot();
    let all: Vec<Facet> = Facet::of(Library::Achievement).collect();
    println!("{} records, {} segments", records.len(), snapshot.segment_count());
    for text in QUERIES {
        let listing = list(engine, &snapshot, text, &all)?;
        println!("  {text:<20} {:>6} records", listing.total);
    }
    let [mut plain, mut counted, mut searched] = std::array::from_fn(|_| Times::default());
    for _ in 0..RUNS {
        for times in [&mut plain, &mut counted, &mut searched] {
            times.begin_run();
        }
        for text in QUERIES.iter().cycle().take(LISTS) {
            plain.add(timed(|| list(engine, &snapshot, text, &[]))?);
            counted.add(timed(|| list(engine, &snapshot, text, &all))?);
            let library = Library::Achievement;
            let request = SearchRequest { text: (*text).to_owned(), ..SearchRequest::new(library) };
            let started = Instant::now();
            std::hint::black_box(engine.search(&request, clock::now()).await?);
            searched.add(started.elapsed());
        }
    }
    print_times("list without facets", &plain);
    print_times("the same with facets", &counted);
    print_times("Engine::search, records and names read", &searched);
    print_ratio("with facets / without", counted.mean_ms() / plain.mean_ms(), "printed");
    Ok(())
}

/// The corpus with facts to count: ten values a record, spread by its place.
fn with_facets(rows: &[u8]) -> Result<Vec<u8>> {
    const CHAINS: [&str; 3] = ["hydrogen", "high-end-metals", "solid-waste"];
    const STAGES: [&str; 3] = ["初期", "中期", "成熟应用"];
    let mut with = Vec::with_capacity(rows.len() * 2);
    for (place, line) in
        rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate()
    {
        let mut row: Value = serde_json::from_slice(line)?;
        row["chain"] = json!(CHAINS[place % 3]);
        row["stage"] = json!(STAGES[place / 3 % 3]);
        row["year"] = json!(2000 + place % 25);
        row["industry"] = json!(format!("C{}", 13 + place % 30));
        row["result_class"] = json!("应用技术");
        row["region"] = json!(["141181", "141102", "140105", "110000", "310000"][place % 5]);
        row["owner"] = json!(format!("示例单位{}", place * 7 % OWNERS));
        serde_json::to_writer(&mut with, &row)?;
        with.push(b'\n');
    }
    Ok(with)
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let started = Instant::now();
    std::hint::black_box(work()?);
    Ok(started.elapsed())
}

fn list(engine: &Engine, snapshot: &Snapshot, text: &str, facets: &[Facet]) -> Result<Listing> {
    let words = analyse(engine.lexicon(), text);
    let profile = engine.profiles().get("default").expect("the default profile");
    let terms = |tokens: &[Token]| -> Vec<QueryTerm> {
        tokens.iter().map(|token| QueryTerm { text: token.text.clone(), weight: 1.0 }).collect()
    };
    Ok(snapshot.list(&ListQuery {
        stale_factor: 1.0,
        library: Library::Achievement,
        words: &terms(&words.words),
        grams: &terms(&words.grams),
        weights: &slot_weights(profile),
        filter: &Filter::default(),
        sort: if text.is_empty() { Sort::Newest } else { Sort::Relevance },
        today: clock::now().china_date(),
        after: None,
        limit: 20,
        facets,
    })?)
}
