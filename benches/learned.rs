//! What the learned order adds to an answer, beside the recall stage, where it has most to do: over achievements of
//! which only titles are known, all of the first hundred are put in order.
//!
//! `cargo bench -p kechuang-benches --bench learned`

use std::time::{Duration, Instant};

use anyhow::Result;
use kechuang_benches::{
    block_on, data,
    figures::{Times, print_ratio, print_times},
    is_test,
};
use kechuang_cli::{assets, meaning};
use kechuang_domain::{Library, MatchRequest, MatchSource, RecordId, Watch};
use kechuang_lab::Scratch;
use kechuang_matching::{Engine, clock};

/// Runs, of which the median counts.
const RUNS: usize = 5;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let rules = assets::rules()?;
    let encoders = meaning::bundled()?;
    let scratch = Scratch::new(&rules, Watch::nobody()).await?;
    let mut scratch = scratch.with_encoders(Some(encoders)).await?;
    let titles = scratch.take_in(Library::Achievement, data::rows(&data::titles()?)?).await?.len();
    let demands = scratch.take_in(Library::Demand, data::rows(&data::demands()?)?).await?;
    scratch.index().await?;
    println!("\n{titles} titles, {} demands, {RUNS} runs", demands.len());

    // The first time each demand is asked, the words of its candidates are encoded.
    let mut first = Times::default();
    first.begin_run();
    let mut ordered = 0;
    for id in demands.values() {
        let (time, learned) = find(&scratch.engine, *id, "default").await?;
        first.add(time);
        ordered += learned;
    }
    println!("{:.1} candidates in learned order a demand", ordered as f64 / demands.len() as f64);
    let [mut by_words, mut fused, mut learned] = std::array::from_fn(|_| Times::default());
    for _ in 0..RUNS {
        for (times, profile) in
            [(&mut by_words, "lexical"), (&mut fused, "fused"), (&mut learned, "default")]
        {
            times.begin_run();
            for id in demands.values() {
                times.add(find(&scratch.engine, *id, profile).await?.0);
            }
        }
    }
    print_times("Engine::find by words", &by_words);
    print_times("by words and meaning, fused", &fused);
    print_times("the same in learned order", &learned);
    print_times("its words seen for the first time", &first);
    print_ratio("learned order adds, ms", learned.mean_ms() - fused.mean_ms(), "under 10");
    Ok(())
}

/// How long an answer takes, and how many of its candidates are in learned order.
async fn find(engine: &Engine, id: RecordId, profile: &str) -> Result<(Duration, usize)> {
    let source = MatchSource::Record(id);
    let request = MatchRequest { profile: Some(profile.to_owned()), ..MatchRequest::new(source) };
    let now = clock::now();
    let started = Instant::now();
    let found = engine.find(&request, now).await?;
    let took = started.elapsed();
    let candidates = found.scores.sections.iter().flat_map(|part| &part.input.candidates);
    Ok((took, candidates.filter(|one| one.learned.is_some()).count()))
}
