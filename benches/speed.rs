//! How long an answer takes, beside bare tantivy with the same Boolean query and depth.
//!
//! `cargo bench -p kechuang-benches --bench speed`

use std::time::Instant;

use anyhow::Result;
use kechuang_benches::{
    block_on, data,
    disk::fsync,
    figures::{Times, print_ratio, print_times},
    is_test,
};
use kechuang_cli::assets;
use kechuang_domain::{Library, MatchRequest, MatchSource, RecordId, TextField, Viewer, Watch};
use kechuang_index::{Slot, Snapshot};
use kechuang_lab::Scratch;
use kechuang_matching::{
    Engine, clock,
    recall::{LibraryTerms, Scope, SourceWords, choose_terms, recall, slot_weights},
};
use kechuang_ranking::Profile;
use tantivy::{
    Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

/// Queries in one run, at least.
const QUERIES: usize = 2_000;
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
    let mut scratch = Scratch::new(&rules, Watch::nobody()).await?;
    let records = scratch.take_in(Library::Achievement, data::rows(&data::corpus()?)?).await?.len();
    let demands: Vec<RecordId> = scratch
        .take_in(Library::Demand, data::rows(&data::demands()?)?)
        .await?
        .into_values()
        .collect();
    scratch.index().await?;
    let engine = &scratch.engine;
    let snapshot = engine.index().snapshot();
    let profile = rules.profiles.get("lexical").expect("the lexical profile");
    let bare = Bare::new(engine)?;
    println!("{records} records, {} demands, {RUNS} runs of {QUERIES} queries each", demands.len());

    let mut sources = Vec::with_capacity(demands.len());
    let mut term_count = 0;
    for id in &demands {
        let words = words_of(engine, *id).await?;
        let terms =
            choose_terms(engine.lexicon(), &snapshot, profile, Library::Achievement, &words)?;
        term_count += terms.words.len() + terms.grams.len();
        sources.push((*id, words, bare.query(profile, &terms)));
    }
    println!("{:.1} terms per query on average", term_count as f64 / sources.len() as f64);

    let [mut alone, mut recalled, mut found, mut saved] = std::array::from_fn(|_| Times::default());
    for _ in 0..RUNS {
        for times in [&mut alone, &mut recalled, &mut found, &mut saved] {
            times.begin_run();
        }
        for (id, words, query) in sources.iter().cycle().take(QUERIES) {
            alone.add(timed(|| bare.search(query, profile.recall.depth))?.1);
            recalled.add(timed(|| recall_stage(engine, &snapshot, profile, words))?.1);
            let source = MatchSource::Record(*id);
            let request =
                MatchRequest { profile: Some("lexical".to_owned()), ..MatchRequest::new(source) };
            let now = clock::now();
            let started = Instant::now();
            let answer = engine.find(&request, now).await?;
            found.add(started.elapsed());
            let started = Instant::now();
            engine.save(&request, &answer, now).await?;
            saved.add(started.elapsed());
        }
    }
    print_times("bare tantivy, same Boolean query and depth", &alone);
    print_times("recall stage (choosing terms, searching)", &recalled);
    print_times("Engine::find without the save", &found);
    print_times("the save", &saved);
    let folder = engine.index().folder().to_owned();
    println!("{:<44} p50  {:8.3} ms", "one fsync", fsync(&folder)?.as_secs_f64() * 1e3);
    print_ratio("recall / bare tantivy", recalled.mean_ms() / alone.mean_ms(), "at most 1.3");
    print_ratio("Engine::find / bare tantivy", found.mean_ms() / alone.mean_ms(), "at most 3");
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, std::time::Duration)> {
    let started = Instant::now();
    let made = std::hint::black_box(work()?);
    Ok((made, started.elapsed()))
}

/// The words of a demand, cut as the engine cuts them.
async fn words_of(engine: &Engine, id: RecordId) -> Result<SourceWords> {
    let record = engine.store().record(id).await?.record;
    let title = record.content.title_for(Viewer::Public);
    let body = record.content.text_for(Viewer::Public, TextField::Body).unwrap_or_default();
    Ok(SourceWords::cut(engine.lexicon(), title, body))
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
    Ok(recall(snapshot, profile, &terms, scope)?.len())
}

/// The same index, searched by tantivy alone.
struct Bare {
    searcher: Searcher,
    fields: [tantivy::schema::Field; Slot::COUNT],
}

impl Bare {
    fn new(engine: &Engine) -> Result<Self> {
        let index = engine.index().engine();
        let schema = index.schema();
        let field = |name: &str| schema.get_field(name);
        let fields = [
            field("title_words")?,
            field("title_grams")?,
            field("keywords_words")?,
            field("keywords_grams")?,
            field("body_words")?,
            field("body_grams")?,
        ];
        Ok(Self { searcher: index.reader()?.searcher(), fields })
    }

    fn query(&self, profile: &Profile, terms: &LibraryTerms) -> BooleanQuery {
        let weights = slot_weights(profile);
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        for slot in Slot::all() {
            let asked = match slot.analyser() {
                kechuang_index::Analyser::Words => &terms.words,
                kechuang_index::Analyser::Grams => &terms.grams,
            };
            for term in asked {
                let text = format!("a{}", term.text);
                let term_of = Term::from_field_text(self.fields[slot.index()], &text);
                let query = TermQuery::new(term_of, IndexRecordOption::WithFreqs);
                let boost = weights[slot.index()].weight * term.weight;
                parts.push(Box::new(BoostQuery::new(Box::new(query), boost)));
            }
        }
        BooleanQuery::union(parts)
    }

    fn search(&self, query: &BooleanQuery, depth: usize) -> Result<usize> {
        let top = TopDocs::with_limit(depth).order_by_score();
        Ok(self.searcher.search(query, &top)?.len())
    }
}
