//! Near-duplicates: precision and recall on altered copies of real records, candidates per record, and
//! time beside SHA-256 and the segmenter over the same bytes.
//!
//! `cargo bench -p kechuang-benches --bench duplicates` reports one sample of records; the thresholds
//! were set on another, which shares no record with it: `… --bench duplicates -- tune`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hint::black_box,
    time::Instant,
};

use anyhow::{Context, Result};
use kechuang_benches::{
    alter::{Dice, Synonyms, misread, paraphrase, reorder, truncate},
    block_on, data,
    figures::print_ratio,
    is_test,
    shelf::Shelf,
};
use kechuang_cli::assets;
use kechuang_domain::{Library, Watch};
use kechuang_lab::Scratch;
use kechuang_matching::recall::{Scope, SourceWords, choose_terms, recall};
use kechuang_text::{
    Lexicon, analyse,
    near::{Fingerprint, Likeness, Rule, Text, Verdict, compare},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Records in a sample.
const SAMPLE: usize = 300;
/// Nearest neighbours of each that are taken for other records.
const NEIGHBOURS: usize = 20;
/// Of the pairs that are found in the corpus itself, every so manieth is printed.
const PAIRS_SHOWN: usize = 5;
/// Seeds of the two samples.
const SEEDS: [u64; 2] = [20_261, 20_262];
/// What is done to a record, in this order: other words, another order, a cut, misread characters.
const KINDS: [(&str, &str); 10] = [
    ("paraphrase", "p"),
    ("reorder", "r"),
    ("truncation", "t"),
    ("misreading", "m"),
    ("paraphrase, reorder", "pr"),
    ("paraphrase, misreading", "pm"),
    ("paraphrase, truncation", "pt"),
    ("reorder, truncation", "rt"),
    ("truncation, misreading", "tm"),
    ("all four", "prtm"),
];

struct Row {
    id: String,
    title: String,
    body: String,
}

/// A pair that was judged.
struct Judged {
    likeness: Likeness,
    /// Whether the keys proposed it.
    is_proposed: bool,
}

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let is_tuning = std::env::args().any(|argument| argument == "tune");
    let lexicon = assets::rules()?.lexicon;
    let rows = rows()?;
    let sample = sample(&rows, is_tuning);
    println!(
        "{} records; {} of them, the {} sample",
        rows.len(),
        sample.len(),
        if is_tuning { "tuning" } else { "reported" }
    );

    let texts: Vec<Text> =
        rows.iter().map(|row| Text::of(&lexicon, &row.title, &row.body)).collect();
    let shelf = Shelf::of(&texts);
    print_candidates(&shelf, &texts);
    let copies = copies(&lexicon, &rows, &sample)?;
    let negatives = negatives(&rows, &texts, &sample).await?;

    let mut positives: Vec<(usize, Judged)> = Vec::new();
    for (kind, at, copy) in &copies {
        let is_proposed = shelf.candidates(copy).contains(at);
        positives.push((*kind, Judged { likeness: compare(&texts[*at], copy), is_proposed }));
    }
    print_curve(&positives, &negatives);
    print_kinds(&positives);
    print_found_in_corpus(&shelf, &rows, &texts);
    print_costs(&lexicon, &rows, &texts, &copies);
    Ok(())
}

fn rows() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for line in data::corpus()?.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let row: Value = serde_json::from_slice(line)?;
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        rows.push(Row { id: text("id"), title: text("title"), body: text("abstract") });
    }
    Ok(rows)
}

/// The places of the records with the least seeded hashes. The reported sample holds none of the
/// tuning sample.
fn sample(rows: &[Row], is_tuning: bool) -> Vec<usize> {
    let least = |seed: u64, without: &BTreeSet<usize>| -> BTreeSet<usize> {
        let mut order: Vec<(u64, usize)> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (Dice::new(seed, &row.id).roll(), at))
            .collect();
        order.sort_unstable();
        let places = order.into_iter().map(|(_, at)| at).filter(|at| !without.contains(at));
        places.take(SAMPLE).collect()
    };
    let tuning = least(SEEDS[0], &BTreeSet::new());
    let chosen = if is_tuning { tuning } else { least(SEEDS[1], &tuning) };
    chosen.into_iter().collect()
}

/// The altered copies: their kind, their original, and what they became.
fn copies(lexicon: &Lexicon, rows: &[Row], sample: &[usize]) -> Result<Vec<(usize, usize, Text)>> {
    let synonyms = Synonyms::read()?;
    let mut copies = Vec::new();
    let (mut words, mut replaced) = (0, 0);
    for at in sample {
        for (kind, (name, steps)) in KINDS.iter().enumerate() {
            let mut dice = Dice::new(SEEDS[0], &format!("{name} {}", rows[*at].id));
            let (mut title, mut body) = (rows[*at].title.clone(), rows[*at].body.clone());
            for step in steps.chars() {
                match step {
                    'p' => {
                        let made = [&title, &body]
                            .map(|text| paraphrase(lexicon, &synonyms, text, &mut dice));
                        words += made.iter().map(|made| made.words).sum::<usize>();
                        replaced += made.iter().map(|made| made.replaced).sum::<usize>();
                        [title, body] = made.map(|made| made.text);
                    }
                    'r' => body = reorder(&body, &mut dice),
                    't' => body = truncate(&body, &mut dice),
                    _ => [title, body] = [&title, &body].map(|text| misread(text, &mut dice)),
                }
            }
            copies.push((kind, *at, Text::of(lexicon, &title, &body)));
        }
    }
    println!(
        "{} copies; a paraphrase replaces {:.1} % of the content words",
        copies.len(),
        100.0 * replaced as f64 / words as f64
    );
    Ok(copies)
}

/// The nearest neighbours of each record of the sample by BM25, judged; they are other records. Only
/// those whose titles have the same letters and digits are left out, before anything is compared. They
/// are judged whether the keys propose them or not.
async fn negatives(rows: &[Row], texts: &[Text], sample: &[usize]) -> Result<Vec<Judged>> {
    let rules = assets::rules()?;
    let mut scratch = Scratch::new(&rules, Watch::nobody()).await?;
    let ids = scratch.take_in(Library::Achievement, data::rows(&data::corpus()?)?).await?;
    scratch.index().await?;
    let snapshot = scratch.engine.index().snapshot();
    let profile = rules.profiles.get("lexical").context("no lexical profile")?;
    let places: HashMap<&str, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    let places: BTreeMap<_, usize> =
        ids.iter().map(|(name, id)| (*id, places[name.as_str()])).collect();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();

    let mut judged = Vec::new();
    let (mut excluded, mut alike) = (0, Vec::new());
    for at in sample {
        let row = &rows[*at];
        let words = SourceWords::cut(&rules.lexicon, &row.title, &row.body);
        let library = Library::Achievement;
        let terms = choose_terms(&rules.lexicon, &snapshot, profile, library, &words)?;
        let scope = Scope { library, region: None, closed: None, also: None };
        let hits = recall(&snapshot, profile, &terms, scope)?.candidates;
        let others = hits.iter().map(|hit| places[&hit.id]).filter(|other| other != at);
        for other in others.take(NEIGHBOURS) {
            if letters(&row.title) == letters(&rows[other].title) {
                excluded += 1;
                continue;
            }
            let likeness = compare(&texts[*at], &texts[other]);
            alike.push((likeness.score, *at, other));
            judged.push(Judged { likeness, is_proposed: true });
        }
    }
    println!(
        "{} neighbours by BM25; {excluded} more excluded for equal titles; the most alike:",
        judged.len()
    );
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (score, at, other) in alike.iter().take(12) {
        println!("  {score:.3}  {}  |  {}", rows[*at].title, rows[*other].title);
    }
    Ok(judged)
}

fn print_candidates(shelf: &Shelf, texts: &[Text]) {
    let mut counts: Vec<usize> =
        texts.iter().map(|text| shelf.sharing(text).len().saturating_sub(1)).collect();
    counts.sort_unstable();
    let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let at = |percent: usize| counts[counts.len() * percent / 100];
    println!(
        "candidates per record in the whole corpus: mean {mean:.1}, p50 {}, p99 {}, most {}",
        at(50),
        at(99),
        counts[counts.len() - 1]
    );
    let per_record = |count: usize| count as f64 / texts.len() as f64;
    println!(
        "{:.1} keys per record; {:.0} rows read to find its candidates",
        per_record(texts.iter().map(|text| Fingerprint::of(text).keys().len()).sum()),
        per_record(texts.iter().map(|text| shelf.rows_read(text)).sum()),
    );
}

/// Pairs within the corpus itself that the default rule finds; nobody altered these.
fn print_found_in_corpus(shelf: &Shelf, rows: &[Row], texts: &[Text]) {
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        for other in shelf.candidates(text).into_iter().filter(|other| *other > at) {
            let likeness = compare(text, &texts[other]);
            if Rule::default().verdict(&likeness) != Verdict::Different {
                found.push((likeness.score, at, other));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{} pairs of the corpus are found; one in {} of them:", found.len(), PAIRS_SHOWN);
    for (score, at, other) in found.iter().step_by(PAIRS_SHOWN) {
        println!("  {score:.3}  {}  |  {}", rows[*at].title, rows[*other].title);
    }
}

fn print_curve(positives: &[(usize, Judged)], negatives: &[Judged]) {
    println!("{:<12} {:>10} {:>10}", "threshold", "precision", "recall");
    let set = Rule::default();
    let steps = (0..=14).map(|step| 0.1 + 0.05 * f64::from(step)).chain([set.texts_min]);
    for texts_min in steps {
        let rule = Rule { texts_min, ..set };
        let is_found = |judged: &Judged| {
            judged.is_proposed && rule.verdict(&judged.likeness) != Verdict::Different
        };
        let right = positives.iter().filter(|(_, judged)| is_found(judged)).count() as f64;
        let wrong = negatives.iter().filter(|judged| is_found(judged)).count() as f64;
        println!(
            "{texts_min:<12.3} {:>10.4} {:>10.4}",
            right / (right + wrong).max(1.0),
            right / positives.len() as f64
        );
    }
    println!("{:<12} {:>10} {:>10}   (the last line; bar)", "", ">= 0.98", ">= 0.90");
}

fn print_kinds(positives: &[(usize, Judged)]) {
    println!(
        "{:<28} {:>10} {:>10} {:>12} {:>12}",
        "kind", "proposed", "found", "least score", "p5 score"
    );
    for (kind, (name, _)) in KINDS.iter().enumerate() {
        let of_kind: Vec<&Judged> = positives
            .iter()
            .filter(|(other, _)| *other == kind)
            .map(|(_, judged)| judged)
            .collect();
        let part = |is: &dyn Fn(&Judged) -> bool| {
            of_kind.iter().filter(|judged| is(judged)).count() as f64 / of_kind.len() as f64
        };
        let mut scores: Vec<f64> = of_kind.iter().map(|judged| judged.likeness.score).collect();
        scores.sort_by(f64::total_cmp);
        println!(
            "{name:<28} {:>10.3} {:>10.3} {:>12.3} {:>12.3}",
            part(&|judged| judged.is_proposed),
            part(&|judged| judged.is_proposed
                && Rule::default().verdict(&judged.likeness) != Verdict::Different),
            scores[0],
            scores[scores.len() / 20],
        );
    }
}

/// Best of five, in microseconds for each of `count` items.
fn micros(count: usize, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let started = Instant::now();
        work();
        best = best.min(started.elapsed().as_secs_f64() * 1e6);
    }
    best / count as f64
}

fn print_costs(lexicon: &Lexicon, rows: &[Row], texts: &[Text], copies: &[(usize, usize, Text)]) {
    let rows = &rows[..1_000];
    let hashed = micros(rows.len(), || {
        for row in rows {
            black_box(Sha256::digest(&row.title));
            black_box(Sha256::digest(&row.body));
        }
    });
    let segmented = micros(rows.len(), || {
        for row in rows {
            black_box(analyse(lexicon, &row.body));
        }
    });
    let printed = micros(rows.len(), || {
        for row in rows {
            black_box(Fingerprint::of(&Text::of(lexicon, &row.title, &row.body)));
        }
    });
    let compared = micros(copies.len(), || {
        for (_, at, copy) in copies {
            black_box(compare(&texts[*at], copy));
        }
    });
    println!(
        "SHA-256 of a record {hashed:.1} us, its words {segmented:.1} us, its fingerprint {printed:.1} us, one comparison {compared:.1} us"
    );
    print_ratio("fingerprint / SHA-256", printed / hashed, "printed");
    print_ratio("fingerprint / cutting words", printed / segmented, "printed");
    print_ratio("comparison / cutting words", compared / segmented, "printed");
    let [short, long] = [25_000, 200_000].map(|length| {
        let body: String =
            rows.iter().flat_map(|row| row.body.chars()).cycle().take(length).collect();
        let altered: String =
            body.chars().enumerate().filter(|(at, _)| at % 20 > 0).map(|(_, c)| c).collect();
        micros(1, || {
            let pair = [&body, &altered].map(|text| Text::of(lexicon, "", text));
            black_box(pair.each_ref().map(Fingerprint::of));
            black_box(compare(&pair[0], &pair[1]));
        }) / 1e3
    });
    println!(
        "two texts of 200,000 characters: {long:.1} ms, {:.1} x those of 25,000   (linear: 8)",
        long / short
    );
}
