//! `demo`: sample data in, every sample demand matched, the site opened.

use comfy_table::{ContentArrangement, Table, presets};
use kechuang_domain::{Library, MatchOutcome, MatchRequest, MatchSource, RecordId, Watch};
use kechuang_matching::{Engine, clock};
use serde_json::json;

use super::{serve, work};
use crate::{
    assets,
    config::Config,
    output::{Exit, Output},
    parts::Parts,
    progress::{Progress, advancing, records_saved},
    reranker, sample,
};

/// Width of the table where the output is no terminal, in columns.
const TABLE_WIDTH: u16 = 120;

pub(super) async fn run(
    config: &Config,
    output: Output,
    watch: &Watch,
    once: bool,
) -> anyhow::Result<Exit> {
    let listener = if once { None } else { Some(serve::listen(config.listen).await?) };
    let mut parts = Parts::open(config, output, watch).await?;
    parts.engine.set_reranker(reranker::open(config, output));
    let rules = assets::ingest_rules(config.freshness)?;
    let rows = sample::enqueue_missing(&parts.engine, &rules, watch).await?;
    if rows > 0 {
        let progress = Progress::begun(output, "导入示例数据", rows as u64);
        work::drain(config, &parts.engine, output, &advancing(watch, &progress, records_saved))
            .await?;
        progress.done(&format!("{rows} 条"));
    }
    parts.catch_up().await?;
    parts.encode().await?;
    let outcomes = match_all(&parts.engine, output).await?;
    let rows: Vec<_> = outcomes.iter().map(|(key, outcome)| row(key, outcome)).collect();
    let value: Vec<_> = rows.iter().map(Row::json).collect();
    output.answer(&json!({ "demands": value }), || table(&rows))?;
    match listener {
        Some(listener) => serve::serve(config, output, watch, listener, parts).await,
        None => Ok(Exit::Done),
    }
}

/// Matches each sample demand, or takes its saved run where nothing has changed since.
async fn match_all(engine: &Engine, output: Output) -> anyhow::Result<Vec<(String, MatchOutcome)>> {
    let demands = engine.store().records_of_source(Library::Demand, sample::SOURCE).await?;
    let progress = Progress::begun(output, "匹配示例需求", demands.len() as u64);
    let mut outcomes = Vec::with_capacity(demands.len());
    let mut matched = 0;
    for (key, id) in demands {
        let (outcome, is_new) = matched_once(engine, id).await?;
        matched += usize::from(is_new);
        outcomes.push((key, outcome));
        progress.advance(1);
    }
    progress.done(&format!("{} 项，其中新匹配 {matched} 项", outcomes.len()));
    Ok(outcomes)
}

async fn matched_once(engine: &Engine, id: RecordId) -> anyhow::Result<(MatchOutcome, bool)> {
    let applied = engine.index().snapshot().applied_seq();
    if let Some((saved, at)) = engine.newest_of(id).await?
        && at == applied
    {
        return Ok((saved.outcome, false));
    }
    let now = clock::now();
    let request = MatchRequest::new(MatchSource::Record(id));
    let found = engine.find(&request, now).await?;
    engine.save(&request, &found, now).await?;
    Ok((found.outcome, true))
}

struct Row<'a> {
    key: &'a str,
    demand: &'a str,
    answer: &'a str,
    owner: &'a str,
    coverage: f64,
    reason: &'a str,
    beside: String,
}

fn row<'a>(key: &'a str, outcome: &'a MatchOutcome) -> Row<'a> {
    let best = outcome.achievements.first();
    let beside = [(Library::Equipment, "设备"), (Library::Policy, "政策")];
    let beside = beside.map(|(library, label)| format!("{label} {}", outcome.list(library).len()));
    Row {
        key,
        demand: &outcome.source.title,
        answer: best.map_or("没有找到", |best| &best.title),
        owner: best.map_or("", |best| &best.owner),
        coverage: best.map_or(0.0, |best| best.explanation.coverage),
        reason: best.map_or("", |best| &best.explanation.summary),
        beside: beside.join("、"),
    }
}

impl Row<'_> {
    fn json(&self) -> serde_json::Value {
        json!({
            "demand": self.key, "title": self.demand, "answer": self.answer, "owner": self.owner,
            "coverage": self.coverage, "reason": self.reason,
        })
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(TABLE_WIDTH);
    }
    table.set_header(["需求（示例）", "最接近的成果", "覆盖", "依据", "旁列"]);
    for row in rows {
        table.add_row([
            format!("{} {}", row.key, row.demand),
            format!("{}\n{}", row.answer, row.owner),
            format!("{:.0}%", row.coverage * 100.0),
            row.reason.to_owned(),
            row.beside.clone(),
        ]);
    }
    table.to_string()
}
