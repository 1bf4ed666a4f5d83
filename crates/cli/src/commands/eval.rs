//! `eval`: the figures of rank profiles on judged data.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use kechuang_inference::ModelKind;
use kechuang_lab::{Bench, Evaluations, Models, Report, evaluate, variants};
use kechuang_matching::RerankerState;
use kechuang_ranking::profile::DEFAULT_PROFILE;
use serde_json::Map;

use super::{
    assisted,
    figures::{Figures, SEED, as_json, as_table, levels_as_json, levels_as_text, unscored},
    report::Wanted,
};
use crate::{
    assets,
    config::Config,
    explain::{Failed, Usage},
    fitted, meaning,
    output::{Exit, Output},
    progress::Progress,
    reranker,
    shelf::Shelf,
};

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) folder: &'a Path,
    /// Profiles to measure; without any, the baseline and the default.
    pub(super) profiles: Vec<String>,
    /// Files for reports.
    pub(super) reports: Vec<PathBuf>,
    /// Whether a large model is measured, too.
    pub(super) is_assisted: bool,
}

pub(super) async fn run(config: &Config, output: Output, asked: Asked<'_>) -> anyhow::Result<Exit> {
    let Asked { folder, mut profiles, reports, is_assisted } = asked;
    let reports = reports.into_iter().map(Wanted::new).collect::<anyhow::Result<Vec<_>>>()?;
    let mut rules = fitted::rules(config)?;
    if profiles.is_empty() {
        profiles = vec!["lexical".into(), DEFAULT_PROFILE.into()];
    }
    if let Some(unknown) = profiles.iter().find(|name| rules.profiles.get(name).is_none()) {
        let known: Vec<_> = rules.profiles.names().collect();
        let known = known.join("、");
        return Err(Usage(format!("没有名为「{unknown}」的排序方案；可用：{known}")).into());
    }
    let bench = Bench::open(folder)?;
    let models = models(config, output)?;
    // A report also tells what each part of the last profile brings.
    let whole = profiles.last().and_then(|name| rules.profiles.get(name));
    let parts = whole.filter(|_| !reports.is_empty()).map(variants).unwrap_or_default();
    let more = parts.iter().map(|variant| variant.profile.clone());
    rules.profiles = Arc::new(rules.profiles.with(more));
    let mut measured = profiles.clone();
    measured.extend(parts.iter().map(|variant| variant.profile.name.clone()));
    let total = (bench.judgements.queries.len() * measured.len()) as u64;
    let progress = Progress::begun(output, "评测", total);
    let evaluations = evaluate(&bench, &rules, assets::tables()?, models, &measured, |step| {
        if let kechuang_lab::Progress::Matching { .. } = step {
            progress.advance(1);
        }
    })
    .await?;
    progress.done(&format!("{total} 次匹配"));

    let is_fitted_here =
        |name: &&String| rules.profiles.get(name).is_some_and(|one| one.was_fitted_on(&bench.name));
    let fitted_here: Vec<String> = profiles.iter().filter(is_fitted_here).cloned().collect();
    for name in &fitted_here {
        output.note(&format!(
            "{name} 的学习排序或等级是在这批数据上拟合的，下面的数偏高；未见过的需求上如何，用 kechuang train {} --dry-run 看",
            folder.display()
        ));
    }
    let assisted = match config.assist.as_ref().filter(|_| is_assisted) {
        Some(assist) => {
            let models = self::models(config, output)?;
            Some(assisted::measure(output, &bench, &rules, models, assist).await?)
        }
        None => None,
    };
    tell(output, &bench, &profiles, &evaluations, assisted)?;
    let named: Vec<String> = profiles.iter().map(|name| format!(" --profile {name}")).collect();
    let report = Report {
        dataset: &bench.name,
        command: &format!("kechuang eval {}{} --report …", folder.display(), named.concat()),
        program: concat!("kechuang ", env!("CARGO_PKG_VERSION")),
        profiles: &profiles,
        variants: &parts,
        evaluations: &evaluations,
        fitted_here: &fitted_here,
        seed: SEED,
    };
    for wanted in &reports {
        output.note(&format!("报告已写入 {}", wanted.write(&report)?.display()));
    }
    Ok(Exit::Done)
}

/// The figures as a table or as JSON.
fn tell(
    output: Output,
    bench: &Bench,
    profiles: &[String],
    evaluations: &Evaluations,
    assisted: Option<(serde_json::Value, String)>,
) -> anyhow::Result<()> {
    let evaluations = &evaluations.by_profile;
    let first = &evaluations[&profiles[0]].figures;
    let figures = profiles
        .iter()
        .map(|name| Figures::of(name, &evaluations[name].figures, first))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unscored)?;
    let levels: Vec<_> = profiles
        .iter()
        .filter_map(|name| Some((name, evaluations[name].levels.as_ref()?)))
        .collect();
    let mut told = as_json(&bench.name, &figures);
    let by_profile = levels.iter().map(|(name, one)| ((*name).clone(), levels_as_json(one)));
    told["levels"] = by_profile.collect::<Map<_, _>>().into();
    let (rows, table) = assisted.unzip();
    if let Some(rows) = rows {
        told["assist"] = rows;
    }
    output.answer(&told, || {
        let mut lines = vec![as_table(&bench.name, &figures)];
        let told = levels.iter().map(|(name, one)| format!("{name} 的{}", levels_as_text(one)));
        lines.extend(told);
        lines.extend(table);
        lines.join("\n")
    })?;
    Ok(())
}

/// The models in use. Figures of another system than the configured one would mislead, so that a model that
/// cannot be loaded is a failure here.
pub(super) fn models(config: &Config, output: Output) -> anyhow::Result<Models> {
    let shelf = Shelf::of(&config.models);
    let encoders = shelf.in_use(ModelKind::Encoder).map(|name| meaning::encoders(&shelf, &name));
    let encoders = encoders.transpose().map_err(|error| Failed(error.to_string()))?;
    match reranker::open(config, output) {
        RerankerState::Absent(why) => Err(Failed(why.to_string()).into()),
        reranker => Ok(Models { encoders, reranker }),
    }
}
