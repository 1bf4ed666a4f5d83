//! Agreement with independent implementations, named in the fixture.
//!
//! Thirty random queries: tied scores, unjudged and missing documents in lists longer and shorter
//! than the cutoff, and queries that some metrics do not score.

use std::collections::BTreeMap;

use kechuang_eval::{Evaluation, Judgements, Level, Metric, QueryScores, Run, Summary};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    summary: Summary,
    queries: Vec<Query>,
}

#[derive(Deserialize)]
struct Query {
    id: String,
    levels: BTreeMap<String, u8>,
    closed: BTreeMap<String, f64>,
    open: BTreeMap<String, f64>,
    expected: QueryScores,
}

#[test]
fn every_query_scores_as_in_the_reference() {
    let fixture = fixture();
    let evaluation = evaluate(&fixture.queries);
    assert_eq!(evaluation.queries.len(), fixture.queries.len());
    for query in &fixture.queries {
        let scores = evaluation.queries[&query.id];
        for metric in Metric::ALL {
            let name = format!("{} of {}", metric.name(), query.id);
            assert_same(scores.get(metric), query.expected.get(metric), &name);
        }
    }
}

#[test]
fn the_means_are_those_of_the_reference() {
    let fixture = fixture();
    let ours = evaluate(&fixture.queries).summary().unwrap();
    let theirs = fixture.summary;
    assert_eq!(ours.n, theirs.n);
    assert_same(Some(ours.ndcg_at_10), Some(theirs.ndcg_at_10), "ndcg@10");
    assert_same(Some(ours.mrr), Some(theirs.mrr), "mrr");
    assert_same(Some(ours.auc), Some(theirs.auc), "auc");
    assert_same(Some(ours.recall_at_100), Some(theirs.recall_at_100), "recall@100");
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("fixtures/pytrec_eval.json")).unwrap()
}

fn evaluate(queries: &[Query]) -> Evaluation {
    let mut judgements = Judgements::default();
    let mut closed = BTreeMap::new();
    let mut open = BTreeMap::new();
    for query in queries {
        let levels = query.levels.iter();
        let judged = levels.map(|(id, level)| (id.clone(), Level::from_number(*level).unwrap()));
        judgements.queries.insert(query.id.clone(), judged.collect());
        closed.insert(query.id.clone(), query.closed.clone().into_iter().collect());
        open.insert(query.id.clone(), query.open.clone().into_iter().collect());
    }
    let (closed, open) = (Run::new(closed).unwrap(), Run::new(open).unwrap());
    Evaluation::new(&judgements, &closed, &open).unwrap()
}

fn assert_same(ours: Option<f64>, theirs: Option<f64>, name: &str) {
    let same = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() < 1e-9,
        (None, None) => true,
        _ => false,
    };
    assert!(same, "{name}: {ours:?} here, {theirs:?} in the reference");
}
