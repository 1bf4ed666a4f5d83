//! The figures of rank profiles, as tables and as JSON: what `eval` and `train` both tell.

use kechuang_eval::{Difference, EvalError, Evaluation, Interval, Metric, Summary, if_enough};
use kechuang_lab::{Abstention, Levels};
use serde_json::{Map, Value, json};

use crate::explain::Failed;

/// The bootstrap's seed: the same figures, the same intervals.
pub(super) const SEED: u64 = 1;

/// What is told of one profile.
pub(super) struct Figures<'a> {
    profile: &'a str,
    means: Summary,
    /// Where the means would mostly fall with other demands; with one demand nobody can tell.
    intervals: Vec<(Metric, Option<Interval>)>,
    /// What it gains over the first profile, demand by demand.
    gains: Vec<(Metric, Option<Difference>)>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(
        profile: &'a str,
        evaluation: &Evaluation,
        first: &Evaluation,
    ) -> Result<Self, EvalError> {
        let (mut intervals, mut gains) = (Vec::new(), Vec::new());
        for metric in Metric::ALL {
            intervals.push((metric, if_enough(evaluation.interval(metric, SEED))?));
            gains.push((metric, if_enough(evaluation.compare(first, metric, SEED))?));
        }
        Ok(Self { profile, means: evaluation.summary()?, intervals, gains })
    }

    const fn mean(&self, metric: Metric) -> f64 {
        match metric {
            Metric::NdcgAt10 => self.means.ndcg_at_10,
            Metric::Mrr => self.means.mrr,
            Metric::Auc => self.means.auc,
            Metric::RecallAt100 => self.means.recall_at_100,
        }
    }
}

/// How well levels are told, in Chinese.
pub(super) fn levels_as_text(levels: &Levels) -> String {
    let accuracy = levels.accuracy;
    let mut lines = vec![format!(
        "等级（1 到 4）：1/(1+MAE) 为 {:.4}，{} 对中 {:.0}% 完全一致。",
        accuracy.score,
        accuracy.n,
        accuracy.exact * 100.0
    )];
    lines.extend(levels.reliability.iter().map(|bin| {
        let (told, true_share) = (bin.told * 100.0, bin.came_true * 100.0);
        format!("  说 3 级以上的把握为 {told:.0}% 的 {} 对中，{true_share:.0}% 果然如此", bin.n)
    }));
    lines.extend(levels.abstention.iter().map(|one| {
        let Abstention { good, without, told, with, told_wrong } = one;
        let good = good.map_or_else(|| "方案所定".to_owned(), |good| format!("{good:.2}"));
        format!(
            "  门槛 {good}：{without} 条没有好答案的需求中 {told} 条如实告知；其余 {with} 条中 {told_wrong} 条误报没有"
        )
    }));
    lines.join("\n")
}

pub(super) fn levels_as_json(levels: &Levels) -> Value {
    let abstention = levels.abstention.iter().map(|one| {
        let Abstention { good, without, told, with, told_wrong } = one;
        json!({
            "good": good, "without": without, "told": told, "with": with, "told_wrong": told_wrong,
        })
    });
    json!({
        "accuracy": levels.accuracy,
        "reliability": levels.reliability,
        "abstention": abstention.collect::<Vec<_>>(),
    })
}

/// Judgements that cannot give a figure.
pub(super) fn unscored(error: EvalError) -> Failed {
    match error {
        EvalError::NothingScored { metric } => Failed(format!(
            "没有一条需求能计 {}：qrels.tsv 中没有合格的判断；请检查各条需求的等级",
            metric.name()
        )),
        other => Failed(format!("评测数据不能用：{other}")),
    }
}

pub(super) fn as_json(dataset: &str, figures: &[Figures<'_>]) -> Value {
    let by_profile = |of: &dyn Fn(&Figures<'_>) -> Value| -> Value {
        figures.iter().map(|one| (one.profile.to_owned(), of(one))).collect::<Map<_, _>>().into()
    };
    let intervals = by_profile(&|one| {
        let known = one.intervals.iter().filter_map(|(metric, drawn)| {
            let drawn = (*drawn)?;
            Some((metric.name().to_owned(), json!([drawn.low, drawn.high])))
        });
        known.collect::<Map<_, _>>().into()
    });
    let gains = by_profile(&|one| {
        let known = one
            .gains
            .iter()
            .filter_map(|(metric, drawn)| Some((metric.name().to_owned(), json!((*drawn)?))));
        known.collect::<Map<_, _>>().into()
    });
    json!({
        "dataset": dataset,
        "profiles": by_profile(&|one| json!(one.means)),
        "intervals": intervals,
        "gains_over": figures.first().map(|first| first.profile),
        "gains": gains,
    })
}

pub(super) fn as_table(dataset: &str, figures: &[Figures<'_>]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["排序方案", "nDCG@10", "MRR", "AUC", "recall@100", "计分需求"]);
    for one in figures {
        let mut row = vec![one.profile.to_owned()];
        row.extend(one.intervals.iter().map(|(metric, drawn)| {
            let between = drawn.map_or_else(
                || "需求太少，无区间".to_owned(),
                |drawn| format!("{:.3}–{:.3}", drawn.low, drawn.high),
            );
            format!("{:.4}\n{between}", one.mean(*metric))
        }));
        row.push(one.means.n.to_string());
        table.add_row(row);
    }
    let mut lines = vec![format!("数据：{dataset}"), table.to_string()];
    for one in figures.iter().skip(1) {
        let gains = one.gains.iter().filter_map(|(metric, drawn)| {
            let Difference { gain: Interval { mean, low, high }, p_value } = (*drawn)?;
            let name = metric.name();
            Some(format!("{name} {mean:+.4}（{low:+.3} 至 {high:+.3}，p = {p_value:.3}）"))
        });
        let gains: Vec<_> = gains.collect();
        let gains = if gains.is_empty() {
            "需求太少，无法比较".to_owned()
        } else {
            gains.join("；")
        };
        lines.push(format!("{} 比 {}：{gains}", one.profile, figures[0].profile));
    }
    lines.join("\n")
}
