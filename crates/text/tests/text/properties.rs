//! Whatever the text, the pieces are right.

use kechuang_text::{analyse, indicators, normalise, sentences};
use proptest::prelude::*;

use crate::lexicon;

/// Text as it comes: Chinese, marks, digits, units, other scripts, controls.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[\u{4e00}-\u{9fff}]{1,12}",
        2 => "[0-9.,~%≥≤<>=×^-]{1,6}",
        2 => "[a-zA-Z0-9./+_-]{1,8}",
        1 => r"[${}^~·]{1,2}|\\[a-z]{2,6} ?|\\%|±",
        1 => "[，。；：、（）【】！？\n ]{1,3}",
        1 => "[\u{ff01}-\u{ff5e}㎡℃㎏①-⑳½ﬁ]{1,4}",
        1 => "[鎂鋁強為後]{1,4}",
        1 => "\\PC{1,6}",
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_span_lies_in_the_source(text in any_text()) {
        let analysis = analyse(lexicon(), &text);
        for token in analysis.words.iter().chain(&analysis.grams) {
            prop_assert!(!token.text.is_empty());
            prop_assert!(token.span.of(&text).is_some_and(|piece| !piece.is_empty()), "{token:?}");
        }
        for found in indicators(lexicon(), &text) {
            prop_assert!(found.span.of(&text).is_some(), "{found:?}");
            prop_assert!(found.amount.of(&text).is_some(), "{found:?}");
            prop_assert!(found.indicator.quantity.value.is_finite());
        }
    }

    #[test]
    fn every_text_is_placed_clearly_or_nowhere(text in any_text(), word in "赤泥|PEM电解槽|") {
        let stages = lexicon().chains().classify(lexicon(), &[text, word].concat());
        for stage in &stages {
            prop_assert!(stage.weight >= 1.0 && !stage.terms.is_empty(), "{stage:?}");
        }
        prop_assert!(stages.is_sorted_by(|a, b| a.weight >= b.weight), "{stages:?}");
    }

    #[test]
    fn folding_twice_changes_nothing_more(text in any_text()) {
        let once = normalise(lexicon(), &text).text.into_owned();
        let twice = normalise(lexicon(), &once).text.into_owned();
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn folded_text_cuts_like_its_source(text in any_text()) {
        let words = |text: &str| -> Vec<String> {
            analyse(lexicon(), text).words.into_iter().map(|word| word.text).collect()
        };
        prop_assert_eq!(words(&text), words(&normalise(lexicon(), &text).text));
    }

    #[test]
    fn words_alone_are_the_words_beside_grams(text in any_text()) {
        prop_assert_eq!(kechuang_text::words(lexicon(), &text), analyse(lexicon(), &text).words);
    }

    #[test]
    fn sentences_are_in_order_apart_and_leave_out_no_letter(text in any_text()) {
        let spans = sentences(&text);
        let mut at = 0;
        for span in &spans {
            prop_assert!(span.start >= at && span.end > span.start);
            let between = text.get(at..span.start).expect("on a boundary");
            prop_assert!(!between.chars().any(char::is_alphanumeric), "{between:?}");
            prop_assert!(span.of(&text).is_some());
            at = span.end;
        }
        prop_assert!(!text[at..].chars().any(char::is_alphanumeric));
    }
}
