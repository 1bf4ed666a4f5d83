//! The program, as a newcomer runs it.

use kechuang_tests::kechuang;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");

#[test]
fn the_demo_prints_its_table_and_a_second_start_doubles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("var");
    let first = kechuang(PROGRAM, &data, &["demo", "--once"]);
    assert_eq!(first.code, Some(0), "{first:?}");
    for words in ["需求（示例）", "DEM-001", "DEM-030", "项有依据"] {
        assert!(first.out.contains(words), "{words}: {}", first.out);
    }
    assert!(first.err.contains("新匹配 30 项"), "{}", first.err);
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
fn every_command_teaches_its_use() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in
        ["demo", "serve", "work", "ingest", "match", "eval", "reindex", "fsck", "openapi", "doctor"]
    {
        let help = kechuang(PROGRAM, folder.path(), &[command, "--help"]);
        assert_eq!(help.code, Some(0), "{command}");
        assert!(help.out.contains("--json") && help.out.contains("--data"), "{}", help.out);
    }
    let openapi = kechuang(PROGRAM, folder.path(), &["openapi"]).json();
    assert!(openapi["paths"].get("/api/v1/matches").is_some());
}

#[test]
fn a_profile_is_measured_on_a_folder_of_judgements() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = folder.path().join("bench");
    std::fs::create_dir(&bench).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(bench.join(name), text).expect("a file");
    write("demands.jsonl", "{\"id\": \"d\", \"title\": \"镁合金焊接\", \"text\": \"\"}\n");
    write(
        "achievements.jsonl",
        "{\"id\": \"a\", \"title\": \"镁合金 焊接 方法\"}\n{\"id\": \"b\", \"title\": \"红外 相机\"}\n",
    );
    write("qrels.tsv", "d\ta\t4\nd\tb\t1\n");
    let path = bench.to_str().expect("a path");
    let measured =
        kechuang(PROGRAM, folder.path(), &["eval", path, "--profile", "lexical", "--json"]);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    let figures = &measured.json()["profiles"]["lexical"];
    let expected = serde_json::json!(
        { "ndcg@10": 1.0, "mrr": 1.0, "auc": 1.0, "recall@100": 1.0, "n": 1 }
    );
    assert_eq!(figures, &expected);
}

/// The bars of the model-free profile on real judgements.
#[test]
fn the_lexical_profile_reaches_its_bars_on_real_demands() {
    let bench = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/bench/ccf-bdci-2019/dev");
    if !std::path::Path::new(bench).exists() {
        eprintln!("SKIPPED: no judged demands at {bench}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let measured =
        kechuang(PROGRAM, folder.path(), &["eval", bench, "--profile", "lexical", "--json"]);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    let figures = measured.json()["profiles"]["lexical"].clone();
    assert_eq!(figures["n"], 113);
    let figure = |name: &str| figures[name].as_f64().expect("a figure");
    assert!(figure("ndcg@10") >= 0.655, "{figures}");
    assert!(figure("recall@100") >= 0.51, "{figures}");
}
