//! What meaning costs: the scan beside the memory bandwidth of the same machine, and a text's way through
//! the bundled encoder.
//!
//! `cargo bench -p kechuang-benches --bench vectors` (`KECHUANG_BENCH_VECTORS=1000000` for another number of
//! vectors; `KECHUANG_BENCH_PYTHON=python3` to run the encoder in PyTorch beside it)

use std::{collections::HashSet, hint::black_box, path::Path, process::Command, time::Instant};

use anyhow::Result;
use kechuang_benches::{block_on, data, figures::print_ratio, is_test};
use kechuang_cli::assets;
use kechuang_domain::{Library, RecordId};
use kechuang_index::{
    Applied, Depth, ExactIndex, VectorChange, VectorEntry, VectorIndex, VectorQuery,
};
use kechuang_inference::{Encoder, Side, Urgency};
use serde_json::{Value, json};

const WIDTH: usize = 256;
const ROUNDS: usize = 201;
/// Records of a commit.
const COMMIT: usize = 10_000;
/// Names a Python that has what the encoder's recipe needs.
const PYTHON: &str = "KECHUANG_BENCH_PYTHON";
/// What recall asks for.
const DEPTH: usize = 200;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(async {
        let count = std::env::var("KECHUANG_BENCH_VECTORS").ok().and_then(|n| n.parse().ok());
        scan(count.unwrap_or(100_000)).await?;
        encode().await
    })
}

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f32 / (1_u64 << 31) as f32 - 0.5
    }

    fn vector(&mut self) -> Vec<f32> {
        let vector: Vec<f32> = (0..WIDTH).map(|_| self.next()).collect();
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        vector.into_iter().map(|number| number / length).collect()
    }
}

async fn scan(count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let index = VectorIndex::Exact(ExactIndex::open(folder.path(), "bench", WIDTH)?);
    let mut numbers = Numbers(1);
    let id = |number: usize| -> RecordId { format!("{number:032x}").parse().expect("an id") };
    let started = Instant::now();
    for first in (0..count).step_by(COMMIT) {
        let entry = |number: usize, vector| VectorEntry {
            id: id(number),
            revision: 1,
            library: Library::Achievement,
            region: None,
            vector,
        };
        let changes: Vec<_> = (first..count.min(first + COMMIT))
            .map(|number| VectorChange::Put(entry(number, numbers.vector())))
            .collect();
        index.apply(&changes, &Applied { seq: first as i64 + 1, mark: String::new() }).await?;
    }
    println!(
        "{count} vectors of {WIDTH} numbers written in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let size = std::fs::metadata(folder.path().join("vectors.bin"))?.len();
    println!("file {:.0} MB, resident {:.0} MB", size as f64 / 1e6, resident_mb());
    let started = Instant::now();
    drop(ExactIndex::open(folder.path(), "bench", WIDTH)?);
    println!("opened again in {:.2} s", started.elapsed().as_secs_f64());

    let bytes = count * WIDTH;
    let memory = vec![1_u64; bytes / 8];
    let queries: Vec<Vec<f32>> = (0..ROUNDS).map(|_| numbers.vector()).collect();
    let (mut reads, mut bare, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    // In turn, so that whatever else the machine does meets all of them alike.
    for vector in &queries {
        let started = Instant::now();
        black_box(black_box(&memory).iter().fold(0_u64, |sum, one| sum ^ one));
        reads.push(started.elapsed().as_secs_f64());
        bare.push(timed(&index, vector, Depth::Best(1)).await?);
        whole.push(timed(&index, vector, Depth::Best(DEPTH)).await?);
    }
    let [read, bare, whole] = [&mut reads, &mut bare, &mut whole].map(|times| middle(times));
    let bandwidth = bytes as f64 / read / 1e9;
    println!("memory read by one thread: {:.2} ms, {bandwidth:.1} GB/s", read * 1e3);
    let share = |time: f64| read / time * 100.0;
    println!("scan for the best one: {:.2} ms, {:.0} % of that bandwidth", bare * 1e3, share(bare));
    println!(
        "scan for the best {DEPTH}, scored again: {:.2} ms, {:.0} %",
        whole * 1e3,
        share(whole)
    );
    let closed: HashSet<RecordId> =
        (0..DEPTH.min(count)).map(|number| id(number * 7 % count)).collect();
    let mut times = Vec::new();
    for vector in &queries {
        times.push(timed(&index, vector, Depth::Closed(&closed)).await?);
    }
    println!("a closed set of {DEPTH}: {:.2} ms", middle(&mut times) * 1e3);
    Ok(())
}

async fn timed(index: &VectorIndex, vector: &[f32], depth: Depth<'_>) -> Result<f64> {
    let query = VectorQuery { vector, library: Library::Achievement, region: None, depth };
    let started = Instant::now();
    black_box(index.search(&query).await?);
    Ok(started.elapsed().as_secs_f64())
}

fn middle(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The judged demands and achievements through the bundled encoder, and through PyTorch with the same
/// weights.
async fn encode() -> Result<()> {
    let folder = data::shared().join("bench/ccf-bdci-2019/dev");
    let read = |name: &str, fields: &[&str]| -> Result<Vec<String>> {
        let lines = std::fs::read_to_string(folder.join(name))?;
        let rows = lines.lines().map(serde_json::from_str::<Value>);
        let joined = rows.map(|row| {
            let row = row?;
            Ok(fields
                .iter()
                .filter_map(|field| row[*field].as_str())
                .collect::<Vec<_>>()
                .join("。"))
        });
        joined.collect()
    };
    let queries = read("demands.jsonl", &["title", "text"])?;
    let passages = read("achievements.jsonl", &["title"])?;
    let encoder = Encoder::load(&assets::compact_encoder()?)?;
    black_box(encoder.encode(&passages[..64], Side::Passage, Urgency::Background).await?);
    let mut times = Vec::new();
    for query in &queries {
        let started = Instant::now();
        black_box(encoder.encode(&[query], Side::Query, Urgency::Interactive).await?);
        times.push(started.elapsed().as_secs_f64());
    }
    let started = Instant::now();
    for some in passages.chunks(64) {
        black_box(encoder.encode(some, Side::Passage, Urgency::Background).await?);
    }
    let a_second = passages.len() as f64 / started.elapsed().as_secs_f64();
    let (query_ms, characters) = (middle(&mut times) * 1e3, characters(&queries));
    println!("a demand of {characters} characters encoded: {query_ms:.3} ms");
    println!(
        "titles of {} characters encoded: {a_second:.0} a second",
        self::characters(&passages)
    );
    let Ok(python) = std::env::var(PYTHON) else {
        println!("{PYTHON} names no Python with PyTorch: not compared");
        return Ok(());
    };
    let file = tempfile::NamedTempFile::new()?;
    serde_json::to_writer(&file, &json!({ "queries": queries, "passages": passages }))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let told = Command::new(python)
        .arg(root.join("models/recipe/speed.py"))
        .args([root.join("models/compact").as_path(), file.path()])
        .output()?;
    anyhow::ensure!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let theirs: Value = serde_json::from_slice(&told.stdout)?;
    println!("PyTorch, same weights and texts: {theirs}");
    let figure = |name: &str| theirs[name].as_f64().unwrap_or(f64::NAN);
    print_ratio("speed of one demand, beside PyTorch", figure("query_ms") / query_ms, "1.0");
    print_ratio("titles a second, beside PyTorch", a_second / figure("passages_per_s"), "1.0");
    Ok(())
}

/// The middle number of characters.
fn characters(texts: &[String]) -> usize {
    let mut lengths: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
    lengths.sort_unstable();
    lengths[lengths.len() / 2]
}

fn resident_mb() -> f64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
