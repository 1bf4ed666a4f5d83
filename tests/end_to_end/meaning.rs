//! Meaning beside words: what it adds, and what is said where it is missing.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use kechuang_domain::{DegradedReason, MatchRequest, MatchSource, RecordId, Stage, Status};
use kechuang_inference::{CrossEncoder, ModelFolder};
use kechuang_matching::{Encoders, Found, MeaningState, Reranker, RerankerState, clock};
use kechuang_ranking::learned::Feature;
use kechuang_store::RecordDraft;
use kechuang_tests::{
    Program, TestEngine, achievement, block_on, demand, encoders, kechuang, program::command,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kechuang-crash");
const TEXT: &str = "镁合金薄板焊接";

fn request(id: RecordId) -> MatchRequest {
    MatchRequest::new(MatchSource::Record(id))
}

#[test]
fn a_record_without_a_common_word_is_found_by_its_meaning() {
    block_on(async {
        let mut test = TestEngine::new().await.with_meaning().await;
        let saved = test
            .save(&[
                demand("d", "煤矸石综合利用", ""),
                achievement("1", "固体废弃物资源化", ""),
                achievement("2", "钢琴演奏教学", ""),
            ])
            .await;
        let found = test.engine.find(&request(saved[0].id), clock::now()).await.expect("an answer");
        let outcome = &found.outcome;
        assert_eq!(outcome.achievements[0].record, saved[1].id);
        assert!(outcome.degraded.is_empty(), "{:?}", outcome.degraded);
        let stages = &outcome.achievements[0].explanation.stages;
        let score = |wanted| stages.iter().find(|one| one.stage == wanted).map(|one| one.score);
        assert_eq!(score(Stage::Lexical), Some(0.0));
        assert!(score(Stage::Vector).expect("a cosine") > 0.0, "{stages:?}");
        assert!(found.scores.encoder.is_some());
        // A saved run has all it needs: the encoder is not asked again.
        let (run, _) =
            test.engine.save(&request(saved[0].id), &found, clock::now()).await.expect("saved");
        let (then, now) =
            test.engine.replay(run, clock::now()).await.expect("a store").expect("a run");
        assert_eq!(then, now);
    });
}

#[test]
fn titles_are_read_again_by_the_order_encoder_or_it_is_said_that_they_were_not() {
    block_on(async {
        let drafts = [
            demand("d", TEXT, ""),
            achievement("1", "镁合金薄板搅拌摩擦焊工艺", ""),
            achievement("2", "镁合金压铸模具", ""),
        ];
        let column = Feature::ALL.iter().position(|one| *one == Feature::Contextual).expect("it");
        let look = async |encoders: Encoders| {
            let mut test = TestEngine::new().await.with_encoders(encoders).await;
            let saved = test.save(&drafts).await;
            let asked = request(saved[0].id);
            let found = test.engine.find(&asked, clock::now()).await.expect("an answer");
            let candidates = &found.scores.sections[0].input.candidates;
            let cosines: Vec<_> = candidates.iter().map(|one| one.features[column]).collect();
            (cosines, found.outcome.degraded)
        };
        let (cosines, degraded) = look(encoders()).await;
        assert!(cosines.len() == 2 && cosines.iter().all(|cosine| *cosine > 0.0), "{cosines:?}");
        assert!(degraded.is_empty(), "{degraded:?}");
        let (cosines, degraded) = look(Encoders { order: None, ..encoders() }).await;
        assert_eq!(cosines, [0.0, 0.0]);
        assert_eq!((degraded[0].stage, degraded.len()), (Stage::Learned, 1));
        assert!(degraded[0].message.contains("没有排序编码模型"), "{degraded:?}");
    });
}

#[test]
fn what_is_withdrawn_or_rewritten_has_no_old_vector() {
    block_on(async {
        let mut test = TestEngine::new().await.with_meaning().await;
        let saved =
            test.save(&[demand("d", TEXT, ""), achievement("1", "轻合金连接工艺", "")]).await;
        let find = async |test: &TestEngine| {
            let found = test.engine.find(&request(saved[0].id), clock::now()).await;
            found.expect("an answer").outcome.achievements
        };
        assert_eq!(find(&test).await.len(), 1);
        let withdrawn = achievement("1", "轻合金连接工艺", "");
        test.save(&[RecordDraft { status: Status::Withdrawn, ..withdrawn }]).await;
        assert!(find(&test).await.is_empty());
        let report = kechuang_matching::check(&test.engine).await.expect("a report");
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.vectors.expect("vectors").encoded, 1);
    });
}

#[test]
fn without_an_encoder_or_behind_it_the_answer_says_so() {
    block_on(async {
        let mut test = TestEngine::new().await;
        let saved = test.save(&[demand("d", TEXT, ""), achievement("1", TEXT, "")]).await;
        let outcome =
            test.engine.find(&request(saved[0].id), clock::now()).await.expect("an answer").outcome;
        assert_eq!(outcome.achievements.len(), 1);
        assert_eq!(outcome.degraded[0].stage, Stage::Vector);
        assert_eq!(outcome.degraded[0].reason, DegradedReason::NotInstalled);

        let mut test = test.with_meaning().await;
        let encoding = test.encoding.as_mut().expect("an encoding");
        encoding.catch_up().await.expect("vectors");
        let other = "另一家示例单位".to_owned();
        let more = [RecordDraft { owner: other, ..achievement("2", TEXT, "再来一条") }];
        test.engine.store().save_records(&more, clock::now()).await.expect("saved");
        test.upkeep.catch_up().await.expect("an index");
        let outcome =
            test.engine.find(&request(saved[0].id), clock::now()).await.expect("an answer").outcome;
        assert_eq!(outcome.achievements.len(), 2);
        assert_eq!(outcome.degraded[0].reason, DegradedReason::Behind);
        assert!(outcome.degraded[0].message.contains("1 项"), "{:?}", outcome.degraded);
    });
}

/// A data folder with two records.
fn library(data: &Path) {
    let file = data.with_extension("jsonl");
    fs::write(&file, "{\"id\": \"1\", \"title\": \"镁合金搅拌摩擦焊\"}\n").expect("a file");
    let file = file.to_str().expect("a plain path");
    let done = kechuang(PROGRAM, data, &["ingest", file, "--library", "achievement"]);
    assert_eq!(done.code, Some(0), "{done:?}");
}

fn matched(data: &Path, config: &str) -> Program {
    let file = data.with_extension("toml");
    fs::write(&file, config).expect("a configuration");
    let file = file.to_str().expect("a plain path");
    kechuang(PROGRAM, data, &["match", "--text", TEXT, "--config", file, "--json"])
}

/// A tiny checkpoint, as another model of the installation.
fn tiny(data: &Path, name: &str, to: &str) {
    let folder = data.join("models").join(to);
    fs::create_dir_all(&folder).expect("a folder");
    for entry in fs::read_dir(reference(name)).expect("a checkpoint") {
        let entry = entry.expect("a file");
        fs::copy(entry.path(), folder.join(entry.file_name())).expect("a copy");
    }
}

#[test]
fn a_model_that_cannot_be_used_leaves_lexical_answers_flagged() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    library(&data);
    tiny(&data, "bert-cls", "broken");
    fs::write(data.join("models/broken/config.json"), "{").expect("a broken file");
    tiny(&data, "bert-cls", "cut");
    fs::remove_file(data.join("models/cut/model.safetensors")).expect("a file gone");
    tiny(&data, "bert-pairs", "reranker");
    fs::create_dir_all(data.join("models/empty")).expect("a folder");
    for name in ["missing", "broken", "cut", "reranker", "empty"] {
        let run = matched(&data, &format!("[models]\nencoder = \"{name}\"\n"));
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        let outcome = run.json();
        assert_eq!(outcome["degraded"][0]["stage"], "vector", "{name}: {outcome}");
        assert_eq!(outcome["degraded"][0]["reason"], "not_installed", "{name}");
        let message = outcome["degraded"][0]["message"].as_str().expect("a message");
        assert!(message.contains(name), "{message}");
        assert_eq!(outcome["achievements"].as_array().expect("answers").len(), 1, "{name}");
    }
    let off = matched(&data, "[models]\nencoder = \"off\"\n").json();
    assert!(off["degraded"][0]["message"].as_str().expect("words").contains("off"), "{off}");
    let checked = kechuang(PROGRAM, &data, &["models", "verify"]);
    assert_eq!(checked.code, Some(1), "{checked:?}");
    for words in ["✓ compact", "✗ broken", "✗ cut", "model.safetensors", "✗ empty", "✓ reranker"]
    {
        assert!(checked.out.contains(words), "{words}: {}", checked.out);
    }
    let refused = kechuang(PROGRAM, &data, &["models", "use", "broken"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
}

#[test]
fn by_meaning_alone_words_are_not_spoken_of_and_resources_are_still_found() {
    block_on(async {
        let mut test = TestEngine::new().await.with_meaning().await;
        let saved = test
            .save(&[
                demand("d", TEXT, "小试已完成，急需微弧氧化中试条件。"),
                achievement("1", TEXT, ""),
                crate::beside::equipment("微弧氧化中试线", "中试线", "镁合金微弧氧化中试", &[]),
            ])
            .await;
        let asked = MatchRequest { profile: Some("semantic".to_owned()), ..request(saved[0].id) };
        let outcome = test.engine.find(&asked, clock::now()).await.expect("an answer").outcome;
        let explanation = &outcome.achievements[0].explanation;
        assert_eq!(explanation.score(Stage::Lexical), None);
        let nearness = explanation.nearness().expect("a cosine");
        assert!(!nearness.contains("共同"), "{nearness}");
        assert_eq!(outcome.equipment.len(), 1);
        // The vectors are away: nothing is left of such an answer, and it says so.
        test.engine.set_meaning(MeaningState::Absent("编码模型不在".into()));
        let outcome = test.engine.find(&asked, clock::now()).await.expect("an answer").outcome;
        assert!(outcome.achievements.is_empty());
        assert!(outcome.degraded[0].message.contains("没有可靠的结果"), "{:?}", outcome.degraded);
    });
}

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/inference/tests/reference").join(name)
}

#[test]
fn a_cross_encoder_reads_the_head_within_its_time_and_its_scores_are_saved() {
    block_on(async {
        let mut test = TestEngine::new().await.with_meaning().await;
        let mut drafts = vec![demand("d", TEXT, "")];
        let titles = [TEXT, "镁合金铸造", "薄板焊接变形控制"];
        // Of different owners, or they would share a place.
        let draft = |n: usize| RecordDraft {
            owner: format!("示例单位{n}"),
            ..achievement(&n.to_string(), titles[n % 3], &format!("第{n}种工艺，用于镁合金薄板"))
        };
        drafts.extend((0..30).map(draft));
        let saved = test.save(&drafts).await;
        let asked = MatchRequest { top: 30, ..request(saved[0].id) };
        let find = async || test.engine.find(&asked, clock::now()).await.expect("an answer");
        let without = find().await;
        assert!(without.outcome.degraded.is_empty(), "{:?}", without.outcome.degraded);

        let folder = ModelFolder::open(&reference("bert-pairs")).expect("a checkpoint");
        let load = || CrossEncoder::load(&folder).expect("a cross-encoder");
        let with = |model, seconds| {
            let patience = Duration::from_secs(seconds);
            RerankerState::Present(Arc::new(Reranker { model, patience }))
        };
        test.engine.set_reranker(with(load(), 60));
        let found = find().await;
        let read: Vec<f64> = found
            .outcome
            .achievements
            .iter()
            .map_while(|found| found.explanation.score(Stage::CrossEncoder))
            .collect();
        // The profile's depth of 20: the first of the answer without it were read, and stand first.
        assert_eq!(read.len(), 20);
        let first = |found: &Found| -> BTreeSet<RecordId> {
            found.outcome.achievements[..20].iter().map(|one| one.record).collect()
        };
        assert_eq!(first(&found), first(&without));
        let later = &found.outcome.achievements[20..];
        assert!(later.iter().all(|one| one.explanation.score(Stage::CrossEncoder).is_none()));
        assert!(found.outcome.degraded.is_empty() && found.scores.cross_encoder.is_some());
        let (run, _) = test.engine.save(&asked, &found, clock::now()).await.expect("saved");
        let (then, now) =
            test.engine.replay(run, clock::now()).await.expect("a store").expect("a run");
        assert_eq!(then, now);

        test.engine.set_reranker(with(load(), 0));
        let late = find().await;
        let told = &late.outcome.degraded[0];
        assert_eq!((told.stage, told.reason), (Stage::CrossEncoder, DegradedReason::Unavailable));
        assert_eq!(late.outcome.achievements, without.outcome.achievements);
        test.engine.set_reranker(RerankerState::Absent("精排模型「没有」不可用".into()));
        let told = &find().await.outcome.degraded[0];
        assert_eq!((told.stage, told.reason), (Stage::CrossEncoder, DegradedReason::NotInstalled));
    });
}

#[test]
fn a_cross_encoder_is_put_in_use_and_retired() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    library(&data);
    tiny(&data, "bert-pairs", "reader");
    let run = |arguments: &[&str]| kechuang(PROGRAM, &data, arguments);
    let stages = || {
        let outcome = matched(&data, "").json();
        assert!(outcome["degraded"].as_array().expect("a list").is_empty(), "{outcome}");
        outcome["achievements"][0]["explanation"]["stages"].to_string()
    };
    assert!(!stages().contains("cross_encoder"));
    assert_eq!(run(&["models", "use", "reader"]).code, Some(0));
    assert!(stages().contains("cross_encoder"), "{}", stages());
    let listed = run(&["models", "list", "--json"]).json();
    assert_eq!(
        (&listed["in_use"], &listed["cross_encoder_in_use"]),
        (&"compact".into(), &"reader".into())
    );
    assert_eq!(run(&["models", "retire", "reader"]).code, Some(0));
    assert!(!stages().contains("cross_encoder"));
    assert_eq!(run(&["models", "retire", "reader"]).code, Some(1));
    assert_eq!(run(&["models", "retire", "compact"]).code, Some(2));
    let named = matched(&data, "[models]\ncross_encoder = \"none\"\n").json();
    assert_eq!(named["degraded"][0]["stage"], "cross_encoder", "{named}");
}

#[test]
fn a_vector_server_that_is_away_leaves_lexical_answers_flagged() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    library(&data);
    // Nobody listens at port 9 of this machine.
    let run = matched(&data, "[vectors]\nserver = \"http://127.0.0.1:9\"\ntimeout_ms = 500\n");
    assert_eq!(run.code, Some(0), "{run:?}");
    let outcome = run.json();
    assert_eq!(outcome["degraded"][0]["stage"], "vector", "{outcome}");
    assert_eq!(outcome["achievements"].as_array().expect("answers").len(), 1);
}

#[test]
fn another_encoder_takes_over_when_its_vectors_are_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    library(&data);
    let current = || fs::read_to_string(data.join("vectors/current")).expect("a key");
    assert!(matched(&data, "").json()["degraded"].as_array().expect("a list").is_empty());
    let bundled = current();
    tiny(&data, "static-mean", "tiny");
    let used = kechuang(PROGRAM, &data, &["models", "use", "tiny", "--json"]);
    assert_eq!(used.code, Some(0), "{used:?}");
    let run = matched(&data, "").json();
    assert!(run["degraded"].as_array().expect("a list").is_empty(), "{run}");
    assert_eq!(current(), used.json()["key"].as_str().expect("a key"));
    // The way back costs no encoding: both generations are kept.
    let cache = data.join("vectors").join(&bundled).with_extension("cache");
    let size = fs::metadata(&cache).expect("the cache").len();
    assert_eq!(kechuang(PROGRAM, &data, &["models", "use", "compact"]).code, Some(0));
    assert!(matched(&data, "").json()["degraded"].as_array().expect("a list").is_empty());
    assert_eq!(current(), bundled);
    let reindexed = kechuang(PROGRAM, &data, &["reindex"]);
    assert_eq!(reindexed.code, Some(0), "{reindexed:?}");
    assert_eq!(fs::metadata(&cache).expect("the cache").len(), size, "encoded again");
    let listed = command(Path::new(PROGRAM), &data, &["models", "list"]).output().expect("a list");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    assert!(listed.contains("* compact") && listed.contains("  tiny"), "{listed}");
    assert_eq!(kechuang(PROGRAM, &data, &["fsck"]).code, Some(0));
}
