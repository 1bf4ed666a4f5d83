//! What holds for every ranking.

use kechuang_eval::metrics::{auc, ndcg_at, recall_at, reciprocal_rank};
use kechuang_eval::{ClosedRanking, Judged, Level, Ranking};
use proptest::prelude::*;

/// A judged document: id, level and score. Scores are few, so that ties are common.
type Document = (String, Level, f64);

proptest! {
    #[test]
    fn metrics_lie_between_zero_and_one(documents in documents()) {
        for value in figures(&documents).into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&value), "{value}");
        }
    }

    #[test]
    fn the_perfect_order_scores_one(documents in documents()) {
        let perfect = rescored(&documents, |(_, level, _)| f64::from(level.number()));
        for value in figures(&perfect)[..3].iter().flatten() {
            prop_assert_eq!(*value, 1.0);
        }
    }

    #[test]
    fn only_the_order_of_scores_counts(documents in documents()) {
        let squeezed = rescored(&documents, |(_, _, score)| (score / 3.0).exp() - 40.0);
        prop_assert_eq!(figures(&documents), figures(&squeezed));
    }

    #[test]
    fn the_order_of_input_does_not_count(
        (documents, shuffled) in documents().prop_flat_map(|d| (Just(d.clone()), Just(d).prop_shuffle()))
    ) {
        prop_assert_eq!(figures(&documents), figures(&shuffled));
    }

    #[test]
    fn auc_of_the_opposite_scores_is_the_complement(documents in documents()) {
        let opposite = rescored(&documents, |(_, _, score)| -score);
        if let (Some(value), Some(complement)) = (figures(&documents)[2], figures(&opposite)[2]) {
            prop_assert!((value + complement - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn auc_is_the_count_over_all_pairs(documents in documents()) {
        let (mut won, mut pairs) = (0.0, 0.0);
        for (_, _, ours) in documents.iter().filter(|(_, level, _)| level.is_relevant()) {
            for (_, _, theirs) in documents.iter().filter(|(_, level, _)| !level.is_relevant()) {
                pairs += 1.0;
                won += if ours > theirs { 1.0 } else if ours == theirs { 0.5 } else { 0.0 };
            }
        }
        prop_assert_eq!(figures(&documents)[2], (pairs > 0.0).then_some(won / pairs));
    }
}

fn documents() -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec((1_u8..=4, -8_i32..=8), 0..40).prop_map(|drawn| {
        let numbered = drawn.into_iter().enumerate();
        let document = |(index, (level, score)): (usize, (u8, i32))| {
            (format!("d{index:02}"), Level::from_number(level).unwrap(), f64::from(score))
        };
        numbered.map(document).collect()
    })
}

fn rescored(documents: &[Document], score: impl Fn(&Document) -> f64) -> Vec<Document> {
    documents.iter().map(|document| (document.0.clone(), document.1, score(document))).collect()
}

/// nDCG@10, reciprocal rank, AUC and recall, the last with a cutoff low enough to bite.
fn figures(documents: &[Document]) -> [Option<f64>; 4] {
    let judged: Judged = documents.iter().map(|(id, level, _)| (id.clone(), *level)).collect();
    let scored = documents.iter().map(|(id, _, score)| (id.clone(), *score)).collect();
    let ranking = Ranking::new("q", scored).unwrap();
    let closed = ClosedRanking::new("q", &judged, &ranking).unwrap();
    [ndcg_at(10, &closed), reciprocal_rank(&closed), auc(&closed), recall_at(10, &judged, &ranking)]
}
