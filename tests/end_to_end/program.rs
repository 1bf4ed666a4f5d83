//! The program, as a newcomer runs it.

use std::{path::Path, process::Stdio, time::Duration};

use kechuang_store::Location;
use kechuang_tests::{Database, block_on, kechuang, program::command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");

#[test]
fn the_demo_prints_its_table_and_a_second_start_doubles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("var");
    let first = kechuang(PROGRAM, &data, &["demo", "--once"]);
    assert_eq!(first.code, Some(0), "{first:?}");
    for words in ["需求（示例）", "DEM-001", "DEM-064", "项要求中谈到"] {
        assert!(first.out.contains(words), "{words}: {}", first.out);
    }
    assert!(first.err.contains("新匹配 64 项"), "{}", first.err);
    let second = kechuang(PROGRAM, &data, &["demo", "--once"]);
    assert_eq!(second.out, first.out);
    assert!(second.err.contains("新匹配 0 项"), "{}", second.err);
    let check = kechuang(PROGRAM, &data, &["fsck", "--json"]).json();
    assert_eq!(check["clean"], true);
    assert_eq!(
        check["report"]["stored"], check["report"]["change_head"],
        "nothing was saved twice"
    );

    let found = kechuang(PROGRAM, &data, &["match", "--demand", "DEM-001", "--top", "2", "--json"]);
    assert_eq!(found.json()["achievements"].as_array().map(Vec::len), Some(2));
    let doctor = kechuang(PROGRAM, &data, &["doctor", "--json", "--config", "/dev/null"]).json();
    let fine = |what: &str| {
        let findings = doctor["findings"].as_array().expect("findings");
        findings.iter().any(|finding| finding["what"] == what && finding["fine"] == true)
    };
    assert!(fine("数据库") && fine("索引") && fine("数据目录"), "{doctor}");
    let rebuilt = kechuang(PROGRAM, &data, &["reindex", "--json"]).json();
    assert_eq!(rebuilt["records"], check["report"]["stored"]);
}

#[test]
fn the_demo_runs_on_postgresql_too() {
    block_on(async {
        let Some(database) = Database::postgres().await else { return };
        let Location::Postgres(url) = &database.location else { panic!("another database") };
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("var");
        let demo = kechuang(PROGRAM, &data, &["demo", "--once", "--database", url]);
        assert_eq!(demo.code, Some(0), "{demo:?}");
        assert!(demo.out.contains("DEM-030"), "{}", demo.out);
        let embedded = kechuang(PROGRAM, &folder.path().join("other"), &["demo", "--once"]);
        assert_eq!(demo.out, embedded.out, "both databases answer alike");
        let check = kechuang(PROGRAM, &data, &["fsck", "--json", "--database", url]);
        assert_eq!(check.json()["clean"], true, "{check:?}");
    });
}

/// Other commands work while a server owns the index.
#[test]
fn a_running_server_shares_its_data_with_other_commands() {
    kechuang_tests::install_tls();
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("var");
    assert_eq!(kechuang(PROGRAM, &data, &["demo", "--once"]).code, Some(0));
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = free.local_addr().expect("an address").to_string();
    drop(free);
    let mut server = command(Path::new(PROGRAM), &data, &["serve", "--listen", &listen])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a server");
    let answered = block_on(async {
        let ready = format!("http://{listen}/readyz");
        for _ in 0..200 {
            if reqwest::get(&ready).await.is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    });
    let rows = folder.path().join("rows.jsonl");
    std::fs::write(&rows, "{\"id\": \"1\", \"title\": \"石墨烯改性沥青\"}\n").expect("a file");
    let rows = rows.to_str().expect("a path");
    let taken = kechuang(PROGRAM, &data, &["ingest", rows, "--library", "achievement", "--json"]);
    let found = kechuang(PROGRAM, &data, &["match", "--text", "石墨烯改性沥青", "--json"]);
    let refused = kechuang(PROGRAM, &data, &["reindex"]);
    let page = block_on(async {
        let search = format!("http://{listen}/search?q=石墨烯改性沥青");
        reqwest::get(search).await.expect("an answer").text().await.expect("a page")
    });
    server.kill().expect("killed");
    server.wait().expect("ended");
    assert!(answered, "the server never answered");
    assert_eq!(taken.json()["created"], 1, "{taken:?}");
    assert_eq!(found.json()["achievements"][0]["title"], "石墨烯改性沥青", "{found:?}");
    assert!(refused.err.contains("另一个 kechuang 进程"), "{refused:?}");
    assert!(page.contains("<mark>石墨烯"), "{page}");
}

#[test]
fn every_command_teaches_its_use() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in [
        "demo", "serve", "work", "ingest", "match", "read", "eval", "train", "reindex", "fsck",
        "openapi", "doctor",
    ] {
        let help = kechuang(PROGRAM, folder.path(), &[command, "--help"]);
        assert_eq!(help.code, Some(0), "{command}");
        assert!(help.out.contains("--json") && help.out.contains("--data"), "{}", help.out);
    }
    let openapi = kechuang(PROGRAM, folder.path(), &["openapi"]).json();
    assert!(openapi["paths"].get("/api/v1/matches").is_some());
}
