//! Bad input gets a clear Chinese answer and loses nothing.

use std::{fs, path::Path};

use kechuang_tests::{App, Program, achievement, block_on, kechuang};
use reqwest::Method;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");

/// The site refuses a body with this status and code, in problem+json and Chinese.
async fn refused(
    app: &App,
    path: &str,
    kind: &str,
    body: Vec<u8>,
    status: u16,
    code: &str,
) -> String {
    let request = app.request(Method::POST, path).header("content-type", kind).body(body);
    let answer = app.send(request).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (status, "application/problem+json"),
        "{}",
        answer.body
    );
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{problem}");
    assert_eq!(problem["type"], format!("urn:kechuang:problem:{code}"));
    for text in [&problem["title"], &problem["detail"]] {
        assert!(is_chinese(text.as_str().expect("a text")), "{problem}");
    }
    problem["detail"].as_str().expect("a detail").to_owned()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn the_site_refuses_bad_bodies() {
    block_on(async {
        let app = App::new(&[achievement("1", "赤泥脱碱", "")]).await;
        const JSON: &str = "application/json";
        let path = "/api/v1/matches";
        let text = |text: &str| json!({ "text": text }).to_string().into_bytes();
        let unknown = "01890a5d-ac96-774b-bcce-b302099a8057";
        let megabyte = "赤泥".repeat((1 << 20) / 6);
        let cases: Vec<(&str, Vec<u8>, u16, &str, &str)> = vec![
            (JSON, text(""), 422, "empty_text", "写下技术难题"),
            (JSON, text(" \n\u{3000}\0"), 422, "empty_text", "写下技术难题"),
            (JSON, b"{}".to_vec(), 422, "empty_text", "text"),
            (JSON, text(&megabyte), 422, "text_too_long", "20000"),
            (JSON, vec![b'a'; 3 << 20], 413, "body_too_large", "2 MB"),
            (JSON, b"{\"text\": 5}".to_vec(), 400, "invalid_json", "text"),
            (JSON, b"{\"txet\": \"a\"}".to_vec(), 400, "invalid_json", "txet"),
            (JSON, b"{\"text\": \"a\"".to_vec(), 400, "invalid_json", "第 1 行"),
            (JSON, b"{\"text\": \"\xb3\xe0\xc4\xe0\"}".to_vec(), 400, "invalid_json", "GBK"),
            (
                JSON,
                json!({ "demand": unknown }).to_string().into_bytes(),
                404,
                "unknown_record",
                unknown,
            ),
            (
                JSON,
                json!({ "demand": "DEM" }).to_string().into_bytes(),
                404,
                "unknown_record",
                "DEM",
            ),
            (
                JSON,
                json!({ "text": "a", "demand": unknown }).to_string().into_bytes(),
                422,
                "invalid_field",
                "其一",
            ),
            (
                JSON,
                json!({ "text": "赤泥", "top": 0 }).to_string().into_bytes(),
                422,
                "invalid_field",
                "top",
            ),
            (
                JSON,
                json!({ "text": "赤泥", "top": -1 }).to_string().into_bytes(),
                400,
                "invalid_json",
                "top",
            ),
            (
                JSON,
                json!({ "text": "赤泥", "region": "14" }).to_string().into_bytes(),
                422,
                "invalid_field",
                "region",
            ),
            (
                JSON,
                json!({ "text": "赤泥", "profile": "x" }).to_string().into_bytes(),
                400,
                "unknown_profile",
                "lexical",
            ),
            ("text/plain", text("赤泥"), 415, "unsupported_media_type", "application/json"),
        ];
        for (kind, body, status, code, names) in cases {
            let detail = refused(&app, path, kind, body, status, code).await;
            assert!(detail.contains(names), "{detail} should name {names}");
        }
    });
}

#[test]
fn the_site_refuses_bad_addresses_and_records() {
    block_on(async {
        let app = App::new(&[]).await;
        for (path, status, code) in [
            ("/api/v1/nothing", 404, "not_found"),
            ("/api/v1/records/not-an-id", 404, "unknown_record"),
            ("/api/v1/matches/not-an-id", 404, "unknown_run"),
            ("/api/v1/records?library=cars", 400, "invalid_parameter"),
            ("/api/v1/records?limit=9999", 400, "invalid_parameter"),
            ("/api/v1/records?limit=many", 400, "invalid_parameter"),
            ("/api/v1/records?cursor=x", 400, "invalid_parameter"),
            ("/api/v1/records?region=999", 400, "invalid_parameter"),
            ("/api/v1/records?status=lost", 400, "invalid_parameter"),
        ] {
            let answer = app.get(path).await;
            assert_eq!(
                (answer.status, &answer.json()["code"]),
                (status, &Value::from(code)),
                "{path}"
            );
            assert!(is_chinese(&answer.body), "{path}");
        }
        let answer = app.send(app.request(Method::PATCH, "/api/v1/records")).await;
        assert_eq!(
            (answer.status, answer.json()["code"].clone()),
            (405, "method_not_allowed".into())
        );

        let title = json!({ "title": { "text": "甲" } });
        for (body, code, names) in [
            (
                json!({ "library": "cars", "owner": "甲", "texts": title }),
                "invalid_field",
                "library",
            ),
            (
                json!({ "library": "demand", "owner": " ", "texts": title }),
                "invalid_field",
                "owner",
            ),
            (
                json!({ "library": "demand", "owner": "甲", "texts": {} }),
                "invalid_field",
                "名称为空",
            ),
            (
                json!({ "library": "demand", "owner": "甲", "texts": { "colour": { "text": "红" } } }),
                "invalid_field",
                "colour",
            ),
            (
                json!({ "library": "demand", "owner": "甲", "texts": title, "details": { "trl": 3 } }),
                "invalid_field",
                "details",
            ),
            (
                json!({ "library": "achievement", "owner": "甲", "texts": title, "details": { "trl": 12 } }),
                "invalid_field",
                "12",
            ),
            (
                json!({ "library": "demand", "owner": "甲", "texts": title, "chain": "氢" }),
                "invalid_field",
                "chain",
            ),
            (
                json!({ "library": "demand", "owner": "甲", "texts": title, "details": { "deadline": "明天" } }),
                "invalid_field",
                "details.deadline",
            ),
            (json!({ "owner": "甲", "texts": title }), "invalid_json", "library"),
        ] {
            let answer = app.write(Method::POST, "/api/v1/records", "", &body).await;
            let problem = answer.json();
            assert_eq!(problem["code"], code, "{body}: {problem}");
            assert!(problem["detail"].as_str().expect("a detail").contains(names), "{problem}");
        }
    });
}

/// The program fails with this code and says these words.
fn fails(program: &Program, code: i32, words: &[&str]) {
    assert_eq!(program.code, Some(code), "{program:?}");
    for word in words {
        assert!(program.err.contains(word), "{word}: {program:?}");
    }
}

fn ingest(data: &Path, file: &Path, library: &str) -> Program {
    kechuang(PROGRAM, data, &["ingest", file.to_str().expect("a plain path"), "--library", library])
}

#[test]
fn a_broken_row_takes_no_good_row_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let csv = folder.path().join("成果.csv");
    fs::write(&csv, "编号,名称,内容简介\n1,赤泥脱碱,石灰法\n2,只有两格\n3,\"引号未闭合 , 坏\n4,后来的,好的\"\n5,镁合金,焊接\n6,,没有名称\n7,陶粒,煤矸石\n").expect("a file");
    let done = ingest(&data, &csv, "achievement");
    fails(&done, 3, &["第 3 行", "被拒绝", "名称为空"]);
    let listed =
        kechuang(PROGRAM, &data, &["match", "--text", "镁合金焊接与陶粒、赤泥脱碱", "--json"])
            .json();
    let titles: Vec<_> = listed["achievements"]
        .as_array()
        .expect("answers")
        .iter()
        .map(|a| a["title"].as_str().unwrap_or_default())
        .collect();
    for title in ["赤泥脱碱", "镁合金", "陶粒"] {
        assert!(titles.contains(&title), "{titles:?}");
    }

    let lines = folder.path().join("需求.jsonl");
    fs::write(&lines, b"{\"title\": \"\xe8\xb5\xa4\xe6\xb3\xa5\"}\n{\"title\": \n[1]\n{\"title\": \"\xb3\xe0\xc4\xe0\"}\n{\"title\": \"\xe9\x95\x81\"}\n").expect("a file");
    let done = kechuang(
        PROGRAM,
        &data,
        &["ingest", lines.to_str().expect("a path"), "--library", "demand", "--json"],
    );
    assert_eq!(done.code, Some(3), "{done:?}");
    let report = done.json();
    assert_eq!(report["created"], 2);
    let rejected: Vec<_> = report["rejected"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["row"].as_u64().unwrap_or_default())
        .collect();
    assert_eq!(rejected, [2, 3, 4]);
    assert!(report["rejected"][2].to_string().contains("GBK"));
}

#[test]
fn a_file_in_another_encoding_or_format_is_named_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    };
    // 编号,名称 in GBK.
    let gbk = file("gbk.csv", b"\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\n1,\xb3\xe0\xc4\xe0\n");
    fails(&ingest(&data, &gbk, "achievement"), 0, &["新增 1 条", "GBK"]);
    // 编 in UTF-16: read, and no header that anybody knows.
    let utf16 = file("utf16.csv", b"\xff\xfe\x16\x7f");
    fails(&ingest(&data, &utf16, "achievement"), 1, &["utf16.csv", "列名"]);
    fails(&ingest(&data, &file("a.xlsx", b"PK"), "achievement"), 1, &["a.xlsx"]);
    fails(&ingest(&data, &file("a.exe", b"MZ"), "achievement"), 2, &["a.exe", ".csv"]);
    fails(&ingest(&data, &folder.path().join("none.csv"), "achievement"), 1, &["none.csv"]);
    fails(&ingest(&data, &gbk, "cars"), 2, &["cars", "achievement"]);
}

#[test]
fn bad_calls_are_told_with_the_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| kechuang(PROGRAM, &data, arguments);
    fails(&run(&["match", "--text", ""]), 1, &["写下技术难题"]);
    fails(&run(&["match", "--text", &"赤泥".repeat(10_001)]), 1, &["20000"]);
    fails(&run(&["match", "--demand", "DEM-999"]), 1, &["DEM-999", "demo"]);
    fails(&run(&["match", "--text", "赤泥", "--top", "0"]), 2, &["top"]);
    fails(&run(&["match", "--text", "赤泥", "--profile", "x"]), 2, &["lexical"]);
    fails(&run(&["eval", "/nowhere"]), 1, &["qrels.tsv"]);
    fails(&run(&["fly"]), 2, &["fly"]);
    fails(&run(&["doctor", "--database", "mysql://x"]), 2, &["postgres://"]);
    let config = folder.path().join("kechuang.toml");
    fs::write(&config, "listen = \"here\"\nmatches_per_minute = 0\n").expect("a file");
    let config = config.to_str().expect("a path");
    fails(&run(&["doctor", "--config", config]), 2, &["listen", "matches_per_minute"]);
    fs::write(config, "colour = 1\n").expect("a file");
    fails(&run(&["doctor", "--config", config]), 2, &["colour", "第 1 行"]);

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    fails(&run(&["demo", "--listen", &address]), 1, &["已被占用", "--listen"]);
}

#[test]
fn a_read_only_folder_is_told_with_the_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    // A file where the folder should be: nobody can write there, not even root.
    let blocked = folder.path().join("data");
    fs::write(&blocked, "").expect("a file");
    for command in [&["demo", "--once"][..], &["fsck"], &["doctor"]] {
        let run = kechuang(PROGRAM, &blocked, command);
        assert_eq!(run.code, Some(1), "{run:?}");
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains("不可写") && said.contains("--data"), "{said}");
    }
    let read_only = Path::new("/proc/kechuang");
    let run = kechuang(PROGRAM, read_only, &["fsck", "--json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.json()["error"]["message"].as_str().expect("a message").contains("不可写"));
}

#[test]
fn an_index_that_is_gone_or_cut_off_comes_back_from_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let rows = folder.path().join("rows.jsonl");
    let row =
        |number: usize| format!("{{\"id\": \"{number}\", \"title\": \"赤泥脱碱之{number}\"}}\n");
    fs::write(&rows, (0..300).map(row).collect::<String>()).expect("a file");
    assert_eq!(ingest(&data, &rows, "achievement").code, Some(0));
    let index = data.join("index");
    let damage: [(&str, &dyn Fn()); 4] = [
        ("deleted", &|| fs::remove_dir_all(&index).expect("deleted")),
        ("without its list", &|| fs::write(index.join("meta.json"), "").expect("written")),
        ("with files cut off", &|| {
            cut(&index, |name| name != "meta.json" && !name.starts_with('.'))
        }),
        ("with files gone", &|| {
            for file in files(&index) {
                if file.extension().is_some_and(|ending| ending == "store" || ending == "idx") {
                    fs::remove_file(file).expect("removed");
                }
            }
        }),
    ];
    for (what, break_it) in damage {
        break_it();
        let found = kechuang(PROGRAM, &data, &["match", "--text", "赤泥脱碱", "--json"]);
        assert_eq!(found.code, Some(0), "{what}: {found:?}");
        assert_eq!(found.json()["achievements"].as_array().map(Vec::len), Some(5), "{what}");
        let check = kechuang(PROGRAM, &data, &["fsck", "--json"]);
        assert_eq!(check.code, Some(0), "{what}: {check:?}");
        assert_eq!(check.json()["report"]["indexed"], 300, "{what}");
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

fn cut(folder: &Path, which: impl Fn(&str) -> bool) {
    for file in files(folder) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        if which(&name) {
            let bytes = fs::read(&file).expect("a file");
            fs::write(&file, &bytes[..bytes.len() / 2]).expect("cut off");
        }
    }
}
