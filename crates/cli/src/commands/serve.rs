//! `serve`: the site, with index upkeep and background jobs beside it.

use std::{io, net::SocketAddr, sync::Arc};

use kechuang_domain::Watch;
use kechuang_matching::Token;
use kechuang_web::{LargeModel, Service};
use serde_json::json;
use tokio::net::TcpListener;

use super::work;
use crate::{
    assets,
    assist::{self, SiteModel},
    config::Config,
    explain::Failed,
    output::{Exit, Output, line},
    parts::{Parts, first_token},
    reranker, stop,
};

pub(super) async fn run(config: &Config, output: Output, watch: &Watch) -> anyhow::Result<Exit> {
    let listener = listen(config.listen).await?;
    let mut parts = Parts::open(config, output, watch).await?;
    parts.engine.set_reranker(reranker::open(config, output));
    parts.catch_up().await?;
    serve(config, output, watch, listener, parts).await
}

/// Takes the port, before any long work.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => {
                let other = SocketAddr::new(address.ip(), address.port().wrapping_add(1).max(1024));
                format!("端口已被占用；请停掉占用它的程序，或换一个：--listen {other}")
            }
            io::ErrorKind::PermissionDenied => {
                "没有权限；1024 以下的端口需要管理员权限，可改用 --listen 127.0.0.1:8080".to_owned()
            }
            io::ErrorKind::AddrNotAvailable => "本机没有这个地址；请核对 --listen".to_owned(),
            _ => error.to_string(),
        };
        Failed(format!("不能在 {address} 开启网站：{remedy}")).into()
    })
}

/// Serves until stopped.
pub(super) async fn serve(
    config: &Config,
    output: Output,
    watch: &Watch,
    listener: TcpListener,
    parts: Parts,
) -> anyhow::Result<Exit> {
    let Parts { engine, upkeep, encoding, followed, .. } = parts;
    let address = listener.local_addr()?;
    let token = first_token(&engine).await?;
    let secret = token.as_ref().map(Token::secret);
    if output.is_json() {
        line(&json!({ "listening": format!("http://{address}"), "token": secret }).to_string())?;
    }
    if let Some(secret) = secret {
        output.note(&format!(
            "写入令牌（只显示这一次，请妥善保存）：{secret}\n  用法：curl -H \"Authorization: Bearer {secret}\" …"
        ));
    }
    output.note(&format!("网站已开启：http://{address}　按 Ctrl-C 停止"));
    match upkeep {
        Some(upkeep) => drop(tokio::spawn(upkeep.follow())),
        None => {
            output.note("索引由另一个进程维护，本进程只读");
            drop(tokio::spawn(Arc::clone(&engine).follow_index()));
        }
    }
    if let Some(encoding) = encoding {
        tokio::spawn(encoding.follow());
    }
    if let Some((meaning, generations)) = followed {
        tokio::spawn(Arc::clone(&engine).follow_vectors(meaning, generations));
    }
    let (names, choices) = (assets::names()?, assets::choices()?);
    let assistant = assist::open(config, &engine, output).map(Arc::new);
    if assistant.is_some() {
        // What is asked from now on: what a demonstration has matched before is to cost nobody tokens.
        engine.start_refining();
    }
    let site_model = assistant.clone().map(|assistant| {
        let engine = Arc::clone(&engine);
        Arc::new(SiteModel { assistant, engine }) as Arc<dyn LargeModel>
    });
    let service =
        Service::new(Arc::clone(&engine), names, choices, &config.site).with_assist(site_model);
    let rules = assets::ingest_rules(config.freshness)?;
    tokio::select! {
        () = work::follow(&engine, &rules, &config.feeds, assistant.as_deref(), watch) => {}
        served = kechuang_web::serve(listener, service, stop::asked()) => served?,
    }
    output.note("已停止");
    Ok(Exit::Done)
}
