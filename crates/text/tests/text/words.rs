//! Words, grams and sentences.

use kechuang_text::{LexiconSources, analyse, is_measure, normalise, sentences};

use crate::lexicon;

/// Each case: a name, a text, and the words that must come out of it, in order.
macro_rules! cuts {
    ($($name:ident: $text:literal => [$($word:literal),* $(,)?];)+) => {$(
        #[test]
        fn $name() {
            let words: Vec<String> =
                analyse(lexicon(), $text).words.into_iter().map(|word| word.text).collect();
            let expected: &[&str] = &[$($word),*];
            assert_eq!(words, expected, "a change here changes every index: count CUT_VERSION up");
        }
    )+};
}

cuts! {
    simplified: "赤泥脱碱与路基利用" => ["赤泥", "脱碱", "赤泥脱碱", "路基", "利用"];
    sub_words_of_a_term_are_found_too: "质子交换膜电解槽" =>
        ["质子", "交换", "电解", "电解槽", "质子交换膜电解槽"];
    traditional_is_folded: "鎂合金焊接強度" => ["合金", "焊接", "镁合金", "镁合金焊接", "强度"];
    full_width_is_folded: "ＰＥＭ　电解槽（２００ｋＷ）" => ["pem", "电解", "电解槽", "200kw", "200", "kw"];
    function_words_are_dropped: "镁合金的焊接和压铸" => ["合金", "镁合金", "焊接", "压铸"];
    an_alloy_keeps_its_name_and_gives_its_parts: "6061-T6铝合金" =>
        ["6061-t6", "6061", "t6", "合金", "铝合金"];
    a_formula_stays_whole: "Al₂O₃与Na2O" => ["al2o3", "na2o"];
    steels_and_standards: "316L、GCr15、GB/T 3190" => ["316l", "316", "l", "gcr15", "gb/t", "gb", "t", "3190"];
    digits_and_units: "抗拉强度≥310MPa，面积12㎡，80℃" =>
        ["强度", "抗拉强度", "310mpa", "310", "mpa", "面积", "12m2", "12", "m2", "80", "c"];
    decimals_stay_whole: "0.5%的Mg2Si" => ["0.5", "mg2si"];
    mixed_latin: "CO2捕集与IGBT封装" => ["co2", "捕集", "igbt", "封装"];
    nothing_at_all: " ，。\n" => [];
}

#[test]
fn grams_are_characters_and_pairs_and_names() {
    let grams: Vec<String> =
        analyse(lexicon(), "赤泥的PEM").grams.into_iter().map(|gram| gram.text).collect();
    // 的 alone says nothing; the pair it stands in may.
    assert_eq!(grams, ["赤", "赤泥", "泥", "泥的", "pem"]);
}

#[test]
fn tokens_know_where_they_stand_in_the_source() {
    let source = "（Ａｌ２Ｏ３）鎂 80℃ ㎡";
    for token in analyse(lexicon(), source).words {
        let stood = token.span.of(source).expect("in the source");
        let folded = normalise(lexicon(), stood).text.to_lowercase();
        assert!(folded.contains(&token.text), "{token:?} {stood}");
    }
}

#[test]
fn text_in_form_is_borrowed() {
    let plain = "赤泥 red mud 310MPa。";
    assert!(matches!(normalise(lexicon(), plain).text, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn sentences_end_at_marks_and_not_at_decimals() {
    let text = "一、提高强度；降到0.5%以下。GB/T 3190.1规定！\n\n  下一段  ";
    let found: Vec<&str> = sentences(text).into_iter().filter_map(|span| span.of(text)).collect();
    assert_eq!(found, ["一、提高强度；", "降到0.5%以下。", "GB/T 3190.1规定！", "下一段"]);
}

#[test]
fn a_sentence_without_end_is_cut_at_a_comma() {
    let text = "很长的一句，".repeat(60);
    let found = sentences(&text);
    assert!(found.len() > 1);
    for span in found {
        let sentence = span.of(&text).expect("in the text");
        assert!(sentence.chars().count() <= 160 && sentence.ends_with('，'), "{sentence}");
    }
}

#[test]
fn measures_are_told_from_names() {
    for measure in ["310mpa", "310", "mpa", "0.5", "24h", "c", "400r/min"] {
        assert!(is_measure(lexicon(), measure), "{measure}");
    }
    for name in ["6061-t6", "316l", "pem", "赤泥", "al2o3", "gcr15"] {
        assert!(!is_measure(lexicon(), name), "{name}");
    }
}

#[test]
fn a_table_that_cannot_be_read_is_told_with_its_line() {
    let good = LexiconSources {
        terms: "",
        traditional: "",
        stopwords: "",
        synonyms: "",
        units: "",
        chains: "",
    };
    let cases = [
        (LexiconSources { traditional: "# 注\n鎂镁\n", ..good }, "traditional.tsv 第 2 行"),
        (LexiconSources { stopwords: "的\n", ..good }, "stopwords.txt 第 1 行"),
        (
            LexiconSources { units: "head\nMPa\tMPa\tpressure\tmany\t0\n", ..good },
            "units.tsv 第 2 行",
        ),
        (
            LexiconSources { chains: "# 注\nhydrogen\tuse\t用氢\n", ..good },
            "chain-terms.tsv 第 2 行",
        ),
        (LexiconSources { synonyms: "赤泥 红泥\n拜耳泥 红泥\n", ..good }, "synonyms.txt 第 2 行"),
        (
            LexiconSources {
                synonyms: "赤泥 红泥\n钢渣 炼钢渣\n",
                chains: "solid-waste\tred-mud\t赤泥\t赤泥\t钢渣\n",
                ..good
            },
            "chain-terms.tsv 第 1 行",
        ),
    ];
    for (sources, words) in cases {
        let error = kechuang_text::Lexicon::build(&sources).expect_err("a mistake").to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn another_table_is_another_lexicon() {
    let empty = LexiconSources {
        terms: "",
        traditional: "",
        stopwords: "",
        synonyms: "",
        units: "",
        chains: "",
    };
    let hash = |sources| kechuang_text::Lexicon::build(&sources).expect("fine").hash().to_owned();
    assert_ne!(hash(empty), hash(LexiconSources { terms: "赤泥", ..empty }));
    let chains = "solid-waste\tred-mud\t赤泥\t赤泥\n";
    assert_ne!(hash(empty), hash(LexiconSources { chains, ..empty }));
    assert_eq!(hash(empty), hash(empty));
}
