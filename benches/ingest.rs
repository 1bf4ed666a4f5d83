//! How fast records become durable and searchable, beside the time of one fsync.
//!
//! `cargo bench -p kechuang-benches --bench ingest`

use std::time::Instant;

use anyhow::Result;
use kechuang_benches::{block_on, data, disk::fsync, figures::print_ratio, is_test};
use kechuang_cli::assets;
use kechuang_domain::{Library, Watch};
use kechuang_lab::Scratch;
use kechuang_text::analyse;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let rules = assets::rules()?;
    let rows = data::corpus()?;
    let mut rates = Vec::new();
    let mut disk = Vec::new();
    for run in 1..=5 {
        let mut scratch = Scratch::new(&rules, Watch::nobody()).await?;
        disk.push(fsync(scratch.engine.index().folder())?.as_secs_f64());
        let started = Instant::now();
        let records = scratch.take_in(Library::Achievement, data::rows(&rows)?).await?.len();
        let durable = started.elapsed().as_secs_f64();
        scratch.catch_up().await?;
        let searchable = started.elapsed().as_secs_f64();
        let rate = records as f64 / searchable;
        println!(
            "run {run}: {records} records durable after {durable:.2} s, searchable after \
             {searchable:.2} s: {rate:.0} per second"
        );
        rates.push(rate);
    }
    let (rate, disk) = (median(rates), median(disk));
    let (cut, read) = (cutting_alone(&rules, &rows), reading_alone(&rows)?);
    println!("{:<44} {rate:.0} per second", "durable and searchable, median of 5");
    println!("{:<44} {cut:.0} per second", "cutting words and grams alone, one thread");
    println!("{:<44} {read:.0} per second", "parsing the rows' JSON alone, one thread");
    println!("{:<44} {:.3} ms", "one fsync, median", disk * 1e3);
    print_ratio("records in the time of one fsync", rate * disk, "at least 10");
    println!("{:<44} {:.2} ms", "the bar is met where an fsync costs", 10.0 / rate * 1e3);
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The limit that segmentation sets on one thread, in records per second.
fn cutting_alone(rules: &kechuang_matching::Rules, rows: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(rows);
    let lines: Vec<&str> = text.lines().take(2_000).collect();
    let started = Instant::now();
    for line in &lines {
        std::hint::black_box(analyse(&rules.lexicon, line));
    }
    lines.len() as f64 / started.elapsed().as_secs_f64()
}

/// The limit that parsing sets, in records per second.
fn reading_alone(rows: &[u8]) -> Result<f64> {
    let started = Instant::now();
    let read = kechuang_ingest::rows::read(kechuang_ingest::Format::JsonLines, rows)?;
    Ok(std::hint::black_box(read).len() as f64 / started.elapsed().as_secs_f64())
}
