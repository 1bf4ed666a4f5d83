//! What a large model may make of an order.

use kechuang_ranking::refine::{JudgedPlace, LargeModelRule, best_within};
use proptest::prelude::*;

fn places(levels: &[Option<f64>]) -> Vec<JudgedPlace> {
    let id = |number: usize| format!("{number:032x}").parse().expect("an id");
    levels.iter().enumerate().map(|(at, level)| JudgedPlace { id: id(at), level: *level }).collect()
}

#[test]
fn nobody_moves_further_than_the_bound_and_equals_stay() {
    let check = |bound: usize, levels: &[f64], expected: &[usize]| {
        let levels: Vec<Option<f64>> = levels.iter().copied().map(Some).collect();
        assert_eq!(best_within(bound, &places(&levels)), expected, "{bound} {levels:?}");
    };
    check(3, &[1.0, 1.0, 1.0, 4.0], &[3, 0, 1, 2]);
    check(2, &[1.0, 1.0, 1.0, 4.0], &[0, 3, 1, 2]);
    check(0, &[1.0, 4.0], &[0, 1]);
    check(5, &[2.0, 2.0, 2.0], &[0, 1, 2]);
    // A greedy choice would take the second first, and keep the fourth behind.
    check(1, &[1.0, 1.5, 4.0], &[0, 2, 1]);
    check(9, &[1.0, 2.0, 3.0, 4.0], &[3, 2, 1, 0]);
    check(9, &[], &[]);
}

#[test]
fn what_was_not_judged_stays_where_it_is() {
    let some = [Some(1.0), Some(3.0), None, Some(4.0)];
    assert_eq!(best_within(3, &places(&some)), [3, 1, 2, 0]);
    assert_eq!(best_within(2, &places(&some)), [1, 0, 2, 3]);
    assert_eq!(best_within(3, &places(&[None, Some(4.0)])), [0, 1]);
}

#[test]
fn windows_overlap_and_reach_the_end() {
    let rule =
        LargeModelRule { depth: 20, bound: 5, window: 10, overlap: 5, views: 2, related: 0.1 };
    let check = |length: usize, expected: &[(usize, usize)]| {
        let windows: Vec<(usize, usize)> =
            rule.windows(length).into_iter().map(|window| (window.start, window.end)).collect();
        assert_eq!(windows, expected, "{length}");
    };
    check(50, &[(0, 10), (5, 15), (10, 20)]);
    check(12, &[(0, 10), (5, 12)]);
    check(10, &[(0, 10)]);
    check(3, &[(0, 3)]);
    check(0, &[]);
}

/// The highest gain of all orders, by trying them.
fn highest(bound: usize, levels: &[f64]) -> f64 {
    fn go(bound: usize, levels: &[f64], used: &mut Vec<bool>, at: usize) -> f64 {
        if at == levels.len() {
            return 0.0;
        }
        let mut best = f64::NEG_INFINITY;
        for one in 0..levels.len() {
            if used[one] || one.abs_diff(at) > bound {
                continue;
            }
            used[one] = true;
            best = best.max(gain(levels[one], at) + go(bound, levels, used, at + 1));
            used[one] = false;
        }
        best
    }
    go(bound, levels, &mut vec![false; levels.len()], 0)
}

fn gain(level: f64, at: usize) -> f64 {
    ((level - 1.0).exp2() - 1.0) / (at as f64 + 2.0).log2()
}

proptest! {
    #[test]
    fn no_order_within_the_bound_gains_more(
        levels in prop::collection::vec(2_u8..=8, 0..7),
        bound in 0_usize..7,
    ) {
        let levels: Vec<f64> = levels.into_iter().map(|level| f64::from(level) / 2.0).collect();
        let judged: Vec<Option<f64>> = levels.iter().copied().map(Some).collect();
        let order = best_within(bound, &places(&judged));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..levels.len()).collect::<Vec<_>>());
        let reached: f64 = order.iter().enumerate().map(|(to, from)| gain(levels[*from], to)).sum();
        prop_assert!(order.iter().enumerate().all(|(to, from)| to.abs_diff(*from) <= bound));
        prop_assert!(reached >= highest(bound, &levels) - 4e-3, "{order:?}");
    }
}
