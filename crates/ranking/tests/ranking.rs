//! Scores and texts in, an explained order out.

mod support;

use std::collections::BTreeMap;

use kechuang_domain::{FieldScore, Need, NeedKind, Span, TextField, TextRole};
use kechuang_ranking::{
    Candidate, Profile, Profiles, RankInput, RecordText,
    fusion::{fuse, lexical_score},
    need_terms, rank,
};
use proptest::prelude::*;
use support::{DEFAULT, LEXICAL, id, lexicon};

fn profile() -> Profile {
    support::profile("lexical")
}

fn candidate(number: u128, words: f32) -> Candidate {
    let fields = vec![FieldScore { role: TextRole::Title, words, grams: 0.0 }];
    Candidate {
        id: id(number),
        revision: 1,
        fields,
        meaning: None,
        features: Vec::new(),
        learned: None,
        near: Vec::new(),
        read_together: None,
        judged: None,
        stale_since: None,
    }
}

fn need(text: &str) -> Need {
    let span = Span { start: 0, end: text.len() };
    Need { kind: NeedKind::Method, text: text.to_owned(), span, indicators: Vec::new() }
}

fn input(needs: &[Need], candidates: Vec<Candidate>) -> RankInput {
    let even = |_: &str| Ok::<f32, std::convert::Infallible>(1.0);
    let needs = match need_terms(lexicon(), needs, 0.2, even) {
        Ok(needs) => needs,
        Err(never) => match never {},
    };
    RankInput { needs, targets: Vec::new(), head: candidates.len(), candidates, ordered: 0 }
}

fn record(body: &str) -> RecordText<'_> {
    RecordText { texts: vec![(TextField::Body, body)], measured: &[] }
}

#[test]
fn the_best_sentence_is_quoted_and_what_nothing_supports_is_a_gap() {
    let needs = [need("赤泥脱碱工艺"), need("镁合金焊接")];
    let body = "先写背景。采用石灰法为赤泥脱碱。最后写应用。";
    let texts = BTreeMap::from([(id(1), record(body))]);
    let ranked =
        rank(lexicon(), &profile(), &needs, &input(&needs, vec![candidate(1, 2.0)]), &texts);
    let explanation = ranked[0].explanation.as_ref().expect("an explanation");
    assert_eq!(explanation.evidence.len(), 1);
    let evidence = &explanation.evidence[0];
    assert_eq!((evidence.need, evidence.quote.text()), (0, "采用石灰法为赤泥脱碱。"));
    assert_eq!(evidence.shared, ["赤泥脱碱"]);
    assert_eq!(explanation.gaps, [1]);
    assert!(
        explanation.summary.starts_with("2 项要求中谈到 1 项（赤泥脱碱）"),
        "{}",
        explanation.summary
    );
}

#[test]
fn a_synonym_supports_as_the_word_itself() {
    let needs = [need("质子交换膜")];
    let texts = BTreeMap::from([(id(1), record("采用 PEM。"))]);
    let ranked =
        rank(lexicon(), &profile(), &needs, &input(&needs, vec![candidate(1, 1.0)]), &texts);
    let explanation = ranked[0].explanation.as_ref().expect("an explanation");
    assert_eq!(explanation.evidence[0].quote.text(), "采用 PEM。");
}

#[test]
fn equal_numbers_of_different_things_are_no_evidence() {
    let needs = [need("抗拉强度≥310MPa")];
    let body = "进气压力为 310MPa。";
    let texts = BTreeMap::from([(id(1), record(body))]);
    let ranked =
        rank(lexicon(), &profile(), &needs, &input(&needs, vec![candidate(1, 1.0)]), &texts);
    assert_eq!(ranked[0].explanation.as_ref().expect("an explanation").gaps, [0]);
}

#[test]
fn coverage_lifts_a_record_over_one_that_only_sounds_alike() {
    let needs = [need("赤泥脱碱"), need("路基填筑")];
    let texts = BTreeMap::from([
        (id(1), record("介绍赤泥的历史。")),
        (id(2), record("赤泥脱碱后用于路基填筑。")),
    ]);
    let candidates = vec![candidate(1, 1.2), candidate(2, 1.0)];
    let ranked = rank(lexicon(), &profile(), &needs, &input(&needs, candidates), &texts);
    assert_eq!(ranked[0].id, id(2));
}

#[test]
fn a_candidate_without_text_keeps_its_score_and_is_not_explained() {
    let ranked = rank(
        lexicon(),
        &profile(),
        &[],
        &input(&[], vec![candidate(1, 1.0), candidate(2, 3.0)]),
        &BTreeMap::new(),
    );
    assert_eq!(ranked.iter().map(|ranked| ranked.id).collect::<Vec<_>>(), [id(2), id(1)]);
    assert!(ranked.iter().all(|ranked| ranked.explanation.is_none()));
    assert!((ranked[0].score - lexical_score(&profile(), &candidate(2, 3.0).fields)).abs() < 1e-12);
}

#[test]
fn every_mistake_of_every_profile_is_told() {
    let broken = LEXICAL.replace("weight = 1.0, k1 = 0.9", "weight = -1.0, k1 = 0.0");
    let unknown = format!("colour = 1\n{LEXICAL}");
    let error = Profiles::parse([("default", broken.as_str()), ("other", unknown.as_str())])
        .expect_err("mistakes")
        .to_string();
    for words in [
        "default.toml",
        "fields.title.words.weight 不能为负",
        "fields.title.words.k1",
        "other.toml",
    ] {
        assert!(error.contains(words), "{words}: {error}");
    }
    let alone = Profiles::parse([("lexical", LEXICAL)]).expect_err("no default").to_string();
    assert!(alone.contains("default.toml"), "{alone}");
}

#[test]
fn a_profile_says_only_where_it_differs_from_the_one_it_inherits() {
    let heir = "title = \"另一种\"\ninherits = \"default\"\n[coverage]\nhead = 3";
    let profiles = Profiles::parse([("default", DEFAULT), ("lexical", LEXICAL), ("heir", heir)])
        .expect("profiles");
    let of = |name| profiles.get(name).expect("a profile");
    assert_eq!(of("heir").coverage.head, 3);
    assert_eq!(of("heir").vector, of("default").vector);
    assert_eq!(of("heir").fields, of("lexical").fields);
    let told = |heir| {
        let files = [("default", DEFAULT), ("lexical", LEXICAL), ("heir", heir)];
        Profiles::parse(files).expect_err("a mistake").to_string()
    };
    assert!(told("title = \"\"\ninherits = \"none\"").contains("「none」不在"));
    assert!(told("title = \"\"\ninherits = \"heir\"").contains("heir → heir"));
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_the_order_of_the_candidates(
        scores in proptest::collection::vec(0.0_f32..4.0, 1..12),
        seed in any::<u64>(),
    ) {
        let candidates: Vec<_> =
            scores.iter().zip(1..).map(|(score, number)| candidate(number, *score)).collect();
        let mut shuffled = candidates.clone();
        shuffled.sort_by_key(|candidate| candidate.id.uuid().as_u128().wrapping_mul(u128::from(seed | 1)));
        let order = |candidates| {
            let ranked = rank(lexicon(), &profile(), &[], &input(&[], candidates), &BTreeMap::new());
            ranked.into_iter().map(|ranked| ranked.id).collect::<Vec<_>>()
        };
        prop_assert_eq!(order(candidates), order(shuffled));
    }

    #[test]
    fn support_and_coverage_stay_between_nothing_and_all(
        body in "[赤泥脱碱路基镁合金焊接强度，。0-9a-zA-Z]{0,60}",
        asked in "[赤泥脱碱路基镁合金焊接强度0-9]{4,20}",
    ) {
        let needs = [need(&asked)];
        let texts = BTreeMap::from([(id(1), record(&body))]);
        let ranked = rank(lexicon(), &profile(), &needs, &input(&needs, vec![candidate(1, 1.0)]), &texts);
        let explanation = ranked[0].explanation.as_ref().expect("an explanation");
        prop_assert!((0.0..=1.0).contains(&explanation.coverage));
        for evidence in &explanation.evidence {
            prop_assert!((0.0..=1.0).contains(&evidence.support));
            prop_assert_eq!(evidence.quote.span.of(&body), Some(evidence.quote.text()));
        }
    }
}

#[test]
fn meaning_counts_beside_words_and_its_absence_changes_nothing() {
    let with = |number, words, meaning| Candidate { meaning, ..candidate(number, words) };
    let default = Profiles::parse([("default", DEFAULT), ("lexical", LEXICAL)]).expect("profiles");
    let profile = default.get("default").expect("the default");
    // A record that shares few words is lifted by its meaning.
    let near = [with(1, 2.0, Some(0.1)), with(2, 1.5, Some(0.9))];
    let fused = fuse(profile, &near);
    assert!(fused[1] > fused[0], "{fused:?}");
    // What points away counts like what is unrelated.
    let away = fuse(profile, &[with(1, 2.0, Some(-0.5)), with(2, 2.0, Some(0.0))]);
    assert!((away[0] - away[1]).abs() < 1e-12, "{away:?}");
    // One that is not encoded yet is neither lifted nor held back.
    let some =
        fuse(profile, &[with(1, 1.0, Some(0.2)), with(2, 1.0, None), with(3, 1.0, Some(0.6))]);
    assert!(some[0] < some[1] && some[1] < some[2], "{some:?}");
    // A run that was saved before words were drawn together is made again to the bit.
    let mut former = profile.clone();
    former.vector.lexical_exponent = 1.0;
    let (words, cosines) = ([1.7_f64, 0.3], [0.37_f32, 0.81]);
    let given = [0, 1].map(|n| Candidate {
        meaning: Some(cosines[n]),
        ..candidate(n as u128 + 1, words[n] as f32)
    });
    let lexical = given.each_ref().map(|one| lexical_score(profile, &one.fields));
    let highest = lexical[0].max(lexical[1]);
    let then = [0, 1].map(|n| lexical[n] + 1.2 * highest * f64::from(cosines[n]));
    assert_eq!(fuse(&former, &given), then);
    // Without any vector the score is that of the words, to the bit.
    let none = [with(1, 2.0, None), with(2, 1.5, None)];
    let words = none.iter().map(|one| lexical_score(profile, &one.fields)).collect::<Vec<_>>();
    assert_eq!(fuse(profile, &none), words);
    assert_eq!(fuse(&self::profile(), &near)[0], lexical_score(&self::profile(), &near[0].fields));
}
