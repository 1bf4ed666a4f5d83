//! The figures of a whole run: which queries enter which mean, and under which name.

use std::collections::BTreeMap;

use kechuang_eval::{Evaluation, Judgements, Metric, Run, evaluate};

/// `best` has everything, `weak` no relevant document, `none` not even a weak one.
const JUDGEMENTS: &str = "\
best\ta\t4\nbest\tb\t1\n\
mixed\ta\t3\nmixed\tb\t2\n\
weak\ta\t2\nweak\tb\t1\n\
none\ta\t1";

#[test]
fn a_mean_is_over_the_queries_its_metric_scores() {
    let judgements = Judgements::parse(JUDGEMENTS).unwrap();
    let summary = evaluate(&judgements, &closed([2.0, 1.0]), &open(["a", "b"])).unwrap();
    assert_eq!(
        serde_json::to_string(&summary).unwrap(),
        r#"{"ndcg@10":1.0,"mrr":1.0,"auc":1.0,"recall@100":1.0,"n":3}"#
    );
    let summary = evaluate(&judgements, &closed([1.0, 2.0]), &open(["b", "c"])).unwrap();
    let reversed = 1.0 / 3_f64.log2();
    let mixed = (1.0 + 3.0 * reversed) / (3.0 + reversed);
    assert!((summary.ndcg_at_10 - (2.0 * reversed + mixed) / 3.0).abs() < 1e-12);
    assert_eq!((summary.mrr, summary.auc, summary.recall_at_100, summary.n), (0.5, 0.0, 0.0, 3));
}

#[test]
fn a_query_that_is_not_scored_has_no_value() {
    let judgements = Judgements::parse(JUDGEMENTS).unwrap();
    let evaluation = Evaluation::new(&judgements, &closed([2.0, 1.0]), &open(["a", "b"])).unwrap();
    assert_eq!(
        serde_json::to_string(&evaluation.queries["weak"]).unwrap(),
        r#"{"ndcg@10":1.0,"mrr":null,"auc":null,"recall@100":null}"#
    );
    let scored = evaluation.values(Metric::Auc);
    assert_eq!(scored.keys().copied().collect::<Vec<_>>(), ["best", "mixed"]);
}

#[test]
fn a_mean_over_nothing_is_an_error() {
    let judgements = Judgements::parse("none\ta\t1").unwrap();
    let run = Run::new(BTreeMap::from([("none".to_owned(), vec![("a".to_owned(), 1.0)])]));
    let run = run.unwrap();
    let error = evaluate(&judgements, &run, &run).unwrap_err();
    assert_eq!(error.to_string(), "no query can be scored for ndcg@10");
}

#[test]
fn two_systems_are_compared_query_by_query() {
    let judgements = Judgements::parse(JUDGEMENTS).unwrap();
    let open = open(["a", "b"]);
    let better = Evaluation::new(&judgements, &closed([2.0, 1.0]), &open).unwrap();
    let worse = Evaluation::new(&judgements, &closed([1.0, 2.0]), &open).unwrap();
    let difference = better.compare(&worse, Metric::Mrr, 1).unwrap();
    assert_eq!(difference.gain.mean, 0.5);
    assert_eq!(better.interval(Metric::Mrr, 1).unwrap().mean, 1.0);

    let other = Evaluation { queries: BTreeMap::new() };
    let error = better.compare(&other, Metric::Mrr, 1).unwrap_err();
    assert_eq!(error.to_string(), "the two evaluations score different queries for mrr");
}

/// Every judged document, with one score for `a` and one for `b`.
fn closed([a, b]: [f64; 2]) -> Run {
    let both = vec![("a".to_owned(), a), ("b".to_owned(), b)];
    let mut scores =
        BTreeMap::from(["best", "mixed", "weak"].map(|id| (id.to_owned(), both.clone())));
    scores.insert("none".to_owned(), vec![("a".to_owned(), a)]);
    Run::new(scores).unwrap()
}

/// The same two documents for every query.
fn open(documents: [&str; 2]) -> Run {
    let found = documents.map(|id| (id.to_owned(), 1.0)).to_vec();
    let queries = ["best", "mixed", "weak", "none"];
    Run::new(BTreeMap::from(queries.map(|id| (id.to_owned(), found.clone())))).unwrap()
}
