//! What a large model's judgements make of the default profile: a scripted one answers from what people have judged, with
//! more and more of its judgements at random, over real demands and through the real protocol.
//!
//! `cargo bench -p kechuang-benches --bench assist`

use std::time::{Duration, Instant};

use anyhow::Result;
use kechuang_assist::{Assistant, AssistantSettings, Caller, Price, judge::judge};
use kechuang_benches::{block_on, data, is_test};
use kechuang_cli::{assets, meaning};
use kechuang_domain::Viewer;
use kechuang_eval::Metric;
use kechuang_inference::generative::{
    BreakerSettings, Endpoint, EndpointSettings, Generator, JsonMode,
};
use kechuang_lab::{Assisted, Bench, LevelsByDemand, Models};
use kechuang_matching::{RerankerState, clock};
use kechuang_ranking::refine::LargeModelRule;
use kechuang_store::{DailyCaps, Store};
use kechuang_tests::{chat::ChatServer, oracle::Oracle};
use kechuang_text::Lexicon;

/// Runs with other chance, of which the mean counts.
const SEEDS: u64 = 20;
const NOISES: [f64; 3] = [0.0, 0.1, 0.3];
const DEPTHS: [usize; 3] = [10, 20, 50];
const BOUNDS: [usize; 4] = [2, 5, 10, 20];

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
    let assisted = Assisted::new(&bench, &rules, tables, models, deepest, |_| {}).await?;
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
    Ok(())
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
    let mut oracle = Oracle { noise, seed, ..Oracle::default() };
    for (demand, levels) in assisted.judged() {
        let head = &assisted.heads[&demand];
        for candidate in &head.candidates {
            let title = candidate.texts.first().map(|(_, text)| text.clone()).unwrap_or_default();
            if let Some(level) = levels.get(&candidate.id) {
                oracle.levels.insert((head.source.title.clone(), title), *level as u8);
            }
        }
    }
    let server = ChatServer::start(move |question| oracle.act(question)).await;
    let endpoint = Endpoint::new(EndpointSettings {
        url: server.url.clone(),
        model: format!("{noise} {seed}"),
        key: None,
        json: JsonMode::Prompt,
        attempt: Duration::from_secs(60),
        attempts: 1,
        concurrent: 4,
        breaker: BreakerSettings::default(),
    })?;
    // A log of its own: what was asked of another must not be looked up.
    let folder = tempfile::tempdir()?;
    let store = Store::open_embedded(folder.path()).await?;
    let settings = AssistantSettings {
        caps: DailyCaps { caller: u64::MAX, all: u64::MAX },
        price: Price::default(),
        patience: Duration::from_secs(60),
    };
    let assistant = Assistant::new(Generator::Endpoint(endpoint.into()), store, settings);
    let caller = Caller { name: "bench".to_owned(), viewer: Viewer::Public };
    let mut all = LevelsByDemand::new();
    for (demand, head) in &assisted.heads {
        let judged = judge(&assistant, lexicon, &caller, head, rule, clock::now()).await?;
        all.insert(demand.clone(), judged.levels);
    }
    Ok((all, server.asked()))
}

fn ndcg(
    assisted: &Assisted<'_>,
    levels: &LevelsByDemand,
    depth: usize,
    bound: usize,
) -> Result<f64> {
    Ok(assisted.figures(levels, depth, bound)?.mean(Metric::NdcgAt10)?)
}
