//! `fsck`: store and index hold the same.

use kechuang_domain::Watch;
use kechuang_matching::{CheckReport, VectorReport, check};
use serde_json::json;

use crate::{
    config::Config,
    output::{Exit, Output},
    parts::Parts,
};

pub(super) async fn run(config: &Config, output: Output, watch: &Watch) -> anyhow::Result<Exit> {
    let mut parts = Parts::open(config, output, watch).await?;
    parts.catch_up().await?;
    parts.encode().await?;
    let report = check(&parts.engine).await?;
    let clean = report.is_clean();
    output.answer(&json!({ "clean": clean, "report": report }), || text(&report, clean))?;
    Ok(if clean { Exit::Done } else { Exit::Failed })
}

fn text(report: &CheckReport, clean: bool) -> String {
    let mut lines = vec![
        format!(
            "数据库 {} 条记录（含已撤回的），索引 {} 条公开记录",
            report.stored, report.indexed
        ),
        format!("更新日志到第 {} 项，索引到第 {} 项", report.change_head, report.applied_seq),
    ];
    lines.push(match &report.vectors {
        Some(vectors) => format!("向量 {} 条", vectors.encoded),
        None => "没有编码模型，未核对向量".to_owned(),
    });
    if clean {
        lines.push("一致".to_owned());
        return lines.join("\n");
    }
    if report.log_gaps > 0 {
        lines.push(format!("更新日志缺 {} 项", report.log_gaps));
    }
    let none = VectorReport::default();
    let vectors = report.vectors.as_ref().unwrap_or(&none);
    for (what, ids) in [
        ("索引缺少", &report.missing),
        ("索引版本不符", &report.stale),
        ("索引多出", &report.extra),
        ("向量缺少", &vectors.missing),
        ("向量版本不符", &vectors.stale),
        ("向量多出", &vectors.extra),
    ] {
        for id in ids {
            lines.push(format!("{what}：{id}"));
        }
    }
    lines.extend(report.damage.iter().map(|damage| format!("索引文件损坏：{damage}")));
    lines.push("不一致；可用 kechuang reindex 重建索引".to_owned());
    lines.join("\n")
}
