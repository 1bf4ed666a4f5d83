//! Folders and feeds, taken in from the command line.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
};

use kechuang_tests::kechuang;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");

#[test]
fn a_folder_is_taken_in_and_a_broken_file_stops_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, files) = (folder.path().join("var"), folder.path().join("收集"));
    fs::create_dir_all(files.join("第一批")).expect("folders");
    fs::write(files.join("成果.csv"), "名称,单位\n赤泥脱碱,示例大学\n,示例大学\n").expect("a file");
    fs::write(files.join("第一批/成果.jsonl"), "{\"title\": \"镁合金压铸\"}\n").expect("a file");
    fs::write(files.join("坏.xlsx"), b"PK\x03\x04 not a workbook").expect("a file");
    fs::write(files.join("照片.png"), b"no record").expect("a file");
    let files = files.to_string_lossy().into_owned();
    let asked = ["ingest", &files, "--library", "achievement"];
    let done = kechuang(PROGRAM, &data, &asked);
    assert_eq!(done.code, Some(3), "{done:?}");
    for words in [
        "新增 2 条",
        "拒绝 1 行",
        "1 个文件未能导入",
        "坏.xlsx",
        "照片.png",
        "成果.csv 第 3 行被拒绝",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    let again = kechuang(PROGRAM, &data, &asked);
    assert!(again.err.contains("新增 0 条，更新 0 条，未变 2 条"), "{}", again.err);
    let empty = folder.path().join("空");
    fs::create_dir(&empty).expect("a folder");
    let empty = empty.to_string_lossy().into_owned();
    let done = kechuang(PROGRAM, &data, &["ingest", &empty, "--library", "achievement"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("没有可以导入的文件"), "{}", done.err);
}

#[test]
fn a_feed_is_asked_only_where_it_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("var");
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/results", server.local_addr().expect("an address"));
    let asked = ["ingest", &url, "--library", "achievement"];
    let refused = kechuang(PROGRAM, &data, &asked);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("feeds.hosts"), "{}", refused.err);

    let config = folder.path().join("kechuang.toml");
    let sentence = kechuang_ingest::feed::PRIVATE_ADDRESSES_WARNING;
    let text = format!(
        "[feeds]\nhosts = [\"127.0.0.1\"]\nprivate_addresses = \"{sentence}\"\n\n\
         [[feeds.follow]]\nname = \"省平台\"\nlibrary = \"achievement\"\nurl = \"{url}\"\n"
    );
    fs::write(&config, text).expect("a configuration");
    let answering = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = server.accept().expect("a request");
            let mut head = [0; 2048];
            let _read = stream.read(&mut head).expect("a head");
            let body = "[{\"id\": \"1\", \"title\": \"赤泥脱碱\"}]";
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\netag: \"v1\"\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).expect("sent");
        }
    });
    let config = config.to_string_lossy().into_owned();
    let with_config = [&asked[..], &["--config", &config]].concat();
    let done = kechuang(PROGRAM, &data, &with_config);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("新增 1 条"), "{}", done.err);
    // Followed, it is a source of its own.
    let worked = kechuang(PROGRAM, &data, &["work", "--once", "--config", &config]);
    assert_eq!(worked.code, Some(0), "{worked:?}");
    answering.join().expect("two answers");
    let out =
        kechuang(PROGRAM, &data, &["export", "--library", "achievement", "--format", "jsonl"]);
    assert!(out.out.contains("省平台"), "{}", out.out);
}

#[test]
fn a_policy_that_a_browser_printed_is_read_with_its_pages() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("var");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample/pdf");
    let samples = samples.to_string_lossy().into_owned();
    let done = kechuang(PROGRAM, &data, &["ingest", &samples, "--library", "policy", "--sample"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let out = kechuang(PROGRAM, &data, &["export", "--library", "policy", "--format", "jsonl"]);
    let policy: Value = serde_json::from_str(out.out.trim()).expect("one policy");
    assert_eq!(policy["title"], "示例市检验检测机构开放共享与氢能部件检测补助办法");
    assert_eq!(policy["document_number"], "示例科发〔2026〕31号");
    let clauses = policy["clauses"].as_array().expect("clauses");
    assert_eq!(clauses.len(), 10);
    let offices = clauses.iter().map(|clause| &clause["responsible"]);
    assert!(offices.clone().any(|offices| *offices == json!(["市科技局", "市工业和信息化局"])));
    let cap = &policy["provenance"]["fields"]["cap"];
    assert_eq!(cap["page"], 1, "{policy}");
    assert!(cap["sentence"].as_str().is_some_and(|words| words.contains("最高不超过20万元")));
}
