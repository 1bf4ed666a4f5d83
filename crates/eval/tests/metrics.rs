//! Each metric on examples small enough to work out by hand.

use kechuang_eval::metrics::{auc, ndcg_at, recall_at, reciprocal_rank};
use kechuang_eval::{ClosedRanking, Judged, Level, Ranking};

/// Documents as `level@score`, or `?@score` for one that nobody judged. Ids follow the written
/// order, so that of two equal scores the one written first ranks first.
fn parse(written: &str) -> (Judged, Ranking) {
    let mut judged = Judged::new();
    let mut scored = Vec::new();
    for (index, document) in written.split_whitespace().enumerate() {
        let (level, score) = document.split_once('@').unwrap();
        let id = format!("d{index:03}");
        if level != "?" {
            judged.insert(id.clone(), Level::from_number(level.parse().unwrap()).unwrap());
        }
        scored.push((id, score.parse().unwrap()));
    }
    (judged, Ranking::new("q", scored).unwrap())
}

fn closed(written: &str) -> ClosedRanking {
    let (judged, ranking) = parse(written);
    ClosedRanking::new("q", &judged, &ranking).unwrap()
}

#[track_caller]
fn check(actual: Option<f64>, expected: Option<f64>) {
    let same = match (actual, expected) {
        (Some(actual), Some(expected)) => (actual - expected).abs() < 1e-12,
        (None, None) => true,
        _ => false,
    };
    assert!(same, "got {actual:?}, expected {expected:?}");
}

#[test]
fn ndcg_gains_are_0_1_3_7_and_discounts_are_logarithmic() {
    let ideal = 7.0 + 3.0 / 3_f64.log2() + 1.0 / 2.0;
    let worst_first = 1.0 / 3_f64.log2() + 3.0 / 2.0 + 7.0 / 5_f64.log2();
    check(ndcg_at(10, &closed("4@9 3@8 2@7 1@6")), Some(1.0));
    check(ndcg_at(10, &closed("4@6 3@7 2@8 1@9")), Some(worst_first / ideal));
}

#[test]
fn ndcg_looks_no_further_than_the_cutoff() {
    check(ndcg_at(1, &closed("1@9 4@8")), Some(0.0));
    check(ndcg_at(2, &closed("1@9 4@8")), Some(1.0 / 3_f64.log2()));
    check(ndcg_at(1, &closed("3@9 4@8")), Some(3.0 / 7.0));
}

#[test]
fn ndcg_orders_ties_by_id() {
    check(ndcg_at(10, &closed("1@5 2@5")), Some(1.0 / 3_f64.log2()));
    check(ndcg_at(10, &closed("2@5 1@5")), Some(1.0));
}

#[test]
fn ndcg_scores_a_query_from_level_2_on() {
    check(ndcg_at(10, &closed("1@2 1@1")), None);
    check(ndcg_at(10, &closed("2@2 1@1")), Some(1.0));
    check(ndcg_at(10, &closed("")), None);
}

#[test]
fn reciprocal_rank_is_that_of_the_first_level_3_or_4() {
    check(reciprocal_rank(&closed("4@9 1@8")), Some(1.0));
    check(reciprocal_rank(&closed("2@9 1@8 3@7 4@6")), Some(1.0 / 3.0));
    check(reciprocal_rank(&closed("2@9 1@8")), None);
}

#[test]
fn auc_is_the_share_of_pairs_in_the_right_order() {
    check(auc(&closed("4@9 3@8 2@7 1@6")), Some(1.0));
    check(auc(&closed("1@9 2@8 3@7 4@6")), Some(0.0));
    check(auc(&closed("3@9 2@8 4@7 1@6")), Some(0.75));
}

#[test]
fn auc_counts_a_tie_half_whatever_the_ids() {
    check(auc(&closed("3@5 1@5")), Some(0.5));
    check(auc(&closed("1@5 3@5")), Some(0.5));
    check(auc(&closed("1@-0.0 3@0.0")), Some(0.5));
    check(auc(&closed("3@9 1@5 3@5 1@5 1@1")), Some((3.0 + 0.5 + 0.5 + 1.0) / 6.0));
}

#[test]
fn auc_needs_both_relevant_documents_and_others() {
    check(auc(&closed("3@2 4@1")), None);
    check(auc(&closed("1@2 2@1")), None);
}

#[test]
fn recall_counts_relevant_documents_within_the_cutoff() {
    let (judged, ranking) = parse("?@9 3@8 2@7 4@6 ?@5 3@4");
    check(recall_at(1, &judged, &ranking), Some(0.0));
    check(recall_at(3, &judged, &ranking), Some(1.0 / 3.0));
    check(recall_at(4, &judged, &ranking), Some(2.0 / 3.0));
    check(recall_at(100, &judged, &ranking), Some(1.0));
}

#[test]
fn recall_counts_relevant_documents_that_were_not_returned() {
    let (judged, _) = parse("3@1 4@1");
    check(recall_at(100, &judged, &Ranking::default()), Some(0.0));
    let (_, half) = parse("3@1");
    check(recall_at(100, &judged, &half), Some(0.5));
}

#[test]
fn recall_scores_only_queries_with_a_relevant_document() {
    let (judged, ranking) = parse("2@1 1@1 ?@1");
    check(recall_at(100, &judged, &ranking), None);
}
