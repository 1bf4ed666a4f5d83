//! `train`: fits the learned order and the levels on judged data and tells what they are worth on demands that they
//! have not seen.

use std::path::Path;

use kechuang_eval::{EvalError, Evaluation, Metric, if_enough};
use kechuang_lab::{Bench, TrainRule, Trained, TrainedOrder, bench_of_outcomes, train};
use kechuang_ranking::{Fitted, profile::DEFAULT_PROFILE};
use kechuang_store::Store;
use serde_json::{Map, Value, json};

use super::{
    eval::models,
    figures::{Figures, SEED, as_json, as_table, levels_as_json, levels_as_text, unscored},
};
use crate::{
    assets,
    config::Config,
    explain::Failed,
    fitted,
    output::{Exit, Output},
    progress::Progress,
};

/// The name of the default profile without its learned order.
const FUSED: &str = "default, fused";

pub(super) struct Asked<'a> {
    /// Judged data; without it, what became of the installation's own matches.
    pub(super) folder: Option<&'a Path>,
    pub(super) rule: TrainRule,
    /// Tell, and save nothing.
    pub(super) dry_run: bool,
    /// Save also what is worse than what is in use.
    pub(super) replace: bool,
}

pub(super) async fn run(config: &Config, output: Output, asked: Asked<'_>) -> anyhow::Result<Exit> {
    let rules = fitted::rules(config)?;
    let scratch = tempfile::tempdir()?;
    let bench = match asked.folder {
        Some(folder) => Bench::open(folder)?,
        None => {
            let store = Store::open(&config.store).await?;
            bench_of_outcomes(&store, scratch.path()).await?
        }
    };
    let models = models(config, output)?;
    let total = (bench.judgements.queries.len() * 2) as u64;
    let progress = Progress::begun(output, "训练", total);
    let trained = train(&bench, &rules, assets::tables()?, models, asked.rule, |step| {
        if let kechuang_lab::Progress::Matching { .. } = step {
            progress.advance(1);
        }
    })
    .await?;
    progress.done(&format!("{total} 次匹配"));
    let mut profiles = vec![("lexical", &trained.baseline)];
    match &trained.order {
        Some(order) => {
            profiles.extend([(FUSED, &order.fused), (DEFAULT_PROFILE, &order.out_of_fold)]);
        }
        None => {
            profiles.push((DEFAULT_PROFILE, &trained.in_use));
            output.note("这批数据没有可供学习排序的候选：它只用于有名称的需求和只有名称的成果，且须有编码模型。只标定等级");
        }
    }
    let figures = profiles
        .into_iter()
        .map(|(name, one)| Figures::of(name, one, &trained.baseline))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unscored)?;
    let groups = trained.order.as_ref().map(groups).transpose().map_err(unscored)?;
    let groups = groups.unwrap_or_default();
    let fitted = Fitted {
        learned: trained.order.as_ref().map(|order| order.learned.clone()),
        level: trained.levels.as_ref().map(|(_, rule)| rule.clone()),
    };
    let weights = toml::to_string(&fitted)?;
    output.answer(&told(&bench.name, &figures, &groups, &trained)?, || {
        let mut lines = vec![as_table(&bench.name, &figures)];
        if trained.order.is_some() {
            let folds = asked.rule.folds;
            lines.push(format!("{DEFAULT_PROFILE} 为未见过的需求上的数（{folds} 折交叉验证）。"));
            lines.push("各组特征带来多少（带它减去不带它）：".to_owned());
            lines.extend(groups.iter().map(|group| format!("  {}：{}", group.label, group.told())));
        }
        lines.push(match &trained.levels {
            Some((levels, _)) => format!("未见过的需求上的{}", levels_as_text(levels)),
            None => "等级：有的等级太少，或没有编码模型，无法标定".to_owned(),
        });
        lines.push(format!("在全部需求上拟合的结果：\n{weights}"));
        lines.join("\n")
    })?;
    if !asked.dry_run {
        save(config, output, &asked, &trained, fitted)?;
    }
    Ok(Exit::Done)
}

/// Puts in use what was fitted, but for what is worse than what is in use.
fn save(
    config: &Config,
    output: Output,
    asked: &Asked<'_>,
    trained: &Trained,
    mut fitted: Fitted,
) -> anyhow::Result<()> {
    let mut kept = Vec::new();
    let mut compare = |what: &str, new: f64, old: f64| {
        let is_taken = new >= old || asked.replace;
        if !is_taken {
            kept.push(format!("{what}：新的 {new:.4}，现用的 {old:.4}"));
        }
        is_taken
    };
    if let Some(order) = &trained.order {
        let mean = |one: &Evaluation| one.mean(Metric::NdcgAt10).map_err(unscored);
        if !compare("学习排序的 nDCG@10", mean(&order.out_of_fold)?, mean(&trained.in_use)?) {
            fitted.learned = None;
        }
    }
    if let (Some((new, _)), Some(old)) = (&trained.levels, &trained.levels_in_use)
        && !compare("等级的 1/(1+MAE)", new.accuracy.score, old.accuracy.score)
    {
        fitted.level = None;
    }
    if !kept.is_empty() {
        let told = format!(
            "没有替换较差的：{}（若现用的就是在这批数据上拟合的，它的数偏高）；仍要替换请加 --replace",
            kept.join("；")
        );
        if fitted == Fitted::default() {
            return Err(Failed(told).into());
        }
        output.note(&told);
    }
    let file = fitted::save(config, fitted)?;
    output.note(&format!("已写入 {}，下次启动时生效；删去它即恢复随附的", file.display()));
    Ok(())
}

/// What a group of features brings, by metric.
struct Group {
    name: Value,
    label: &'static str,
    gains: Vec<(Metric, kechuang_eval::Difference)>,
}

impl Group {
    fn told(&self) -> String {
        let gains = self.gains.iter().map(|(metric, drawn)| {
            let gain = drawn.gain;
            let name = metric.name();
            format!(
                "{name} {:+.4}（{:+.3} 至 {:+.3}，p = {:.3}）",
                gain.mean, gain.low, gain.high, drawn.p_value
            )
        });
        gains.collect::<Vec<_>>().join("；")
    }
}

fn groups(trained: &TrainedOrder) -> Result<Vec<Group>, EvalError> {
    let mut groups = Vec::new();
    for (group, without) in &trained.without {
        let mut gains = Vec::new();
        for metric in [Metric::NdcgAt10, Metric::Auc] {
            let drawn = if_enough(trained.out_of_fold.compare(without, metric, SEED))?;
            gains.extend(drawn.map(|drawn| (metric, drawn)));
        }
        groups.push(Group { name: json!(group), label: group.label(), gains });
    }
    Ok(groups)
}

fn told(
    dataset: &str,
    figures: &[Figures<'_>],
    groups: &[Group],
    trained: &Trained,
) -> anyhow::Result<Value> {
    let mut told = as_json(dataset, figures);
    let of_group = |group: &Group| -> Option<(String, Value)> {
        let gains =
            group.gains.iter().map(|(metric, drawn)| (metric.name().to_owned(), json!(drawn)));
        Some((group.name.as_str()?.to_owned(), gains.collect::<Map<_, _>>().into()))
    };
    told["groups"] = groups.iter().filter_map(of_group).collect::<Map<_, _>>().into();
    if let Some((levels, rule)) = &trained.levels {
        told["levels"] = levels_as_json(levels);
        told["level"] = serde_json::to_value(rule)?;
    }
    if let Some(order) = &trained.order {
        told["learned"] = serde_json::to_value(&order.learned)?;
    }
    Ok(told)
}
