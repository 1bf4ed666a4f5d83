//! Profiles measured and the learned order trained on judged data, through the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kechuang_domain::EventKind;
use kechuang_store::Store;
use kechuang_tests::{block_on, kechuang, skipped};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");

/// Subjects, each with a title that answers and one that hardly does.
const SUBJECTS: [(&str, &str, &str); 6] = [
    ("镁合金焊接", "镁合金 搅拌 摩擦焊 方法", "镁合金 压铸 模具"),
    ("赤泥路基填料", "赤泥 改性 路基 材料", "赤泥 提取 氧化铝"),
    ("氢气纯化", "氢气 变压吸附 纯化 装置", "氢气 储存 容器"),
    ("钢渣胶凝材料", "钢渣 胶凝材料 制备", "钢渣 冷却 设备"),
    ("铝型材表面处理", "铝型材 阳极 氧化 工艺", "铝型材 切割 装置"),
    ("煤矸石制砖", "煤矸石 烧结砖 生产", "煤矸石 运输 系统"),
];

/// A folder of judgements: each demand with the two titles of its subject and one of the next. Levels are told in
/// libraries of fifty and more, so that titles that nobody has judged stand beside them.
fn bench(folder: &Path) -> PathBuf {
    let bench = folder.join("bench");
    fs::create_dir(&bench).expect("a folder");
    let (mut demands, mut titles, mut judged) = (String::new(), String::new(), String::new());
    for (at, (subject, good, weak)) in SUBJECTS.into_iter().enumerate() {
        let line = json!({ "id": format!("d{at}"), "title": subject, "text": "" });
        demands.push_str(&format!("{line}\n"));
        let other = SUBJECTS[(at + 1) % SUBJECTS.len()].2;
        for (kind, title, level) in [("a", good, 4), ("b", weak, 2), ("c", other, 1)] {
            titles
                .push_str(&format!("{}\n", json!({ "id": format!("{kind}{at}"), "title": title })));
            judged.push_str(&format!("d{at}\t{kind}{at}\t{level}\n"));
        }
    }
    for at in 0..40 {
        let line = json!({ "id": format!("x{at}"), "title": format!("第{at}号果树 嫁接 栽培") });
        titles.push_str(&format!("{line}\n"));
    }
    for (name, text) in
        [("demands.jsonl", demands), ("achievements.jsonl", titles), ("qrels.tsv", judged)]
    {
        fs::write(bench.join(name), text).expect("a file");
    }
    bench
}

fn real_demands() -> Option<&'static str> {
    let bench = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/bench/ccf-bdci-2019/dev");
    let there = Path::new(bench).exists();
    if !there {
        skipped(&format!("no judged demands at {bench}"));
    }
    there.then_some(bench)
}

fn figure(measured: &Value, profile: &str, name: &str) -> f64 {
    measured["profiles"][profile][name].as_f64().expect("a figure")
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

#[test]
fn a_report_shows_parts_pairs_and_demands_as_a_page_and_as_markdown() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = bench(folder.path());
    let bench = bench.to_str().expect("a path");
    let files = ["out.html", "out.md"].map(|name| folder.path().join(name));
    let named = files.each_ref().map(|file| file.to_str().expect("a path"));
    let asked = ["eval", bench, "--report", named[0], "--report", named[1]];
    let measured = kechuang(PROGRAM, folder.path(), &asked);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    let read = |file: &PathBuf| fs::read_to_string(file).expect("a report");
    let (page, markdown) = (read(&files[0]), read(&files[1]));
    for part in
        ["两两比较", "default 比 lexical", "特征组：逐词语义", "需求覆盖", "方案所定", "得益最多"]
    {
        assert!(page.contains(part) && markdown.contains(part), "{part} is missing");
    }
    assert_eq!(page.matches("<svg").count(), 6, "four intervals, one reliability, the gains");
    assert!(page.starts_with("<!doctype html>") && !page.contains("http"), "it needs nothing else");

    let refused = kechuang(PROGRAM, folder.path(), &["eval", bench, "--report", "out.pdf"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains(".html 或 .md"), "{refused:?}");
    let refused = kechuang(PROGRAM, folder.path(), &["eval", bench, "--report", "none/out.md"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[test]
fn weights_are_fitted_told_and_put_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = bench(folder.path());
    let bench = bench.to_str().expect("a path");
    let train = |more: &[&str]| {
        let asked: Vec<&str> =
            ["train", bench, "--folds", "3"].iter().chain(more).copied().collect();
        kechuang(PROGRAM, folder.path(), &asked)
    };
    let weights = folder.path().join("fitted.toml");
    let told = train(&["--dry-run", "--json"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let told = told.json();
    assert_eq!(told["profiles"]["default"]["n"], 6, "{told}");
    assert_eq!(told["learned"]["fitted_on"]["pairs"], 18, "{told}");
    assert!(told["groups"]["share"]["auc"]["p_value"].is_number(), "{told}");
    assert!(!weights.exists(), "a dry run writes nothing");

    let saved = train(&["--replace"]);
    assert_eq!(saved.code, Some(0), "{saved:?}");
    let text = fs::read_to_string(&weights).expect("weights");
    assert!(text.contains("[learned.order]") && text.contains("[level.titles.weak]"), "{text}");
    assert!(text.contains("/bench"), "{text}");
    let measured = kechuang(PROGRAM, folder.path(), &["eval", bench]);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    assert!(measured.err.contains("在这批数据上拟合的"), "{measured:?}");

    // What is worse is not taken: in every list, this model puts the worst first.
    let worst = "[learned]\ndepth = 100\n[learned.order]\ntitle_grams = -9.0\n";
    fs::write(&weights, worst).expect("a file");
    assert_eq!(train(&[]).code, Some(0), "better than the worst");
    let wrong = text.replace("[learned.order]", "[learned.order]\ncolour = 1.0");
    fs::write(&weights, wrong).expect("a file");
    let refused = kechuang(PROGRAM, folder.path(), &["eval", bench]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("fitted.toml") && refused.err.contains("colour"), "{refused:?}");
}

#[test]
fn training_says_what_it_cannot_be_done_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = bench(folder.path());
    let bench = bench.to_str().expect("a path");
    for (more, told) in [(["--folds", "7"], "至少需要 7 条"), (["--penalty", "0"], "须大于 0")]
    {
        let asked = ["train", bench, "--dry-run", more[0], more[1]];
        let refused = kechuang(PROGRAM, folder.path(), &asked);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.err.contains(told), "{refused:?}");
    }
}

/// What became of matches is what an installation trains on.
#[test]
fn an_installation_trains_on_what_became_of_its_matches() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |asked: &[&str]| kechuang(PROGRAM, folder.path(), asked);
    let refused = run(&["train", "--events", "--dry-run"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("还没有可用的结果"), "{refused:?}");
    assert_eq!(run(&["train"]).code, Some(2), "neither a folder nor --events");

    assert_eq!(run(&["demo", "--once"]).code, Some(0));
    block_on(async {
        let store = Store::open_embedded(folder.path()).await.expect("the store");
        for number in 1..=9 {
            let demand = format!("DEM-00{number}");
            let found = run(&["match", "--demand", &demand, "--top", "10", "--json"]).json();
            let id = found["id"].as_str().expect("a run").parse().expect("an id");
            let record = |place: usize| {
                let record = found["achievements"][place]["record"].as_str();
                record.expect("an achievement").parse().expect("an id")
            };
            for (place, kind, why) in [
                (0, EventKind::Contracted, None),
                (1, EventKind::Accepted, None),
                (5, EventKind::Declined, Some("技术路线不符")),
                (8, EventKind::Declined, Some("报价超出预算")),
            ] {
                let at = kechuang_matching::clock::now();
                let saved = store.append_event(id, record(place), kind, why, None, at).await;
                saved.expect("an event");
            }
        }
        // A match that starts from an achievement says nothing of answers to demands.
        let found = run(&["match", "--demand", "ACH-001", "--json"]).json();
        let id = found["id"].as_str().expect("a run").parse().expect("an id");
        let demand = found["demands"][0]["record"].as_str().expect("a demand");
        let (record, kind) = (demand.parse().expect("an id"), EventKind::Accepted);
        let at = kechuang_matching::clock::now();
        store.append_event(id, record, kind, None, None, at).await.expect("an event");
    });
    let told = run(&["train", "--events", "--folds", "3", "--dry-run", "--json"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let told = told.json();
    assert_eq!(told["profiles"]["default"]["n"], 9, "{told}");
    assert!(figure(&told, "default", "ndcg@10") > 0.9, "{told}");
    assert_eq!(told["level"]["texts"]["fitted_on"]["pairs"], 27, "{told}");
}

/// Records with texts have no learned order, but levels; and whoever asks for what nobody has is told so.
#[test]
fn levels_of_records_with_texts_reach_their_bars_on_demands_they_have_not_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden");
    let asked = ["train", samples, "--folds", "5", "--seed", "1", "--dry-run", "--json"];
    let measured = kechuang(PROGRAM, folder.path(), &asked);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    let measured = measured.json();
    assert!(measured["learned"].is_null(), "{measured}");
    let profiles = kechuang_tests::rules().profiles;
    let shipped = profiles.get("default").and_then(|profile| profile.level.as_ref());
    let shipped = shipped.and_then(|level| level.texts.as_ref()).expect("curves");
    let at_shipped = |one: &&Value| one["good"] == json!(shipped.good);
    let table = measured["levels"]["abstention"].as_array().expect("a table");
    let told = table.iter().find(at_shipped).expect("the shipped threshold");
    // The bar was set for six demands without a good answer: four of them, and at most one of the others.
    assert_eq!(told["without"], 11, "{told}");
    assert!(told["told"].as_f64() >= Some(11.0 * 4.0 / 6.0), "{told}");
    assert!(told["told_wrong"].as_u64() <= Some(1), "{told}");
    for (feature, weight) in &shipped.fairly_strong.weights {
        let name = json!(feature);
        let fitted = &measured["level"]["texts"]["fairly_strong"]["weights"];
        let fitted = fitted[name.as_str().expect("a name")].as_f64().expect("a weight");
        let told = format!("{feature:?} is fitted as {fitted} and shipped as {weight}");
        assert!((fitted - weight).abs() < 0.01, "{told}");
    }
}

/// The bars of the model-free profile on real judgements.
#[test]
fn the_lexical_profile_reaches_its_bars_on_real_demands() {
    let Some(bench) = real_demands() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let measured =
        kechuang(PROGRAM, folder.path(), &["eval", bench, "--profile", "lexical", "--json"]);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    let measured = measured.json();
    assert_eq!(measured["profiles"]["lexical"]["n"], 113);
    assert!(figure(&measured, "lexical", "ndcg@10") >= 0.655, "{measured}");
    assert!(figure(&measured, "lexical", "recall@100") >= 0.51, "{measured}");
}

/// The bar of the learned order on demands that its weights have not seen, and that the shipped weights are what is
/// fitted today.
#[test]
fn the_learned_order_reaches_its_bar_on_demands_it_has_not_seen() {
    let Some(bench) = real_demands() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let asked = ["train", bench, "--folds", "5", "--seed", "1", "--dry-run", "--json"];
    let measured = kechuang(PROGRAM, folder.path(), &asked);
    assert_eq!(measured.code, Some(0), "{measured:?}");
    let measured = measured.json();
    assert!(figure(&measured, "default", "ndcg@10") >= 0.70, "{measured}");
    assert!(figure(&measured, "default", "auc") >= 0.795, "{measured}");
    let levels = measured["levels"]["accuracy"]["score"].as_f64().expect("a figure");
    assert!(levels >= 0.68, "{measured}");
    let p_value = &measured["gains"]["default"]["ndcg@10"]["p_value"];
    assert!(p_value.as_f64().expect("a chance") < 0.05, "{measured}");
    let profiles = kechuang_tests::rules().profiles;
    let shipped = &profiles.get("default").expect("a profile").learned;
    for (feature, weight) in &shipped.order {
        let name = json!(feature);
        let fitted = &measured["learned"]["order"][name.as_str().expect("a name")];
        let away = fitted.as_f64().expect("a weight") - weight;
        assert!(away.abs() < 0.001, "{feature:?} is fitted as {fitted} and shipped as {weight}");
    }
}
