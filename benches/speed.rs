//! How long an answer takes, beside what it cannot do without: the same Boolean query and depth in bare
//! tantivy, a bare scan of the vectors, and one encoding of the demand.
//!
//! `cargo bench -p kechuang-benches --bench speed`, over some 10,000 records and over some 100,000

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use anyhow::Result;
use kechuang_benches::{
    bare::Bare,
    block_on, data,
    disk::fsync,
    figures::{Times, print_ratio, print_times},
    is_test,
};
use kechuang_cli::{assets, meaning};
use kechuang_domain::{Library, MatchRequest, MatchSource, RecordId, TextField, Viewer, Watch};
use kechuang_index::{Depth, Snapshot, VectorQuery};
use kechuang_inference::{Side, Urgency};
use kechuang_lab::Scratch;
use kechuang_matching::{
    Encoders, Engine, Meaning, MeaningState, Rules, clock,
    recall::{Scope, SourceWords, choose_terms, recall},
};
use kechuang_ranking::Profile;
use tantivy::query::BooleanQuery;

/// Runs, of which the median counts.
const RUNS: usize = 5;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(async {
        let rules = assets::rules()?;
        let encoders = meaning::bundled()?;
        measure(&rules, &encoders, data::corpus()?, 2_000).await?;
        measure(&rules, &encoders, data::large_corpus()?, 370).await
    })
}

/// A demand in every form that is asked for.
struct Asked {
    id: RecordId,
    text: String,
    words: SourceWords,
    query: BooleanQuery,
}

async fn measure(
    rules: &Rules,
    encoders: &Encoders,
    corpus: Vec<u8>,
    queries: usize,
) -> Result<()> {
    let scratch = Scratch::new(rules, Watch::nobody()).await?;
    let mut scratch = scratch.with_encoders(Some(encoders.clone())).await?;
    let records = scratch.take_in(Library::Achievement, data::rows(&corpus)?).await?.len();
    let demands = scratch.take_in(Library::Demand, data::rows(&data::demands()?)?).await?;
    scratch.index().await?;
    let engine = &scratch.engine;
    let MeaningState::Present(meaning) = engine.meaning() else {
        anyhow::bail!("the engine has no vectors");
    };
    let snapshot = engine.index().snapshot();
    let [lexical, default] =
        ["lexical", "default"].map(|name| rules.profiles.get(name).expect("a profile"));
    let bare = Bare::new(engine)?;
    println!("\n{records} records, {} demands, {RUNS} runs of {queries} queries", demands.len());

    let mut asked = Vec::with_capacity(demands.len());
    let mut term_count = 0;
    for id in demands.into_values() {
        let (text, words) = words_of(engine, id).await?;
        let terms =
            choose_terms(engine.lexicon(), &snapshot, lexical, Library::Achievement, &words)?;
        term_count += terms.words.len() + terms.grams.len();
        asked.push(Asked { id, text, words, query: bare.query(lexical, &terms) });
    }
    println!("{:.1} terms a query on average", term_count as f64 / asked.len() as f64);

    let [mut alone, mut recalled, mut encoded, mut scanned, mut by_words, mut found, mut saved] =
        std::array::from_fn(|_| Times::default());
    for _ in 0..RUNS {
        for times in [
            &mut alone,
            &mut recalled,
            &mut encoded,
            &mut scanned,
            &mut by_words,
            &mut found,
            &mut saved,
        ] {
            times.begin_run();
        }
        for one in asked.iter().cycle().take(queries) {
            alone.add(timed(|| bare.search(&one.query, lexical.recall.depth))?);
            recalled.add(timed(|| recall_stage(engine, &snapshot, lexical, &one.words))?);
            let (encoding, scan) = meaning_alone(&meaning, &one.text, default.vector.depth).await?;
            encoded.add(encoding);
            scanned.add(scan);
            by_words.add(answer(engine, one.id, "lexical").await?.0);
            let (find, save) = answer(engine, one.id, "default").await?;
            found.add(find);
            saved.add(save);
        }
    }
    print_times("bare tantivy, same Boolean query and depth", &alone);
    print_times("recall by words (choosing terms, searching)", &recalled);
    print_times("one encoding of the demand", &encoded);
    print_times("bare scan of the vectors, same depth", &scanned);
    print_times("Engine::find by words, without the save", &by_words);
    print_times("Engine::find by default, without the save", &found);
    print_times("the save", &saved);
    let folder = engine.index().folder().to_owned();
    println!("{:<44} p50  {:8.3} ms", "one fsync", fsync(&folder)?.as_secs_f64() * 1e3);
    print_ratio("recall / bare tantivy", recalled.mean_ms() / alone.mean_ms(), "at most 1.3");
    print_ratio("find by words / bare tantivy", by_words.mean_ms() / alone.mean_ms(), "at most 3");
    let parts = alone.mean_ms() + scanned.mean_ms() + encoded.mean_ms();
    print_ratio("find / (tantivy + scan + encoding)", found.mean_ms() / parts, "at most 1.5");
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let started = Instant::now();
    black_box(work()?);
    Ok(started.elapsed())
}

/// The text of a demand, and its words as the engine cuts them.
async fn words_of(engine: &Engine, id: RecordId) -> Result<(String, SourceWords)> {
    let record = engine.store().record(id).await?.record;
    let title = record.content.title_for(Viewer::Public);
    let body = record.content.text_for(Viewer::Public, TextField::Body).unwrap_or_default();
    Ok((format!("{title}。{body}"), SourceWords::cut(engine.lexicon(), title, body)))
}

fn recall_stage(
    engine: &Engine,
    snapshot: &Snapshot,
    profile: &Profile,
    words: &SourceWords,
) -> Result<usize> {
    let library = Library::Achievement;
    let terms = choose_terms(engine.lexicon(), snapshot, profile, library, words)?;
    let scope = Scope { library, region: None, closed: None, also: None };
    Ok(recall(snapshot, profile, &terms, scope)?.candidates.len())
}

/// How long the encoding of a text takes, and how long the search for its nearest.
async fn meaning_alone(
    meaning: &Meaning,
    text: &str,
    depth: usize,
) -> Result<(Duration, Duration)> {
    let started = Instant::now();
    let vectors = meaning.encoder.encode(&[text], Side::Query, Urgency::Interactive).await?;
    let encoded = started.elapsed();
    let (library, depth) = (Library::Achievement, Depth::Best(depth));
    let query = VectorQuery { vector: &vectors[0], library, region: None, depth };
    let started = Instant::now();
    black_box(meaning.vectors.search(&query).await?);
    Ok((encoded, started.elapsed()))
}

/// How long an answer takes, and how long it takes to save it.
async fn answer(engine: &Engine, id: RecordId, profile: &str) -> Result<(Duration, Duration)> {
    let source = MatchSource::Record(id);
    let request = MatchRequest { profile: Some(profile.to_owned()), ..MatchRequest::new(source) };
    let now = clock::now();
    let started = Instant::now();
    let answer = engine.find(&request, now).await?;
    let found = started.elapsed();
    let started = Instant::now();
    engine.save(&request, &answer, now).await?;
    Ok((found, started.elapsed()))
}
