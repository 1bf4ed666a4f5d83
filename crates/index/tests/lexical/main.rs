//! The lexical index through its public door: documents in, scored hits and lists out.

mod listing;
mod support;

use std::{collections::HashSet, sync::Arc};

use kechuang_domain::{Facet, Library, RecordId, Selection, Status};
use kechuang_index::{
    Analyser, Depth, Document, Filter, Hit, IndexError, LexicalIndex, LexicalQuery, Snapshot,
    highlight,
};
use kechuang_text::{Lexicon, LexiconSources};
use proptest::prelude::*;
use support::{EVEN, TestIndex, document, lexicon, record, terms};
use uuid::Uuid;

fn search(snapshot: &Snapshot, text: &str, depth: Depth<'_>) -> Vec<Hit> {
    let words = terms(text);
    let query = LexicalQuery {
        library: Library::Achievement,
        words: &words,
        grams: &[],
        weights: &EVEN,
        filter: &Filter::default(),
        depth,
        also: None,
    };
    snapshot.search(&query).expect("hits")
}

fn numbers(hits: &[Hit]) -> Vec<u128> {
    hits.iter().map(|hit| hit.id.uuid().as_u128()).collect()
}

#[test]
fn scores_are_bm25_with_exact_lengths() {
    let mut test = TestIndex::new();
    let snapshot = test.commit(vec![
        document(1, "赤泥脱碱", ""),
        document(2, "赤泥的路基", ""),
        document(3, "路基", ""),
        document(4, "脱碱脱碱", ""),
    ]);
    let hits = search(&snapshot, "脱碱", Depth::Best(10));
    assert_eq!(numbers(&hits), [4, 1]);
    // Four documents of 2, 2, 1 and 2 words; two of them have the word.
    let idf = (1.0_f64 + (4.0 - 2.0 + 0.5) / (2.0 + 0.5)).ln();
    let (k1, b, mean) = (0.9, 0.4, 7.0 / 4.0);
    let expected = |frequency: f64, length: f64| {
        let norm = k1 * (1.0 - b + b * length / mean);
        idf * frequency * (k1 + 1.0) / (frequency + norm)
    };
    for (hit, expected) in hits.iter().zip([expected(2.0, 2.0), expected(1.0, 2.0)]) {
        assert!((f64::from(hit.score) - expected).abs() < 1e-6, "{} {expected}", hit.score);
    }
}

#[test]
fn a_new_revision_takes_the_place_of_the_old() {
    let mut test = TestIndex::new();
    test.commit(vec![document(1, "赤泥", ""), document(2, "路基", "")]);
    let snapshot = test.commit(vec![document(1, "脱碱", "")]);
    assert!(search(&snapshot, "赤泥", Depth::Best(10)).is_empty());
    assert_eq!(numbers(&search(&snapshot, "脱碱", Depth::Best(10))), [1]);
    assert_eq!(snapshot.record_count(Library::Achievement), 2);
    // The old revision's word is gone from the statistics too.
    let gone = snapshot.idf_of_known(Library::Achievement, Analyser::Words, "赤泥");
    assert_eq!(gone.expect("an index"), None);
}

#[test]
fn equal_scores_are_ordered_by_id_and_cut_there() {
    let mut test = TestIndex::new();
    let documents = [5, 3, 9, 1].map(|number| document(number, "赤泥", ""));
    let snapshot = test.commit(documents.to_vec());
    assert_eq!(numbers(&search(&snapshot, "赤泥", Depth::Best(3))), [1, 3, 5]);
    assert!(search(&snapshot, "赤泥", Depth::Best(0)).is_empty());
}

#[test]
fn a_closed_set_is_scored_whole_whatever_its_words() {
    let mut test = TestIndex::new();
    let snapshot = test.commit((1..=4).map(|number| document(number, "赤泥", "")).collect());
    let closed: HashSet<RecordId> =
        [2, 4, 77].map(|number| RecordId::from_uuid(Uuid::from_u128(number))).into();
    let hits = search(&snapshot, "毫不相干", Depth::Closed(&closed));
    assert_eq!(numbers(&hits), [2, 4]);
}

#[test]
fn filters_look_at_status_and_region() {
    let mut test = TestIndex::new();
    let closed = record(1, Status::Closed, "赤泥", "");
    let mut local = record(2, Status::Active, "赤泥", "");
    local.content.region = Some("141181".parse().expect("a region"));
    let documents = [closed, local, record(3, Status::Active, "赤泥", "")];
    let snapshot = test.commit(documents.iter().filter_map(Document::of).collect());
    let words = terms("赤泥");
    let found = |filter: &Filter| {
        let (weights, depth) = (&EVEN, Depth::Best(10));
        let library = Library::Achievement;
        let query =
            LexicalQuery { library, words: &words, grams: &[], weights, filter, depth, also: None };
        numbers(&snapshot.search(&query).expect("hits"))
    };
    let active = Filter { statuses: vec![Status::Active], ..Filter::default() };
    assert_eq!(found(&active), [2, 3]);
    for (around, expected) in [("141100", vec![2]), ("140000", vec![2]), ("130000", vec![])] {
        let facets = Selection::from([(Facet::Region, [around.to_owned()].into())]);
        assert_eq!(found(&Filter { facets, ..Filter::default() }), expected, "{around}");
    }
}

#[test]
fn withdrawn_records_have_no_document() {
    assert_eq!(Document::of(&record(1, Status::Withdrawn, "赤泥", "")), None);
}

#[test]
fn one_writer_at_a_time_and_clearing_waits_for_it() {
    let test = TestIndex::new();
    assert!(matches!(test.index.writer(), Err(IndexError::Owned)));
    let cleared = LexicalIndex::clear(test.folder.path());
    assert!(matches!(cleared, Err(IndexError::Owned)), "{cleared:?}");
}

#[test]
fn a_commit_carries_its_sequence_and_another_lexicon_wants_a_rebuild() {
    let mut test = TestIndex::new();
    test.seq = 41;
    test.commit(vec![document(1, "赤泥", "")]);
    let TestIndex { index, writer, folder, .. } = test;
    drop((index, writer));
    let again = LexicalIndex::open(folder.path(), lexicon()).expect("the same index");
    assert_eq!(again.snapshot().applied_seq(), 42);
    let other = LexiconSources {
        terms: "别的",
        traditional: "",
        stopwords: "",
        synonyms: "",
        units: "",
        chains: "",
    };
    let other = Arc::new(Lexicon::build(&other).expect("a lexicon"));
    let refused = LexicalIndex::open(folder.path(), other);
    assert!(refused.is_err_and(|error| error.wants_rebuild()));
}

#[test]
fn marks_join_overlapping_words() {
    let words: HashSet<&str> = ["赤泥", "脱碱"].into();
    let text = "用赤泥脱碱，再脱碱。";
    let marked: Vec<&str> =
        highlight(&lexicon(), text, &words).into_iter().filter_map(|span| span.of(text)).collect();
    assert_eq!(marked, ["赤泥脱碱", "脱碱"]);
}

const WORDS: [&str; 6] = ["赤泥", "脱碱", "路基", "pem", "6061-t6", "红外"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However documents came and went, scores are those of an index that saw the last state only.
    #[test]
    fn history_leaves_no_trace(
        changes in proptest::collection::vec((0..8_u128, 0..6_usize, 0..6_usize, any::<bool>()), 1..40),
        per_commit in 1..5_usize,
    ) {
        let mut grown = TestIndex::new();
        let mut last = std::collections::BTreeMap::new();
        for batch in changes.chunks(per_commit) {
            // One change a record and commit, as upkeep makes them.
            let mut documents = std::collections::BTreeMap::new();
            for (number, title, body, keep) in batch {
                documents.insert(*number, keep.then(|| document(*number, WORDS[*title], WORDS[*body])));
            }
            for (number, document) in &documents {
                if document.is_none() {
                    grown.writer.remove(RecordId::from_uuid(Uuid::from_u128(*number)));
                }
            }
            last.extend(documents.clone());
            grown.commit(documents.into_values().flatten().collect());
            let due = grown.writer.due_merges().expect("merges");
            grown.writer.merge(&due, || ()).expect("merged");
        }
        let grown = grown.index.reload().expect("a snapshot");
        let mut fresh = TestIndex::new();
        let fresh = fresh.commit(last.into_values().flatten().collect());
        for text in WORDS {
            let query = format!("{text} {}", WORDS[0]);
            prop_assert_eq!(
                search(&grown, &query, Depth::Best(5)),
                search(&fresh, &query, Depth::Best(5))
            );
        }
    }
}
