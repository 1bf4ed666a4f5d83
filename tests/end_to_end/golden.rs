//! The judged samples, through the engine that users have.

use std::path::Path;

use kechuang_lab::{Bench, Models, Readings, Tally, evaluate, readings::tally};
use kechuang_reading::record::read_record;
use kechuang_tests::{block_on, encoders, rules};

/// A little below what is measured (`kechuang eval data/golden`: 0.9662), so that a change that costs
/// something is seen.
const FLOOR: f64 = 0.96;

#[test]
fn the_judged_samples_are_answered_as_well_as_before() {
    block_on(async {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden");
        let bench = Bench::open(&folder).expect("judgements");
        let pairs: usize = bench.judgements.queries.values().map(|judged| judged.len()).sum();
        assert_eq!((bench.judgements.queries.len(), pairs), (64, 795));
        let tables = kechuang_cli::assets::tables().expect("tables");
        let profiles = ["default".to_owned()];
        let models = Models {
            encoders: Some(encoders()),
            reranker: kechuang_matching::RerankerState::NotWanted,
        };
        let figures =
            evaluate(&bench, &rules(), tables, models, &profiles, |_| {}).await.expect("figures");
        let figures = figures.by_profile;
        let levels = figures["default"].levels.clone().expect("levels");
        let told = levels.abstention[0];
        assert!((told.without, told.with) == (11, 53) && told.told >= 8 && told.told_wrong <= 1);
        let figures = figures["default"].figures.summary().expect("means");
        assert!(figures.ndcg_at_10 > FLOOR, "{figures:?}");
    });
}

/// A little below what is measured (`kechuang eval data/golden/reading` and `… data/golden/reading/unseen`): 0.988 and 0.855.
const READING_FLOORS: [(&str, f64); 2] = [("reading", 0.98), ("reading/unseen", 0.84)];

#[test]
fn free_texts_are_read_as_well_as_before() {
    let lexicon = rules().lexicon;
    for (folder, floor) in READING_FLOORS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden").join(folder);
        let readings = Readings::open(&folder).expect("labelled texts");
        let mut all = Tally::default();
        for text in &readings.texts {
            let read = read_record(&lexicon, text.library, &text.text);
            assert!(read.iter().all(|one| one.quote.of(&text.text).is_some()), "{}", text.id);
            let given = read.iter().map(|one| (one.field, one.value.as_str()));
            tally(&lexicon, text, given).into_values().for_each(|found| all.add(found));
        }
        assert!(all.f1() > floor, "{}: {all:?}", readings.name);
    }
}

#[test]
fn a_dataset_that_is_wrong_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |what: &str| {
        std::fs::write(folder.path().join("dataset.toml"), what).expect("a file");
        Bench::open(folder.path()).expect_err("a mistake").to_string()
    };
    assert!(told("demands = 1").contains("dataset.toml"), "{}", told("demands = 1"));
    let missing = told("demands = []\nachievements = []\nqrels = \"none.tsv\"");
    assert!(missing.contains("none.tsv"), "{missing}");
}
