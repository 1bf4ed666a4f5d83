//! The learned order: features of small lists, standardised and weighed.

mod support;

use std::{collections::HashMap, sync::Arc};

use kechuang_domain::{FieldScore, TextRole};
use kechuang_ranking::{
    Candidate,
    learned::{
        Feature, Features, LearnedRule, Rarity, ReadTitle, SourceSide, TermVectors, features,
        standardised,
    },
};
use kechuang_text::analyse;
use proptest::prelude::*;
use support::{id, lexicon, profile};

fn candidate(number: u128, meaning: Option<f32>) -> Candidate {
    let words = number as f32;
    Candidate {
        id: id(number),
        revision: 1,
        fields: vec![FieldScore { role: TextRole::Title, words, grams: 2.0 * words }],
        meaning,
        features: Vec::new(),
        learned: None,
        near: Vec::new(),
        read_together: None,
        judged: None,
        stale_since: None,
    }
}

/// The features of titles for the demand 赤泥路基 with 沥青 below its title; every word has an idf of 1.
fn of(titles: &[&str]) -> Vec<Features> {
    of_read(titles.iter().map(|title| ReadTitle::cut(lexicon(), title)).collect())
}

fn of_read(titles: Vec<ReadTitle>) -> Vec<Features> {
    let (title, body) = (analyse(lexicon(), "赤泥路基"), analyse(lexicon(), "沥青"));
    let source = SourceSide { title: &title, body: &body };
    let (words, grams) = Rarity::asked(source, &titles);
    let one = |terms: std::collections::BTreeSet<&str>| -> HashMap<String, f64> {
        terms.into_iter().map(|term| (term.to_owned(), 1.0)).collect()
    };
    let axis = |at: usize| -> Arc<[f32]> { (0..8).map(|n| f32::from(u8::from(n == at))).collect() };
    let vectors = TermVectors::from([
        ("赤泥".to_owned(), axis(0)),
        ("路基".to_owned(), axis(1)),
        ("石墨".to_owned(), [0.6, 0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0].into()),
    ]);
    let rarity = Rarity { words: one(words), grams: one(grams) };
    let candidates: Vec<_> = (1..=titles.len() as u128).map(|n| candidate(n, Some(0.5))).collect();
    features(&profile("default"), source, &candidates, &titles, &rarity, &vectors)
}

fn value(row: &Features, feature: Feature) -> f64 {
    row[Feature::ALL.iter().position(|one| *one == feature).expect("registered")]
}

#[test]
fn shares_are_of_the_titles_words() {
    let rows = of(&["赤泥石墨", "赤泥沥青", "石墨"]);
    let said: Vec<_> = rows.iter().map(|row| value(row, Feature::WordsSaid)).collect();
    assert_eq!(said, [0.5, 1.0, 0.0], "沥青 stands below the demand's title");
}

#[test]
fn a_word_is_as_near_as_the_nearest_word() {
    let rows = of(&["石墨", "赤泥路基"]);
    // 石墨 is 0.6 from 赤泥 and 0.8 from 路基.
    assert!((value(&rows[0], Feature::TitleNear) - 0.8).abs() < 1e-6);
    assert!((value(&rows[1], Feature::TitleNear) - 1.0).abs() < 1e-6);
}

#[test]
fn what_the_order_encoder_says_is_taken_as_it_is() {
    let read = |title: &str, cosine: f64| ReadTitle::cut(lexicon(), title).with_contextual(cosine);
    let rows =
        of_read(vec![read("赤泥", 0.7), read("石墨", -0.1), ReadTitle::cut(lexicon(), "路基")]);
    let said: Vec<_> = rows.iter().map(|row| value(row, Feature::Contextual)).collect();
    assert_eq!(said, [0.7, -0.1, 0.0]);
}

#[test]
fn the_same_title_is_counted() {
    let rows = of(&["赤泥", "石墨", "赤泥"]);
    let repeats: Vec<_> = rows.iter().map(|row| value(row, Feature::Repeats)).collect();
    assert_eq!(repeats, [2.0_f64.ln(), 0.0, 2.0_f64.ln()]);
}

#[test]
fn what_is_alike_in_all_weighs_nothing() {
    let order = [(Feature::Contextual, 5.0), (Feature::TitleWords, 1.0)].into();
    let rule = LearnedRule { order, ..LearnedRule::default() };
    let scores = rule.score(&of(&["赤泥", "石墨", "路基"]));
    // Title words are 1, 2, 3: standardised to ∓√1.5 and 0.
    let expected = [-(1.5_f64.sqrt()), 0.0, 1.5_f64.sqrt()];
    for (score, expected) in scores.iter().zip(expected) {
        assert!((score - expected).abs() < 1e-9, "{scores:?}");
    }
    assert!(rule.score(&[]).is_empty());
}

proptest! {
    #[test]
    fn standardised_lists_have_mean_0_and_spread_1_or_none(
        values in prop::collection::vec(-1e3..1e3, 1..40)
    ) {
        let list: Vec<Features> = values.iter().map(|value| [*value; Feature::ALL.len()]).collect();
        let out = standardised(&list);
        let count = out.len() as f64;
        let mean = out.iter().map(|row| row[0]).sum::<f64>() / count;
        let spread = out.iter().map(|row| row[0] * row[0]).sum::<f64>() / count;
        prop_assert!(mean.abs() < 1e-6);
        prop_assert!(spread == 0.0 || (spread - 1.0).abs() < 1e-6, "{}", spread);
    }
}
