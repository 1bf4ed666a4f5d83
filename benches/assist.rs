//! What a large model's judgements make of the default profile: a scripted one answers from what people have judged, with
//! more and more of its judgements at random, over real demands and through the real protocol.
//!
//! `cargo bench -p kechuang-benches --bench assist`

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Result;
use kechuang_assist::{Assistant, AssistantSettings, Caller, Log, Price, judge::judge};
use kechuang_benches::{block_on, data, is_test};
use kechuang_cli::{assets, meaning};
use kechuang_domain::{RecordId, Viewer};
use kechuang_eval::{Metric, kendall_tau};
use kechuang_inference::generative::{
    BreakerSettings, Endpoint, EndpointSettings, Generator, JsonMode,
};
use kechuang_lab::{Assisted, Bench, LevelsByDemand, Models};
use kechuang_matching::{Head, HeadRecord, RerankerState, clock};
use kechuang_ranking::refine::LargeModelRule;
use kechuang_store::{DailyCaps, Store};
use kechuang_tests::{chat::ChatServer, oracle::Oracle};
use kechuang_text::Lexicon;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// Runs with other chance, of which the mean counts.
const SEEDS: u64 = 20;
const NOISES: [f64; 3] = [0.0, 0.1, 0.3];
const DEPTHS: [usize; 3] = [10, 20, 50];
const BOUNDS: [usize; 4] = [2, 5, 10, 20];
/// How deep a model looks whose fondness is measured, and how many levels it adds to what comes first.
const BIASED_DEPTH: usize = 20;
const FONDNESS: f64 = 1.5;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let bench = Bench::open(&data::shared().join("bench/ccf-bdci-2019/dev"))?;
    let models = Models { encoders: Some(meaning::bundled()?), reranker: RerankerState::NotWanted };
    let (rules, tables) = (assets::rules()?, assets::tables()?);
    let deepest = DEPTHS.into_iter().max().unwrap_or_default();
    let mut assisted = Assisted::new(&bench, &rules, tables, models, deepest, |_| {}).await?;
    number_titles(&mut assisted);
    let without = ndcg(&assisted, &LevelsByDemand::new(), 0, 0)?;
    println!("\n{} demands, nDCG@10 {without:.4} without a large model", assisted.heads.len());
    println!("first  bound   best allowed   {}", NOISES.map(told_noise).join("   "));
    for depth in DEPTHS {
        let rule = LargeModelRule { depth, ..assisted.rule };
        let began = Instant::now();
        let mut questions = 0;
        let mut by_noise: Vec<Vec<LevelsByDemand>> = Vec::new();
        for noise in NOISES {
            let mut runs = Vec::new();
            for seed in 0..if noise == 0.0 { 1 } else { SEEDS } {
                let (levels, asked) = ask(&assisted, &rules.lexicon, &rule, noise, seed).await?;
                questions += asked;
                runs.push(levels);
            }
            by_noise.push(runs);
        }
        for bound in BOUNDS.into_iter().filter(|bound| *bound <= depth) {
            let best = ndcg(&assisted, &assisted.judged(), depth, bound)?;
            let mut told = Vec::new();
            for runs in &by_noise {
                let mut sum = 0.0;
                for levels in runs {
                    sum += ndcg(&assisted, levels, depth, bound)?;
                }
                told.push(format!("{:>11.4}", sum / runs.len() as f64));
            }
            println!("{depth:>5}  {bound:>5}   {best:>12.4}   {}", told.join("   "));
        }
        println!("       ({questions} questions in {:.0} s)", began.elapsed().as_secs_f64());
    }
    bias(&assisted, &rules.lexicon).await
}

/// How far two judgements of the same records agree that are shown them in different orders, for a model that knows what
/// people have judged and is fond of what comes first.
async fn bias(assisted: &Assisted<'_>, lexicon: &Lexicon) -> Result<()> {
    for views in [1, 2] {
        let rule = LargeModelRule { depth: BIASED_DEPTH, views, ..assisted.rule };
        let oracle = Oracle { fondness: FONDNESS, ..oracle(assisted) };
        let (_server, assistant, _folder) = assistant(oracle).await?;
        let (mut sum, mut lists) = (0.0, 0);
        for head in assisted.heads.values() {
            let first = &head.candidates[..BIASED_DEPTH.min(head.candidates.len())];
            let mut levels = Vec::new();
            for seed in 0..2 {
                let candidates = shuffled(first, seed);
                let head = Head { candidates, ..head.clone() };
                levels.push(judged(&assistant, lexicon, &head, &rule).await?);
            }
            let of = |levels: &BTreeMap<RecordId, f64>| -> Vec<f64> {
                first.iter().map(|one| levels[&one.id]).collect()
            };
            if let Some(tau) = kendall_tau(&of(&levels[0]), &of(&levels[1])) {
                sum += tau;
                lists += 1;
            }
        }
        let how = if views == 1 { "seen once" } else { "seen twice, turned round" };
        println!(
            "Kendall's tau of two orders, {how:<25} {:.3}   ({lists} lists)",
            sum / f64::from(lists)
        );
    }
    Ok(())
}

/// The same records in another order: by the hash of their ids and a seed.
fn shuffled(records: &[HeadRecord], seed: u8) -> Vec<HeadRecord> {
    let mut records = records.to_vec();
    records.sort_by_cached_key(|record| Sha256::digest(format!("{seed}{}", record.id)));
    records
}

/// Numbers all titles: of the judged pairs, 6 % have a twin of the same title and another level, which no text tells apart.
fn number_titles(assisted: &mut Assisted<'_>) {
    for (demand, head) in (1..).zip(assisted.heads.values_mut()) {
        head.source.title.push_str(&format!(" {demand}"));
        for (record, shown) in (1..).zip(&mut head.candidates) {
            if let Some((_, title)) = shown.texts.first_mut() {
                *title = format!("{record} {title}");
            }
        }
    }
}

fn told_noise(noise: f64) -> String {
    format!("{:>3.0}% random", noise * 100.0)
}

/// Has every head judged by a scripted model; also tells how many questions that took.
async fn ask(
    assisted: &Assisted<'_>,
    lexicon: &Lexicon,
    rule: &LargeModelRule,
    noise: f64,
    seed: u64,
) -> Result<(LevelsByDemand, usize)> {
    let (server, assistant, _folder) =
        assistant(Oracle { noise, seed, ..oracle(assisted) }).await?;
    let mut all = LevelsByDemand::new();
    for (demand, head) in &assisted.heads {
        all.insert(demand.clone(), judged(&assistant, lexicon, head, rule).await?);
    }
    Ok((all, server.asked()))
}

async fn judged(
    assistant: &Assistant,
    lexicon: &Lexicon,
    head: &Head,
    rule: &LargeModelRule,
) -> Result<BTreeMap<RecordId, f64>> {
    let caller = Caller { name: "bench".to_owned(), viewer: Viewer::Public, log: Log::Words };
    Ok(judge(assistant, lexicon, &caller, head, rule, clock::now()).await?.levels)
}

/// A model that knows what people have judged.
fn oracle(assisted: &Assisted<'_>) -> Oracle {
    let mut oracle = Oracle::default();
    for (demand, levels) in assisted.judged() {
        let head = &assisted.heads[&demand];
        for candidate in &head.candidates {
            let title = candidate.texts.first().map(|(_, text)| text.clone()).unwrap_or_default();
            if let Some(level) = levels.get(&candidate.id) {
                oracle.levels.insert((head.source.title.clone(), title), *level as u8);
            }
        }
    }
    oracle
}

/// A scripted model with a log of its own: what was asked of another must not be looked up.
async fn assistant(oracle: Oracle) -> Result<(ChatServer, Assistant, TempDir)> {
    let server = ChatServer::start(move |question| oracle.act(question)).await;
    let endpoint = Endpoint::new(EndpointSettings {
        url: server.url.clone(),
        model: "oracle".to_owned(),
        key: None,
        json: JsonMode::Prompt,
        attempt: Duration::from_secs(60),
        attempts: 1,
        concurrent: 4,
        breaker: BreakerSettings::default(),
    })?;
    let folder = tempfile::tempdir()?;
    let store = Store::open_embedded(folder.path()).await?;
    let settings = AssistantSettings {
        caps: DailyCaps { caller: u64::MAX, all: u64::MAX },
        price: Price::default(),
        patience: Duration::from_secs(60),
    };
    Ok((server, Assistant::new(Generator::Endpoint(endpoint.into()), store, settings), folder))
}

fn ndcg(
    assisted: &Assisted<'_>,
    levels: &LevelsByDemand,
    depth: usize,
    bound: usize,
) -> Result<f64> {
    Ok(assisted.figures(levels, depth, bound)?.mean(Metric::NdcgAt10)?)
}
