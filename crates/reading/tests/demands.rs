//! Demands as firms write them, and the needs that are read from them.

mod support;

use std::sync::OnceLock;

use kechuang_domain::NeedKind::{self, Application, Effect, Indicator, Method};
use kechuang_reading::{Headings, PartRole, read_demand};
use kechuang_text::Lexicon;
use proptest::prelude::*;

fn rules() -> &'static (Lexicon, Headings) {
    static RULES: OnceLock<(Lexicon, Headings)> = OnceLock::new();
    RULES.get_or_init(|| {
        let headings = Headings::parse(include_str!("../../../data/lexicon/headings.tsv"));
        (support::lexicon(), headings.expect("headings"))
    })
}

fn check(text: &str, expected: &[(NeedKind, &str)]) {
    let (lexicon, headings) = rules();
    let reading = read_demand(lexicon, headings, text);
    let seen: Vec<_> = reading.needs.iter().map(|need| (need.kind, need.text.as_str())).collect();
    assert_eq!(seen, expected, "{text}");
}

#[test]
fn headings_part_what_is_asked_from_what_is_told() {
    check(
        "镁合金板材焊接\n需求背景：公司成立于2001年，产品出口多国。\n需求内容：解决镁合金板材焊接热裂问题。\n\
         预期目标：接头抗拉强度≥240MPa；气孔率低于1%。\n现有工作基础：已有焊机两台。",
        &[
            (Effect, "解决镁合金板材焊接热裂问题"),
            (Indicator, "接头抗拉强度≥240MPa"),
            (Indicator, "气孔率低于1%"),
        ],
    );
}

#[test]
fn headings_stand_in_brackets_with_numbers_or_within_a_line_too() {
    check(
        "一、【技术需求】开发赤泥脱碱工艺。二、【预期目标】钠含量不高于1%。三、工作基础：已有中试线。",
        &[(Method, "开发赤泥脱碱工艺"), (Indicator, "钠含量不高于1%")],
    );
}

#[test]
fn numbered_clauses_are_needs_of_their_own() {
    check(
        "1、研究低温浸出方法；2、降低酸耗，（3）适用于高岭石型粉煤灰④实现母液循环",
        &[
            (Method, "研究低温浸出方法"),
            (Effect, "降低酸耗"),
            (Application, "适用于高岭石型粉煤灰"),
            (Method, "实现母液循环"),
        ],
    );
}

#[test]
fn what_leads_up_to_a_list_tells_how_things_are() {
    check(
        "膜片平均运行1400h就破。希望找到懂膜腔设计的团队：\n1. 寿命不低于5000h；\n2. 温度不高于180℃。",
        &[
            (Method, "希望找到懂膜腔设计的团队"),
            (Indicator, "寿命不低于5000h"),
            (Indicator, "温度不高于180℃"),
        ],
    );
}

#[test]
fn a_heap_of_brackets_is_read_like_any_text() {
    let (lexicon, headings) = rules();
    for text in ["【【【需求", "((((((((需求内容：脱碱。", "（【（【目标】）】）"]
    {
        assert!(!read_demand(lexicon, headings, text).needs.is_empty(), "{text}");
    }
}

#[test]
fn full_width_numbers_are_numbers_too() {
    check("1．研究浸出方法；２、降低酸耗。", &[(Method, "研究浸出方法"), (Effect, "降低酸耗")]);
}

#[test]
fn a_sentence_with_several_indicators_is_several_needs() {
    check(
        "要求屈服强度≥240MPa，延伸率不小于10%，硬度不低于60HRC。",
        &[
            (Indicator, "要求屈服强度≥240MPa"),
            (Indicator, "延伸率不小于10%"),
            (Indicator, "硬度不低于60HRC"),
        ],
    );
}

#[test]
fn the_firm_itself_is_no_need() {
    check(
        "我公司成立于1998年，主营轴承钢。希望减少大颗粒夹杂物。",
        &[(Effect, "希望减少大颗粒夹杂物")],
    );
}

#[test]
fn a_number_alone_is_one_need() {
    check("1、\u{fffc}{\u{11660}<", &[(Method, "1、\u{fffc}{\u{11660}<")]);
}

#[test]
fn a_title_alone_is_one_need() {
    check("赤泥脱碱", &[(Method, "赤泥脱碱")]);
    check("，\n一", &[(Method, "，\n一")]);
    check("背景：我们是一家企业。", &[(Method, "背景：我们是一家企业")]);
}

#[test]
fn a_title_is_a_short_first_line_over_more_text() {
    let (lexicon, headings) = rules();
    let title = |text: &str| {
        let reading = read_demand(lexicon, headings, text);
        text[reading.title.start..reading.title.end].to_owned()
    };
    assert_eq!(title("  赤泥脱碱  \n需求内容：脱碱。"), "赤泥脱碱");
    assert_eq!(title("只有一行"), "");
    assert_eq!(title("这一行以句号结束。\n第二行"), "");
    assert_eq!(title(&format!("{}\n第二行", "长".repeat(61))), "");
}

#[test]
fn parts_know_their_roles() {
    let (lexicon, headings) = rules();
    let text =
        "需求内容：甲甲甲甲。\n技术指标：乙乙乙乙。\n约束条件：丙丙丙丙。\n企业简介：丁丁丁丁。";
    let reading = read_demand(lexicon, headings, text);
    let roles: Vec<_> = reading.parts.iter().map(|part| part.role).collect();
    use PartRole::{Background, Constraint, Need, Target};
    assert_eq!(roles, [Need, Target, Constraint, Background]);
}

#[test]
fn a_row_of_headings_that_cannot_be_read_is_told() {
    let error = Headings::parse("heading\trole\n目标\taim\n").expect_err("a mistake");
    assert!(error.to_string().contains("第 2 行"), "{error}");
}

fn any_demand() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[\u{4e00}-\u{9fff}]{1,10}",
        "(需求内容：|预期目标:|【技术指标】|工作基础：|约束条件\n)",
        "(1、|（2）|3\\. |④|一、|第三：|5．|６、|7．8)",
        "(抗拉强度≥310MPa|纯度99.9%以上|温度-40~85℃)",
        "[，。；：\n （）【】]{1,3}",
        "[【（(]{2,6}需求",
        "\\PC{1,5}",
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_need_is_a_verbatim_slice(text in any_demand()) {
        let (lexicon, headings) = rules();
        let reading = read_demand(lexicon, headings, &text);
        prop_assert!(reading.needs.len() <= 24);
        prop_assert_eq!(reading.needs.is_empty(), !text.chars().any(char::is_alphanumeric));
        for need in &reading.needs {
            prop_assert_eq!(need.span.of(&text), Some(need.text.as_str()));
        }
        for part in &reading.parts {
            prop_assert!(part.span.of(&text).is_some());
        }
    }
}
