//! The program as users run it: how much memory `serve` takes with the whole corpus, and how fast the
//! demonstration starts.
//!
//! `cargo bench -p kechuang-benches --bench serve`

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use kechuang_benches::{
    block_on, data,
    figures::print_ratio,
    is_test,
    program::{build, peak_mib, start},
};
use reqwest::Client;
use serde_json::Value;

/// Matches asked of the server before its memory is read.
const MATCHES: usize = 300;
/// Requests under way at once.
const CLIENTS: usize = 8;

fn main() -> Result<()> {
    if is_test() {
        return Ok(());
    }
    block_on(measure())
}

async fn measure() -> Result<()> {
    let program = build()?;
    let folder = tempfile::tempdir()?;

    let demo = folder.path().join("demo");
    for what in ["demo --once, fresh data folder", "demo --once, second start"] {
        let started = Instant::now();
        let ended = start(&program, &demo, &["demo", "--once"])?.wait()?;
        println!("{what:<44} {:.2} s ({ended})", started.elapsed().as_secs_f64());
    }
    println!("{:<44} 2 s", "bar of the second start");

    let data = folder.path().join("data");
    let rows = folder.path().join("chinaxiv.jsonl");
    std::fs::write(&rows, data::corpus()?)?;
    let rows = rows.to_str().context("a plain path")?;
    let mut ingest = start(&program, &data, &["ingest", rows, "--library", "achievement"])?;
    println!("{:<44} {}", "ingest of the corpus", ingest.wait()?);

    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let listen = format!("127.0.0.1:{port}");
    let config = folder.path().join("kechuang.toml");
    std::fs::write(&config, "matches_per_minute = 1000000\nrequests_per_minute = 1000000\n")?;
    let config = config.to_str().context("a plain path")?;
    let mut server = start(&program, &data, &["serve", "--listen", &listen, "--config", config])?;
    let answered = use_it(&format!("http://{listen}")).await;
    let peak = peak_mib(&server);
    server.kill()?;
    println!("{:<44} {}", "matches answered", answered?);
    print_ratio("peak resident memory of serve, MiB", peak?, "under 300");
    Ok(())
}

/// Pages, searches and matches from several clients at once.
async fn use_it(site: &str) -> Result<usize> {
    // Whoever comes first installs it; the product does so where it fetches feeds.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::new();
    let waiting = Instant::now();
    while client.get(format!("{site}/readyz")).send().await.is_err() {
        anyhow::ensure!(waiting.elapsed() < Duration::from_secs(60), "the site does not answer");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let demands = String::from_utf8(data::demands()?)?;
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let (client, site) = (client.clone(), site.to_owned());
        let texts: Vec<String> = demands
            .lines()
            .cycle()
            .skip(number)
            .step_by(CLIENTS)
            .take(MATCHES / CLIENTS)
            .map(|line| {
                let row: Value = serde_json::from_str(line).unwrap_or_default();
                format!(
                    "{}\n{}",
                    row["title"].as_str().unwrap_or_default(),
                    row["text"].as_str().unwrap_or_default()
                )
            })
            .collect();
        clients.push(tokio::spawn(async move {
            let mut answered = 0;
            for text in texts {
                let body = serde_json::json!({ "text": text });
                let made = client.post(format!("{site}/api/v1/matches")).json(&body).send().await?;
                answered += usize::from(made.status().as_u16() == 201);
                client.get(format!("{site}/search?q=材料")).send().await?;
            }
            anyhow::Ok(answered)
        }));
    }
    let mut answered = 0;
    for client in clients {
        answered += client.await??;
    }
    Ok(answered)
}
