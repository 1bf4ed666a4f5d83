//! `doctor`: is this machine ready, and what to do where it is not.

use std::time::{Duration, Instant};

use kechuang_domain::JobStatus;
use kechuang_index::LexicalIndex;
use kechuang_inference::{
    ModelKind,
    generative::{GenerateError, Prompt},
};
use kechuang_matching::Encoders;
use kechuang_store::Store;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::{
    assets, assist,
    config::Config,
    explain::{self, Failed},
    meaning,
    output::{Exit, Output},
    parts::make_folder,
    reranker,
    shelf::Shelf,
};

/// A server that needs longer for one word is of no use.
const LARGE_MODEL_PATIENCE: Duration = Duration::from_secs(15);

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    what: &'static str,
    fine: bool,
    detail: String,
}

pub(super) async fn run(config: &Config, output: Output) -> anyhow::Result<Exit> {
    let mut findings = Vec::new();
    let mut found = |what, result: anyhow::Result<String>| {
        let fine = result.is_ok();
        let detail = result.unwrap_or_else(|error| explain::message(&error));
        findings.push(Finding { what, fine, detail });
    };
    found(
        "数据目录",
        make_folder(&config.data).map(|()| format!("{} 可写", config.data.display())),
    );
    found("词典与排序方案", rules());
    found("编码模型", encoder(config));
    found("精排模型", cross_encoder(config));
    found("大模型", large_model(config).await);
    let store = Store::open(&config.store).await;
    match store {
        Ok(store) => {
            found("数据库", database(&store).await);
            found("后台任务", jobs(&store).await);
            found("索引", index(config, &store).await);
        }
        Err(error) => found("数据库", Err(error.into())),
    }
    found("网站端口", port(config).await);
    let fine = findings.iter().all(|finding| finding.fine);
    output.answer(&serde_json::json!({ "fine": fine, "findings": findings }), || {
        let lines = findings.iter().map(|finding| {
            let mark = if finding.fine { "✓" } else { "✗" };
            format!("{mark} {}：{}", finding.what, finding.detail)
        });
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(if fine { Exit::Done } else { Exit::Failed })
}

fn rules() -> anyhow::Result<String> {
    let rules = assets::rules()?;
    let profiles: Vec<_> = rules.profiles.names().collect();
    Ok(format!("词典 {}；方案 {}", &rules.lexicon.hash()[..8], profiles.join("、")))
}

/// Whether the large model answers, and how fast: it is asked for one word.
async fn large_model(config: &Config) -> anyhow::Result<String> {
    let Some(assist) = &config.assist else {
        return Ok("未启用（配置中没有 assist.url 或 assist.gguf），不影响匹配".to_owned());
    };
    let generator = assist::generator(assist)?;
    let prompt = Prompt {
        system: "只回答一个字。".to_owned(),
        user: "在吗？".to_owned(),
        form: None,
        max_tokens: 8,
        temperature: 0.0,
    };
    let began = Instant::now();
    let (model, place) = (generator.model(), generator.place());
    let failed = |error: GenerateError| Failed(format!("{model}（{place}）：{error}"));
    let reply = generator.ask(&prompt, began + LARGE_MODEL_PATIENCE).await.map_err(failed)?;
    let (took, tokens) = (began.elapsed().as_millis(), reply.usage.tokens());
    Ok(format!("{model}（{place}）{took} 毫秒作答，用 {tokens} 个词元"))
}

fn encoder(config: &Config) -> anyhow::Result<String> {
    let shelf = Shelf::of(&config.models);
    let Some(name) = shelf.in_use(ModelKind::Encoder) else {
        return Ok("未启用（models.encoder = \"off\"），只按字词匹配".to_owned());
    };
    let Encoders { recall, order } = meaning::encoders(&shelf, &name)
        .map_err(|error| Failed(format!("「{name}」不可用，只能按字词匹配：{error}")))?;
    let order = order.map_or("没有排序编码模型".to_owned(), |order| {
        format!("排序用 {}（{}）", order.manifest().name, order.key())
    });
    Ok(format!("{name}（{}），向量 {} 维；{order}", recall.key(), recall.width()))
}

fn cross_encoder(config: &Config) -> anyhow::Result<String> {
    let shelf = Shelf::of(&config.models);
    let Some(name) = shelf.in_use(ModelKind::CrossEncoder) else {
        return Ok("未启用（可有可无）".to_owned());
    };
    let model = reranker::load(&shelf, &name)
        .map_err(|error| Failed(format!("「{name}」不可用，结果未经精排：{error}")))?;
    Ok(format!("{name}（{}）", model.key()))
}

async fn database(store: &Store) -> anyhow::Result<String> {
    let counts = store.record_counts().await?;
    let counts: Vec<_> =
        counts.iter().map(|(library, count)| format!("{} {count}", library.label())).collect();
    Ok(format!("{}，{}", store.backend(), counts.join("、")))
}

async fn jobs(store: &Store) -> anyhow::Result<String> {
    let counts = store.job_counts().await?;
    let of = |wanted| counts.iter().find(|(status, _)| *status == wanted).map_or(0, |(_, n)| *n);
    let dead = of(JobStatus::Dead);
    if dead > 0 {
        let what = format!("{dead} 个任务屡次失败；请看日志中的原因，改好后重新导入");
        return Err(Failed(what).into());
    }
    Ok(format!(
        "等候 {}，进行 {}，完成 {}",
        of(JobStatus::Queued),
        of(JobStatus::Running),
        of(JobStatus::Done)
    ))
}

async fn index(config: &Config, store: &Store) -> anyhow::Result<String> {
    let head = store.change_head().await?;
    let folder = config.index_folder();
    if !folder.exists() {
        return Ok("还没有；下次启动时建立".to_owned());
    }
    let lexicon = assets::rules()?.lexicon;
    let opened = tokio::task::block_in_place(|| -> kechuang_index::Result<_> {
        let index = LexicalIndex::open(&folder, lexicon)?;
        index.verify()?;
        Ok(index.snapshot())
    });
    let snapshot = opened.map_err(kechuang_matching::MatchError::from)?;
    Ok(format!("完好，到第 {} 项更新（共 {head} 项）", snapshot.applied_seq()))
}

async fn port(config: &Config) -> anyhow::Result<String> {
    match TcpListener::bind(config.listen).await {
        Ok(_) => Ok(format!("{} 可用", config.listen)),
        Err(error) => {
            let address = config.listen;
            let what =
                format!("{address} 不可用（{error}）；若不是本程序在用，请以 --listen 换一个");
            Err(Failed(what).into())
        }
    }
}
