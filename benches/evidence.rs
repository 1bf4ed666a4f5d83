//! Evidence: whether every quote stands in its source, and what a result costs with all that is said of it.
//!
//! All judged demands of firms against 200 records with bodies (samples and patents), each of which is explained:
//! `cargo bench -p kechuang-benches --bench evidence`

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use kechuang_benches::{alter::Dice, block_on, data, is_test};
use kechuang_cli::{assets, meaning};
use kechuang_domain::{
    AskedIn, Basis, Fulfilment, Library, Match, MatchOutcome, MatchRequest, MatchSource, Quote,
    Record, RecordId, Viewer, Watch,
};
use kechuang_ingest::Row;
use kechuang_lab::{Bench, Scratch};
use kechuang_matching::clock;
use serde_json::{Value, json};

/// Records of each kind.
const EACH: usize = 100;
/// Answers to a request at most; a demand asks all records in several.
const AT_ONCE: usize = 100;
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
    let scratch = Scratch::new(&rules, Watch::nobody()).await?.with_tables(assets::tables()?);
    let mut scratch = scratch.with_encoders(Some(encoders)).await?;
    let rows = samples()?.into_iter().chain(patents()?).collect();
    let achievements = scratch.take_in(Library::Achievement, rows).await?;
    let demands = scratch.take_in(Library::Demand, data::rows(&data::demands()?)?).await?;
    scratch.index().await?;
    let ids: Vec<RecordId> = achievements.into_values().collect();
    let stored = scratch.engine.store().records(&ids).await?;
    let records: BTreeMap<RecordId, Record> =
        stored.into_iter().map(|stored| (stored.record.id, stored.record)).collect();
    println!("\n{} demands, {} records with bodies", demands.len(), ids.len());

    let mut seen = Seen::default();
    // The first time, needs and sentences are encoded.
    for when in ["first time", "again"] {
        let (mut took, mut results) = (Duration::ZERO, 0);
        for id in demands.values() {
            for part in ids.chunks(AT_ONCE) {
                let request = MatchRequest {
                    candidates: Some(part.to_vec()),
                    top: AT_ONCE,
                    ..MatchRequest::new(MatchSource::Record(*id))
                };
                let started = Instant::now();
                let found = scratch.engine.find(&request, clock::now()).await?;
                took += started.elapsed();
                results += found.outcome.achievements.len();
                if when == "again" {
                    seen.look(&found.outcome, &records);
                }
            }
        }
        let each = took.as_secs_f64() * 1e3 / results as f64;
        println!("{when:<44} {each:6.3} ms a result of {results}   (bar: under 3)");
    }
    seen.print();
    ensure!(seen.missing == 0, "{} quotes are not in their sources", seen.missing);
    Ok(())
}

/// What was looked at.
#[derive(Debug, Default)]
struct Seen {
    quotes: usize,
    missing: usize,
    by_meaning: usize,
    met: usize,
    unmet: usize,
}

impl Seen {
    fn look(&mut self, outcome: &MatchOutcome, records: &BTreeMap<RecordId, Record>) {
        for found in &outcome.achievements {
            self.look_at(outcome, found, &records[&found.record]);
        }
    }

    fn look_at(&mut self, outcome: &MatchOutcome, found: &Match, record: &Record) {
        let explanation = &found.explanation;
        for evidence in &explanation.evidence {
            self.quote(&evidence.quote, record);
            self.by_meaning += usize::from(evidence.cosine.is_some());
        }
        for check in &explanation.indicators {
            self.met += usize::from(check.fulfilment == Fulfilment::Met);
            self.unmet += usize::from(check.fulfilment == Fulfilment::Unmet);
            match &check.said {
                Some(Basis::Text(quote)) => self.quote(quote, record),
                Some(Basis::Fact { fact, value }) => {
                    let mut rows = record.content.details().indicators(*fact).iter();
                    self.count(rows.any(|row| row.words() == *value));
                }
                Some(Basis::Region(_) | Basis::Chain(_)) => self.count(false),
                None => {}
            }
            self.count(match check.asked_in {
                AskedIn::Need { at, .. } => at.of(&outcome.source.text) == Some(&check.asked),
                // These demands are texts alone.
                AskedIn::Fact { .. } => false,
            });
        }
    }

    fn quote(&mut self, quote: &Quote, record: &Record) {
        let text = record.content.text_for(Viewer::Public, quote.field);
        self.count(text.and_then(|text| quote.span.of(text)) == Some(quote.text()));
    }

    fn count(&mut self, is_there: bool) {
        self.quotes += 1;
        self.missing += usize::from(!is_there);
    }

    fn print(&self) {
        let Self { quotes, missing, by_meaning, met, unmet } = self;
        println!("{missing} of {quotes} quotes are not in their sources   (bar: 0)");
        println!("{by_meaning} sentences by meaning; {met} figures met, {unmet} unmet");
    }
}

/// Sample achievements with bodies.
fn samples() -> Result<Vec<Row>> {
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden");
    Ok(drawn(Bench::open(&golden)?.rows(Library::Achievement)?))
}

/// Patents with abstracts.
fn patents() -> Result<Vec<Row>> {
    let mut lines = Vec::new();
    for row in data::unpacked("corpora/patents.jsonl.xz")? {
        let text = row["abstract"].as_str().unwrap_or_default();
        if !text.is_empty() {
            let kept: Value = json!({ "id": row["id"], "title": row["title"], "abstract": text });
            lines.extend(serde_json::to_vec(&kept)?);
            lines.push(b'\n');
        }
    }
    Ok(drawn(data::rows(&lines)?))
}

/// As many rows as are wanted, by seeded hashes.
fn drawn(rows: Vec<Row>) -> Vec<Row> {
    let mut order: Vec<(u64, Row)> = rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| (Dice::new(SEED, &at.to_string()).roll(), row))
        .collect();
    order.sort_by_key(|(hash, _)| *hash);
    order.into_iter().map(|(_, row)| row).take(EACH).collect()
}
