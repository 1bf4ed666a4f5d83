//! The sample libraries: what the demonstration stands on.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_cli::sample;
use kechuang_domain::{
    Fact, Library, MatchRequest, MatchSource, RecordId, Status, TextField, Viewer, Watch,
};
use kechuang_ingest::work_one;
use kechuang_matching::clock;
use kechuang_store::StoredRecord;
use kechuang_tests::{TestEngine, block_on};

const ANSWERS: &str = include_str!("../../data/sample/answers.tsv");

/// An engine over the sample libraries.
pub(crate) async fn sample_engine() -> TestEngine {
    let mut test = TestEngine::new().await;
    let nobody = Watch::nobody();
    let rules = kechuang_cli::assets::ingest_rules(kechuang_domain::FreshnessRules::default())
        .expect("rules that are fine");
    sample::enqueue_missing(&test.engine, &rules, &nobody).await.expect("enqueued");
    while let Some(worked) =
        work_one(test.engine.store(), &rules, clock::now(), &nobody).await.expect("a job")
    {
        assert_eq!(worked.ingested.rejected, []);
        // What stands around a form in a Word document.
        let is_told = |header: &String| header == "未归入字段的文字";
        assert!(worked.ingested.ignored_columns.iter().all(is_told), "{worked:?}");
    }
    test.upkeep.catch_up().await.expect("an index");
    test
}

/// The sample demands by key.
pub(crate) async fn sample_demands(test: &TestEngine) -> Vec<(String, RecordId)> {
    let store = test.engine.store();
    store.records_of_source(Library::Demand, sample::SOURCE).await.expect("demands")
}

/// The sample records of a library by key.
async fn sample_records(test: &TestEngine, library: Library) -> BTreeMap<String, StoredRecord> {
    let store = test.engine.store();
    let keys = store.records_of_source(library, sample::SOURCE).await.expect("records");
    let ids: Vec<RecordId> = keys.iter().map(|(_, id)| *id).collect();
    let mut records: BTreeMap<RecordId, StoredRecord> = store
        .records(&ids)
        .await
        .expect("records")
        .into_iter()
        .map(|stored| (stored.record.id, stored))
        .collect();
    keys.into_iter().map(|(key, id)| (key, records.remove(&id).expect("a record"))).collect()
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
    block_on(async {
        let test = sample_engine().await;
        let mut counts = Vec::new();
        for library in Library::ALL {
            counts.push(sample_records(&test, library).await.len());
        }
        assert_eq!(counts, [161, 64, 76, 50]);
        let answered = answers();
        assert_eq!(64 - answered.len(), 11, "demands without a good answer");
        let used: BTreeSet<_> =
            answered.values().flatten().map(|(achievement, _)| achievement).collect();
        let idle = 161 - used.len();
        assert!(idle * 2 >= 161, "{idle} achievements answer nothing");
        let offered = test.engine.store().open_duplicates(100).await.expect("pairs");
        assert_eq!(offered, [], "samples that look alike");
    });
}

#[test]
fn every_sample_is_marked_and_of_the_right_size() {
    block_on(async {
        let test = sample_engine().await;
        for library in Library::ALL {
            for (key, stored) in sample_records(&test, library).await {
                let is_document = is_document(&stored);
                let record = stored.record;
                assert!(stored.owner_name.contains("示例"), "{key}: {}", stored.owner_name);
                assert!(record.content.sample, "{key}");
                assert_ne!(record.status, Status::Suspect, "{key}");
                assert!(!record.provenance.is_unknown(), "{key}");
                let body = record.content.text_for(Viewer::Public, TextField::Body);
                let chars = body.unwrap_or_default().chars().count();
                let least = if library == Library::Equipment { 80 } else { 150 };
                assert!(is_document || (least..=400).contains(&chars), "{key}: {chars} characters");
            }
        }
    });
}

/// Whether a record is a policy as it was published, whole.
fn is_document(stored: &StoredRecord) -> bool {
    stored.record.provenance.file.as_deref().is_some_and(|file| file.contains("policies/"))
}

#[test]
fn published_policies_are_read_clause_by_clause() {
    block_on(async {
        let test = sample_engine().await;
        let policies = sample_records(&test, Library::Policy).await;
        let documents: Vec<_> = policies.values().filter(|stored| is_document(stored)).collect();
        assert_eq!(documents.len(), 14);
        for stored in documents {
            let content = &stored.record.content;
            let body = content.text_for(Viewer::Public, TextField::Body).expect("a body");
            let details = content.details();
            assert!(details.text(Fact::DocumentNumber).is_some(), "{}", stored.owner_name);
            for clause in details.clauses() {
                assert!(clause.span.of(body).is_some_and(|quote| !quote.is_empty()));
            }
        }
    });
}

#[test]
fn good_pairs_share_no_phrase_of_their_titles() {
    block_on(async {
        let test = sample_engine().await;
        let titles = async |library| -> BTreeMap<String, String> {
            let records = sample_records(&test, library).await.into_iter();
            let title =
                |stored: StoredRecord| stored.record.content.title_for(Viewer::Public).to_owned();
            records.map(|(key, stored)| (key, title(stored))).collect()
        };
        let demands = titles(Library::Demand).await;
        let achievements = titles(Library::Achievement).await;
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
    });
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
        assert_eq!(asked, 53);
        eprintln!("{first} of {asked} good answers come first");
        assert!(first >= 45, "{first} of {asked} good answers come first");
        let weak = unanswered.iter().filter(|coverage| **coverage < 0.2).count();
        assert!(weak >= 9, "a demand without an answer should look like one: {unanswered:?}");
    });
}

#[test]
fn taking_the_samples_in_again_changes_nothing() {
    block_on(async {
        let test = sample_engine().await;
        let rules = kechuang_cli::assets::ingest_rules(kechuang_domain::FreshnessRules::default())
            .expect("rules that are fine");
        let before = test.engine.store().change_head().await.expect("a head");
        let again = sample::enqueue_missing(&test.engine, &rules, &Watch::nobody())
            .await
            .expect("enqueued");
        assert_eq!(again, 0);
        assert_eq!(test.engine.store().change_head().await.expect("a head"), before);
        let record = sample_demands(&test).await.remove(0).1;
        let record = test.engine.store().record(record).await.expect("a record").record;
        assert!(record.content.sample);
        assert!(record.visible_to(Viewer::Public));
    });
}
