//! Cutting text: speed per byte, and how it grows with the length, for plain and for awkward text.
//!
//! `cargo bench -p kechuang-benches --bench text`

use std::time::Instant;

use anyhow::Result;
use kechuang_benches::is_test;
use kechuang_cli::assets;
use kechuang_text::{analyse, indicators, sentences};

/// Characters of the short text, and of a whole book.
const LENGTHS: [usize; 2] = [50_000, 400_000];

/// Repeated to fill a text: prose, then what a hostile file may hold.
const SEEDS: [&str; 13] = [
    "赤泥脱碱后用于路基填筑，钠含量不高于1%。",
    "中",
    "a",
    "1",
    "1.",
    "1,",
    "-",
    "1~",
    "(",
    "一、",
    "℃",
    "鎂",
    "≥1",
];

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    let lexicon = assets::rules()?.lexicon;
    println!("{:<24} {:>12} {:>12} {:>10}", "text", "short ms", "8 x long ms", "growth");
    for seed in SEEDS {
        let [short, long] = LENGTHS.map(|length| {
            let text = seed.repeat(length / seed.chars().count());
            let mut best = f64::INFINITY;
            for _ in 0..5 {
                let started = Instant::now();
                std::hint::black_box(analyse(&lexicon, &text));
                std::hint::black_box(indicators(&lexicon, &text));
                std::hint::black_box(sentences(&text));
                best = best.min(started.elapsed().as_secs_f64() * 1e3);
            }
            best
        });
        let shown: String = seed.chars().take(8).collect();
        println!("{shown:<24} {short:>12.2} {long:>12.2} {:>10.1}   (linear: 8)", long / short);
    }
    Ok(())
}
