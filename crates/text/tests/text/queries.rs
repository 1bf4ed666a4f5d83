//! Choosing query terms.

use kechuang_text::{TermRule, analyse, query_terms};

use crate::lexicon;

const RULE: TermRule = TermRule {
    limit: 32,
    body_limit: 4,
    body_weight: 0.5,
    generic_weight: 0.25,
    synonym_limit: 0,
    synonym_weight: 0.5,
};

fn chosen(title: &str, body: &str, rule: &TermRule, idf: fn(&str) -> f32) -> Vec<(String, f32)> {
    let (title, body) = (analyse(lexicon(), title).words, analyse(lexicon(), body).words);
    query_terms(lexicon(), &title, &body, rule, idf)
        .into_iter()
        .map(|term| (term.text, term.weight))
        .collect()
}

#[test]
fn the_title_comes_first_and_generic_words_count_little() {
    let terms = chosen("赤泥，脱碱技术研究", "", &RULE, |_| 1.0);
    let expected = [("赤泥", 1.0), ("脱碱", 1.0), ("技术", 0.25), ("研究", 0.25)];
    assert_eq!(terms, expected.map(|(word, weight)| (word.to_owned(), weight)));
}

#[test]
fn the_rarest_words_of_the_text_follow() {
    let idf = |word: &str| if word == "路基" { 9.0 } else { 1.0 };
    let rule = TermRule { body_limit: 1, ..RULE };
    let terms = chosen("赤泥", "赤泥用于混凝土、陶粒和路基", &rule, idf);
    assert_eq!(terms, [("赤泥".to_owned(), 1.0), ("路基".to_owned(), 0.5)]);
}

#[test]
fn a_text_without_title_gives_its_best_words_at_full_weight() {
    let terms = chosen("", "赤泥，脱碱", &RULE, |_| 1.0);
    assert_eq!(terms, [("赤泥".to_owned(), 1.0), ("脱碱".to_owned(), 1.0)]);
}

#[test]
fn words_that_nothing_has_are_not_asked_for() {
    let idf = |word: &str| if word == "脱碱" { 0.0 } else { 1.0 };
    assert_eq!(chosen("赤泥，脱碱", "", &RULE, idf), [("赤泥".to_owned(), 1.0)]);
}

#[test]
fn words_of_the_same_meaning_follow_and_count_less() {
    let rule = TermRule { synonym_limit: 2, ..RULE };
    // The lexicon has DMFC for 直接甲醇燃料电池.
    let synonym = ("dmfc".to_owned(), 0.5);
    let terms = chosen("直接甲醇燃料电池", "", &rule, |_| 1.0);
    assert_eq!(terms.last(), Some(&synonym), "{terms:?}");
    // One that is rarer than its word weighs less, so that it counts no more.
    let rare = |word: &str| if word == "dmfc" { 4.0 } else { 1.0 };
    let terms = chosen("直接甲醇燃料电池", "", &rule, rare);
    assert_eq!(terms.last(), Some(&("dmfc".to_owned(), 0.125)), "{terms:?}");
    // A record may have the synonym where none has the word.
    let absent = |word: &str| if word == "dmfc" { 1.0 } else { 0.0 };
    assert_eq!(chosen("直接甲醇燃料电池", "", &rule, absent), [synonym]);
    assert!(!chosen("直接甲醇燃料电池", "", &RULE, |_| 1.0).iter().any(|(word, _)| word == "dmfc"));
}

#[test]
fn there_are_never_more_than_the_limit() {
    let long: String = lexicon_terms().take(400).collect::<Vec<_>>().join("，");
    for (title, body) in [(long.as_str(), ""), ("", long.as_str()), (long.as_str(), long.as_str())]
    {
        assert!(chosen(title, body, &RULE, |_| 1.0).len() <= 32);
    }
}

fn lexicon_terms() -> impl Iterator<Item = &'static str> {
    include_str!("../../../../data/lexicon/terms.txt").lines().filter(|line| !line.starts_with('#'))
}
