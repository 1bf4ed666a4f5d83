//! The sample libraries: what the demonstration stands on.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_cli::{assets::SAMPLES, sample};
use kechuang_domain::{Library, MatchRequest, MatchSource, RecordId, Viewer, Watch};
use kechuang_ingest::{Row, rows, work_one};
use kechuang_matching::clock;
use kechuang_tests::{TestEngine, block_on};
use serde_json::{Map, Value};

const ANSWERS: &str = include_str!("../../data/sample/answers.tsv");

/// An engine over the sample libraries.
pub(crate) async fn sample_engine() -> TestEngine {
    let mut test = TestEngine::new().await;
    let nobody = Watch::nobody();
    sample::enqueue_missing(&test.engine, &nobody).await.expect("enqueued");
    let rules = kechuang_cli::assets::ingest_rules().expect("rules that are fine");
    while let Some(worked) =
        work_one(test.engine.store(), &rules, clock::now(), &nobody).await.expect("a job")
    {
        let ingested = worked.ingested;
        assert_eq!(ingested.rejected, []);
        assert_eq!(ingested.ignored_columns, Vec::<String>::new());
    }
    test.upkeep.catch_up().await.expect("an index");
    test
}

/// The sample demands by key.
pub(crate) async fn sample_demands(test: &TestEngine) -> Vec<(String, RecordId)> {
    let store = test.engine.store();
    store.records_of_source(Library::Demand, sample::SOURCE).await.expect("demands")
}

fn sample_rows(library: Library) -> Vec<Map<String, Value>> {
    let file = SAMPLES.into_iter().find(|file| file.library == library).expect("a file");
    let rows = rows::read(file.format, file.text.as_bytes()).expect("rows");
    rows.into_iter()
        .map(|row| match row {
            Row::Fields { fields, .. } => fields,
            Row::Broken { place, reason, .. } => panic!("{}: {reason}", place.label()),
        })
        .collect()
}

fn answers() -> BTreeMap<&'static str, Vec<(&'static str, u8)>> {
    let mut answers: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in ANSWERS.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [demand, achievement, grade] = cells[..] else { panic!("{line}") };
        answers.entry(demand).or_default().push((achievement, grade.parse().expect("a grade")));
    }
    answers
}

#[test]
fn the_libraries_are_as_large_as_they_should_be() {
    let counts = Library::ALL.map(|library| sample_rows(library).len());
    let [achievements, demands, equipment, policies] = counts;
    assert!((75..=90).contains(&achievements), "{achievements} achievements");
    assert_eq!((demands, equipment, policies), (30, 36, 15));
    let answered = answers();
    assert_eq!(demands - answered.len(), 6, "demands without a good answer");
    let used: BTreeSet<_> =
        answered.values().flatten().map(|(achievement, _)| achievement).collect();
    let idle = achievements - used.len();
    assert!(idle * 2 >= achievements, "{idle} of {achievements} achievements answer nothing");
}

#[test]
fn every_sample_is_marked_and_of_the_right_size() {
    for library in Library::ALL {
        for row in sample_rows(library) {
            let text = |names: &[&str]| {
                let value = names.iter().find_map(|name| row.get(*name)).and_then(Value::as_str);
                value.unwrap_or_else(|| panic!("{names:?} of {row:?}")).to_owned()
            };
            let owner = text(&["owner", "issuer", "所属单位"]);
            assert!(owner.contains("示例"), "{owner}");
            let body = text(&["body", "内容简介"]).chars().count();
            let least = if library == Library::Equipment { 80 } else { 150 };
            assert!((least..=400).contains(&body), "{body} characters: {row:?}");
        }
    }
}

#[test]
fn good_pairs_share_no_phrase_of_their_titles() {
    let titles = |library| -> BTreeMap<String, String> {
        let cell = |row: &Map<String, Value>, name: &str| {
            row.get(name).and_then(Value::as_str).expect("a text").to_owned()
        };
        sample_rows(library).iter().map(|row| (cell(row, "id"), cell(row, "title"))).collect()
    };
    let (demands, achievements) = (titles(Library::Demand), titles(Library::Achievement));
    let pairs = |title: &str| -> BTreeSet<(char, char)> {
        let chars: Vec<char> = title.chars().collect();
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        chars
            .windows(2)
            .filter(|pair| is_han(pair[0]) && is_han(pair[1]))
            .map(|pair| (pair[0], pair[1]))
            .collect()
    };
    for (demand, answers) in answers() {
        for (achievement, _) in answers {
            let (asked, answer) = (&demands[demand], &achievements[achievement]);
            let shared: Vec<_> = pairs(asked).intersection(&pairs(answer)).copied().collect();
            assert_eq!(shared, [], "{asked} / {answer}");
        }
    }
}

#[test]
fn the_good_answer_comes_first_for_most_demands() {
    block_on(async {
        let test = sample_engine().await;
        let keys: BTreeMap<RecordId, String> = test
            .engine
            .store()
            .records_of_source(Library::Achievement, sample::SOURCE)
            .await
            .expect("achievements")
            .into_iter()
            .map(|(key, id)| (id, key))
            .collect();
        let answers = answers();
        let (mut first, mut asked, mut unanswered) = (0, 0, Vec::new());
        for (key, id) in sample_demands(&test).await {
            let request = MatchRequest::new(MatchSource::Record(id));
            let outcome = test.engine.find(&request, clock::now()).await.expect("found").outcome;
            let best = outcome.achievements.first().expect("at least one");
            let Some(good) = answers.get(key.as_str()) else {
                unanswered.push(best.explanation.coverage);
                continue;
            };
            asked += 1;
            first += usize::from(good.iter().any(|(good, grade)| {
                *grade == 2 && keys.get(&best.record).is_some_and(|key| key == good)
            }));
        }
        assert_eq!(asked, 24);
        assert!(first >= 20, "{first} of {asked} good answers come first");
        let weak = unanswered.iter().filter(|coverage| **coverage < 0.2).count();
        assert!(weak >= 5, "a demand without an answer should look like one: {unanswered:?}");
    });
}

#[test]
fn taking_the_samples_in_again_changes_nothing() {
    block_on(async {
        let test = sample_engine().await;
        let before = test.engine.store().change_head().await.expect("a head");
        let again =
            sample::enqueue_missing(&test.engine, &Watch::nobody()).await.expect("enqueued");
        assert_eq!(again, 0);
        assert_eq!(test.engine.store().change_head().await.expect("a head"), before);
        let record = sample_demands(&test).await.remove(0).1;
        let record = test.engine.store().record(record).await.expect("a record").record;
        assert!(record.content.sample);
        assert!(record.visible_to(Viewer::Public));
    });
}
