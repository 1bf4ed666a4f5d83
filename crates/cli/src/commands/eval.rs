//! `eval`: the figures of rank profiles on judged data.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use kechuang_inference::Encoder;
use kechuang_lab::{Bench, evaluate};
use kechuang_ranking::profile::DEFAULT_PROFILE;
use serde_json::json;

use crate::{
    assets,
    config::Config,
    explain::{Failed, Usage},
    meaning,
    output::{Exit, Output},
    progress::Progress,
    shelf::Shelf,
};

pub(super) async fn run(
    config: &Config,
    output: Output,
    folder: &Path,
    profile: Option<String>,
) -> anyhow::Result<Exit> {
    let rules = assets::rules()?;
    let profiles =
        profile.map_or_else(|| vec!["lexical".into(), DEFAULT_PROFILE.into()], |one| vec![one]);
    if let Some(unknown) = profiles.iter().find(|name| rules.profiles.get(name).is_none()) {
        let known: Vec<_> = rules.profiles.names().collect();
        let known = known.join("、");
        return Err(Usage(format!("没有名为「{unknown}」的排序方案；可用：{known}")).into());
    }
    let bench = Bench::open(folder)?;
    let encoder = encoder(config)?;
    let total = (bench.judgements.queries.len() * profiles.len()) as u64;
    let progress = Progress::begun(output, "评测", total);
    let summaries = evaluate(&bench, &rules, assets::tables()?, encoder, &profiles, |step| {
        if let kechuang_lab::Progress::Matching { .. } = step {
            progress.advance(1);
        }
    })
    .await?;
    progress.done(&format!("{total} 次匹配"));

    let value = json!({ "dataset": bench.name, "profiles": summaries });
    output.answer(&value, || table(&bench.name, &summaries))?;
    Ok(Exit::Done)
}

/// The encoder in use. Figures of another system than the configured one would mislead, so that one that
/// cannot be loaded is a failure here.
fn encoder(config: &Config) -> anyhow::Result<Option<Arc<Encoder>>> {
    let shelf = Shelf::of(&config.models);
    let loaded = shelf.in_use().map(|name| meaning::load(&shelf, &name)).transpose();
    loaded.map_err(|error| Failed(error.to_string()).into())
}

fn table(dataset: &str, summaries: &BTreeMap<String, kechuang_eval::Summary>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["排序方案", "nDCG@10", "MRR", "AUC", "recall@100", "计分需求"]);
    for (profile, figures) in summaries {
        let shown = |value: f64| format!("{value:.4}");
        table.add_row([
            profile.clone(),
            shown(figures.ndcg_at_10),
            shown(figures.mrr),
            shown(figures.auc),
            shown(figures.recall_at_100),
            figures.n.to_string(),
        ]);
    }
    format!("数据：{dataset}\n{table}")
}
