//! What a large model's judgements make of the default profile, for `eval --assist`.

use std::{collections::BTreeMap, sync::atomic::AtomicU64, sync::atomic::Ordering};

use kechuang_assist::{Assistant, AssistantSettings, Caller, Log, judge::judge};
use kechuang_domain::Viewer;
use kechuang_eval::Metric;
use kechuang_lab::{Assisted, Bench, LevelsByDemand, Models};
use kechuang_matching::{Rules, clock};
use kechuang_store::DailyCaps;
use kechuang_text::Lexicon;
use serde_json::{Value, json};

use super::figures::unscored;
use crate::{assets, assist, config::Assist, explain::Failed, output::Output, progress::Progress};

/// How deep a judge looks, and how far its judgements move: the table's rows.
const DEPTHS: [usize; 3] = [10, 20, 50];
const BOUNDS: [usize; 4] = [2, 5, 10, 20];

/// One row of the table.
struct Row {
    depth: usize,
    bound: usize,
    reached: f64,
    best: f64,
}

/// The table as JSON and as text.
pub(super) async fn measure(
    output: Output,
    bench: &Bench,
    rules: &Rules,
    models: Models,
    assist: &Assist,
) -> anyhow::Result<(Value, String)> {
    let total = bench.judgements.queries.len() as u64;
    let deepest = DEPTHS.into_iter().max().unwrap_or_default();
    let progress = Progress::begun(output, "排序", total);
    let assisted = Assisted::new(bench, rules, assets::tables()?, models, deepest, |step| {
        if let kechuang_lab::Progress::Matching { .. } = step {
            progress.advance(1);
        }
    })
    .await?;
    progress.done(&format!("{total} 条需求"));
    let generator = assist::generator(assist)?;
    // Whoever measures has decided to spend: what it costs is told.
    let caps = DailyCaps { caller: u64::MAX, all: u64::MAX };
    let settings = AssistantSettings { caps, ..assist.settings };
    let assistant = Assistant::new(generator, assisted.store().clone(), settings);
    let tokens = AtomicU64::new(0);
    let levels = judged(output, &assisted, &assistant, &rules.lexicon, &tokens).await?;
    let rows = rows(&assisted, &levels)?;
    let without = ndcg(&assisted.without()?)?;
    let told: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "depth": row.depth, "bound": row.bound, "ndcg@10": row.reached, "best_ndcg@10": row.best,
            })
        })
        .collect();
    let (model, tokens) = (assistant.generator().model(), tokens.into_inner());
    let json = json!({ "model": model, "tokens": tokens, "without": without, "rows": told });
    let mut lines = vec![
        format!(
            "大模型（{model}）评审之后的 nDCG@10，不用时为 {without:.4}；共用 {tokens} 个词元："
        ),
        "  前几位  至多移动  评审之后  这样移动最多能到".to_owned(),
    ];
    lines.extend(rows.iter().map(|Row { depth, bound, reached, best }| {
        format!("  {depth:>6}  {bound:>8}  {reached:>8.4}  {best:>8.4}")
    }));
    Ok((json, lines.join("\n")))
}

/// Has the heads of all lists judged.
async fn judged(
    output: Output,
    assisted: &Assisted<'_>,
    assistant: &Assistant,
    lexicon: &Lexicon,
    tokens: &AtomicU64,
) -> anyhow::Result<LevelsByDemand> {
    let caller = Caller { name: "eval".to_owned(), viewer: Viewer::Public, log: Log::Hashes };
    let progress = Progress::begun(output, "评审", assisted.heads.len() as u64);
    let mut levels = BTreeMap::new();
    for (demand, head) in &assisted.heads {
        let judged = judge(assistant, lexicon, &caller, head, &assisted.rule, clock::now())
            .await
            .map_err(|error| Failed(format!("评审中止：{error}")))?;
        tokens.fetch_add(judged.usage.tokens(), Ordering::Relaxed);
        levels.insert(demand.clone(), judged.levels);
        progress.advance(1);
    }
    progress.done(&format!("{} 条需求", levels.len()));
    Ok(levels)
}

fn rows(assisted: &Assisted<'_>, levels: &LevelsByDemand) -> anyhow::Result<Vec<Row>> {
    let judged = assisted.judged();
    let mut rows = Vec::new();
    for depth in DEPTHS {
        for bound in BOUNDS.into_iter().filter(|bound| *bound <= depth) {
            let reached = ndcg(&assisted.figures(levels, depth, bound)?)?;
            let best = ndcg(&assisted.figures(&judged, depth, bound)?)?;
            rows.push(Row { depth, bound, reached, best });
        }
    }
    Ok(rows)
}

fn ndcg(figures: &kechuang_eval::Evaluation) -> anyhow::Result<f64> {
    Ok(figures.mean(Metric::NdcgAt10).map_err(unscored)?)
}
