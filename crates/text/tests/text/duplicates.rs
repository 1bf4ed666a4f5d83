//! What says the same, and what only speaks of the same.

use kechuang_text::near::{Basis, Fingerprint, Likeness, Rule, Text, Verdict, compare};
use proptest::prelude::*;

use crate::{lexicon, properties::any_text};

const TITLE: &str = "赤泥脱碱与路基填筑关键技术研究";
const BODY: &str = "针对氧化铝厂赤泥堆存量大、碱性强的问题，采用烟气碳酸化与石膏置换相结合的方法脱除赤泥中的钠。\
    试验表明，在液固比为5、温度为60℃的条件下反应2 h，赤泥中Na2O的含量由8.2%降至0.9%。\
    脱碱后的赤泥与粉煤灰、矿渣复配，压实度达到96%，七天无侧限抗压强度不低于3.5 MPa。\
    该材料已在省道改建工程的路基中铺筑1.2公里，沉降和浸出毒性均满足规范要求。";

fn text(title: &str, body: &str) -> Text {
    Text::of(lexicon(), title, body)
}

fn likeness(a: (&str, &str), b: (&str, &str)) -> Likeness {
    compare(&text(a.0, a.1), &text(b.0, b.1))
}

/// Each altered copy of the record above must be found by its keys and get this verdict.
fn check(expected: Verdict, title: &str, body: &str) {
    let [original, copy] = [text(TITLE, BODY), text(title, body)];
    let found = compare(&original, &copy);
    assert_eq!(Rule::default().verdict(&found), expected, "{found:?} {title} {body}");
    let [original, copy] = [original, copy].map(|text| Fingerprint::of(&text));
    let is_found = original.proposes(&copy) && copy.proposes(&original);
    assert!(is_found || expected == Verdict::Different, "not proposed: {title} {body}");
}

#[test]
fn width_case_marks_and_markup_make_no_difference() {
    check(Verdict::Exact, TITLE, BODY);
    check(Verdict::Exact, "赤泥脱碱与路基填筑——关键技术研究", &BODY.replace('，', " , "));
    check(Verdict::Exact, TITLE, &BODY.replace("MPa", r"$\mathrm{mpa}$").replace('5', "５"));
    check(Verdict::Exact, "赤泥脫鹼與路基填築關鍵技術研究", BODY);
}

#[test]
fn other_words_are_near() {
    let body = BODY
        .replace("采用", "利用")
        .replace("方法", "工艺")
        .replace("问题", "难题")
        .replace("试验表明", "结果显示")
        .replace("含量", "质量分数")
        .replace("满足", "符合")
        .replace("不低于", "大于等于")
        .replace("条件", "工况")
        .replace("达到", "为");
    check(Verdict::Near, "赤泥脱碱及路基填筑的关键技术", &body);
}

#[test]
fn sentences_in_another_order_are_near() {
    let mut sentences: Vec<&str> = BODY.split_inclusive('。').collect();
    sentences.reverse();
    check(Verdict::Near, TITLE, &sentences.concat());
}

#[test]
fn a_cut_text_is_near_wherever_it_was_cut() {
    let sentences: Vec<&str> = BODY.split_inclusive('。').collect();
    check(Verdict::Near, TITLE, &sentences[..2].concat());
    check(Verdict::Near, TITLE, &sentences[2..].concat());
}

#[test]
fn misread_characters_are_near() {
    let body = BODY
        .replace('日', "曰")
        .replace("碱性", "碱 性")
        .replace("钠", "纳")
        .replace("填", "真")
        .replace("0.9", "O.9")
        .replace("压实", "压买")
        .replace("工程", "工程程")
        .replace("的", "");
    check(Verdict::Near, "赤泥脱减与路基填筑关键技木研究", &body);
}

#[test]
fn another_title_above_the_same_text_is_near() {
    check(Verdict::Near, "一种路用材料", BODY);
}

#[test]
fn the_same_subject_is_different() {
    check(
        Verdict::Different,
        "赤泥基路用材料的制备与性能",
        "以拜耳法赤泥、粉煤灰和矿渣为原料制备道路基层材料，研究了掺量、养护龄期对抗压强度的影响。\
         结果表明，赤泥掺量为60%时，28天无侧限抗压强度为5.1 MPa，浸出毒性满足标准要求。\
         赤泥中的碱激发了矿渣的活性，生成水化硅铝酸钠凝胶，使材料具有较好的水稳定性。",
    );
}

#[test]
fn the_same_title_above_another_text_is_different() {
    check(
        Verdict::Different,
        TITLE,
        "公司拟在现有生产线上增加一套在线检测装置，要求对铝型材表面划伤、气泡和色差进行识别，\
         检出率不低于98%，单件检测时间不超过0.5秒，并与现有制造执行系统连接，数据保存三年以上。",
    );
}

/// Titles without texts: only the same words are near.
fn check_titles(expected: Verdict, a: &str, b: &str) {
    let texts = [a, b].map(|title| text(title, ""));
    let found = compare(&texts[0], &texts[1]);
    assert_eq!(Rule::default().verdict(&found), expected, "{found:?} {a} {b}");
    let [a, b] = texts.each_ref().map(Fingerprint::of);
    assert!(expected != Verdict::Near || a.proposes(&b), "{a:?} {b:?}");
    assert_eq!(expected == Verdict::Exact, a.exact() == b.exact());
}

#[test]
fn titles_alone_must_have_the_same_words() {
    check_titles(Verdict::Exact, "智能 提醒 机器人", "智能提醒机器人");
    check_titles(Verdict::Exact, "智能检测", "智能检测");
    check_titles(Verdict::Near, "机器人 智能 制造 信息 平台", "智能 制造 机器人 信息 平台");
    check_titles(Verdict::Near, "镁合金板材的焊接方法及装置", "镁合金板材焊接方法与装置");
    check_titles(Verdict::Different, "智能 提醒 机器人", "智能 陪护 机器人");
    check_titles(Verdict::Different, "高温清渣机器人", "低温清渣机器人");
    check_titles(Verdict::Different, "智能检测", "检测智能");
    check_titles(Verdict::Different, "智能检测", "智能检测的");
    check_titles(
        Verdict::Different,
        "基于有监督学习的电池模组缺陷识别方法",
        "基于无监督学习的电池模组缺陷识别方法",
    );
    check_titles(
        Verdict::Different,
        "基于监督学习的燃料电池电堆衰减状态在线估计方法",
        "基于无监督学习的燃料电池电堆衰减状态在线估计方法",
    );
    check_titles(Verdict::Different, "氢能产业园一期建设项目", "氢能产业园二期建设项目");
    check_titles(Verdict::Different, "6061铝合金挤压型材开发", "6063铝合金挤压型材开发");
}

#[test]
fn a_title_alone_is_near_the_same_title_with_a_text() {
    check(Verdict::Near, TITLE, "");
    check(Verdict::Near, TITLE, "详见附件。");
    check(Verdict::Different, "赤泥脱碱", "");
}

#[test]
fn nothing_is_like_nothing() {
    for blank in [("", ""), ("——", "。。。"), (" ", "$^{}$"), ("的", "和")] {
        assert_eq!(likeness(blank, blank).basis, Basis::Nothing, "{blank:?}");
        assert_eq!(Rule::default().verdict(&likeness(blank, blank)), Verdict::Different);
        assert_eq!(likeness(blank, (TITLE, BODY)).basis, Basis::Nothing, "{blank:?}");
        assert!(Fingerprint::of(&text(blank.0, blank.1)).keys().is_empty(), "{blank:?}");
    }
}

#[test]
fn a_text_without_title_is_compared_all_the_same() {
    check(Verdict::Near, "", BODY);
    assert_eq!(likeness(("", BODY), ("", BODY)).basis, Basis::Exact);
}

#[test]
fn a_title_is_not_a_text() {
    assert_ne!(likeness((TITLE, ""), ("", TITLE)).basis, Basis::Exact);
}

#[test]
fn keys_are_the_same_on_every_machine() {
    let fingerprint = Fingerprint::of(&text(TITLE, BODY));
    let keys = fingerprint.keys().iter().fold(0_u64, |all, key| all.rotate_left(1) ^ key);
    assert_eq!(
        (fingerprint.exact(), fingerprint.keys().len(), keys),
        (9_539_645_092_429_127_135, 55, 16_507_750_165_108_546_804),
        "a change here makes every stored key useless: count Fingerprint::VERSION up"
    );
}

#[test]
fn texts_made_to_be_awkward_are_compared() {
    for seed in ["赤泥", "钢", "a ", "1", "钢a1", "一二三四五六七八九十百千万亿"]
    {
        let long = seed.repeat(20_000 / seed.chars().count());
        let found = likeness((TITLE, &long), (TITLE, &long[..seed.len() * 100]));
        assert!((0.0..=1.0).contains(&found.score), "{seed} {found:?}");
        assert!(found.containment > 0.9, "{seed} {found:?}");
    }
}

proptest! {
    #[test]
    fn comparing_is_symmetric_and_within_bounds(
        [a, b, c, d] in [any_text(), any_text(), any_text(), any_text()],
    ) {
        let [one, other] = [text(&a, &b), text(&c, &d)];
        let found = compare(&one, &other);
        prop_assert_eq!(found, compare(&other, &one));
        for figure in [found.score, found.title, found.text, found.containment] {
            prop_assert!((0.0..=1.0).contains(&figure), "{:?}", found);
        }
    }

    #[test]
    fn a_record_is_its_own_duplicate_with_the_same_fingerprint(title in any_text(), body in any_text()) {
        let record = text(&title, &body);
        let found = compare(&record, &record.clone());
        prop_assert!(matches!(found.basis, Basis::Exact | Basis::Nothing));
        let [one, other] = [&record, &record.clone()].map(Fingerprint::of);
        prop_assert_eq!(&one, &other);
        prop_assert!(one.keys().len() <= Fingerprint::KEYS);
        prop_assert_eq!(one.keys().is_empty(), found.basis == Basis::Nothing);
    }
}
