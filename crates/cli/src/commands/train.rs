//! `train`: fits the learned order on judged data and tells what it is worth on demands it has not seen.

use std::path::Path;

use kechuang_eval::{EvalError, Evaluation, Metric};
use kechuang_lab::{Bench, TrainRule, Trained, train};
use kechuang_ranking::profile::DEFAULT_PROFILE;
use serde_json::{Map, Value, json};

use super::{
    eval::models,
    figures::{Figures, SEED, as_json, as_table, enough, unscored},
};
use crate::{
    assets,
    config::Config,
    explain::Failed,
    learned,
    output::{Exit, Output},
    progress::Progress,
};

/// The name of the default profile without its learned order.
const FUSED: &str = "default, fused";

pub(super) struct Asked<'a> {
    pub(super) folder: &'a Path,
    pub(super) rule: TrainRule,
    /// Tell, and save nothing.
    pub(super) dry_run: bool,
    /// Save also what is worse than what is in use.
    pub(super) replace: bool,
}

pub(super) async fn run(config: &Config, output: Output, asked: Asked<'_>) -> anyhow::Result<Exit> {
    let rules = learned::rules(config)?;
    let bench = Bench::open(asked.folder)?;
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
    let figures = [
        ("lexical", &trained.baseline),
        (FUSED, &trained.fused),
        (DEFAULT_PROFILE, &trained.out_of_fold),
    ];
    let figures = figures
        .into_iter()
        .map(|(name, one)| Figures::of(name, one, &trained.baseline))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unscored)?;
    let groups = groups(&trained).map_err(unscored)?;
    let order = toml::to_string(&trained.learned)?;
    output.answer(&told(&bench.name, &figures, &groups, &trained)?, || {
        let mut lines = vec![
            as_table(&bench.name, &figures),
            format!("{DEFAULT_PROFILE} 为未见过的需求上的数（{} 折交叉验证）。", asked.rule.folds),
            "各组特征带来多少（带它减去不带它）：".to_owned(),
        ];
        lines.extend(groups.iter().map(|group| format!("  {}：{}", group.label, group.told())));
        lines.push(levels(&trained));
        lines.push(format!("在全部需求上拟合的权重：\n{order}"));
        lines.join("\n")
    })?;
    if !asked.dry_run {
        save(config, output, &asked, &trained)?;
    }
    Ok(Exit::Done)
}

/// Puts the new weights in use, unless those in use are better.
fn save(
    config: &Config,
    output: Output,
    asked: &Asked<'_>,
    trained: &Trained,
) -> anyhow::Result<()> {
    let mean = |one: &Evaluation| one.mean(Metric::NdcgAt10).map_err(unscored);
    let (new, old) = (mean(&trained.out_of_fold)?, mean(&trained.in_use)?);
    if new < old && !asked.replace {
        return Err(Failed(format!(
            "没有替换：新权重在未见过的需求上 nDCG@10 为 {new:.4}，现用的为 {old:.4}（若现用的就是在这批数据上拟合的，它的数偏高）；仍要替换请加 --replace"
        ))
        .into());
    }
    let file = learned::save(config, &trained.learned)?;
    output.note(&format!("已写入 {}，下次启动时生效；删去它即恢复随附的权重", file.display()));
    Ok(())
}

/// How well levels are told, in Chinese.
fn levels(trained: &Trained) -> String {
    let Some(levels) = &trained.levels else {
        return "等级：有的等级太少，无法标定".to_owned();
    };
    let accuracy = levels.accuracy;
    let mut lines = vec![format!(
        "等级（1 到 4）由学习排序得分标定：1/(1+MAE) 为 {:.4}，{:.0}% 完全一致。",
        accuracy.score,
        accuracy.exact * 100.0
    )];
    let bins = levels.reliability.iter().map(|bin| {
        let (told, true_share) = (bin.told * 100.0, bin.came_true * 100.0);
        format!("  说 3 级以上的把握为 {told:.0}% 的 {} 对中，{true_share:.0}% 果然如此", bin.n)
    });
    lines.extend(bins);
    lines.join("\n")
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

fn groups(trained: &Trained) -> Result<Vec<Group>, EvalError> {
    let mut groups = Vec::new();
    for (group, without) in &trained.without {
        let mut gains = Vec::new();
        for metric in [Metric::NdcgAt10, Metric::Auc] {
            let drawn = enough(trained.out_of_fold.compare(without, metric, SEED))?;
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
    if let Some(levels) = &trained.levels {
        told["levels"] = json!({ "accuracy": levels.accuracy, "reliability": levels.reliability });
    }
    told["learned"] = serde_json::to_value(&trained.learned)?;
    Ok(told)
}
