//! Free texts, and the fields that are read from them.

mod support;

use std::sync::OnceLock;

use kechuang_domain::Library::{self, Achievement, Demand, Policy};
use kechuang_reading::record::{Grounds, ReadField, grounded, read_record};
use kechuang_text::Lexicon;
use proptest::prelude::*;

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(support::lexicon)
}

fn check(library: Library, text: &str, expected: &[(&str, &str)]) {
    let read = read_record(lexicon(), library, text);
    let seen: Vec<_> = read.iter().map(|one| (one.field.code(), one.value.as_str())).collect();
    assert_eq!(seen, expected, "{text}");
    for one in read {
        let quote = one.quote.of(text).expect("a quote within the text");
        let held = grounded(lexicon(), library, text, one.field, &one.value, quote);
        assert!(matches!(held, Grounds::Said(_)), "{} {} {quote}", one.field.code(), one.value);
    }
}

#[test]
fn a_form_is_read_by_its_labels() {
    check(
        Demand,
        "技术需求表\n需求名称：电解槽隔膜\n申报单位：示例氢能（大同）有限公司（研发部）\n注册资本：5000万元\n考核指标：\n\
         1. 面电阻≤0.2 Ω·cm²\n2. 28 d抗压强度不低于30 MPa\n约束：槽体不改；不得外排废水\n成熟度：现为TRL4，到TRL7\n\
         起止时间：2026年10月至2028年9月\n预算：1.2亿元，其中补助300万元\n合作方式：☑技术转让 ☐专利许可 ☑委托开发",
        &[
            ("title", "电解槽隔膜"),
            ("owner", "示例氢能（大同）有限公司"),
            ("targets", "面电阻|≤0.2 Ω·cm²"),
            ("targets", "28 d抗压强度|≥30 MPa"),
            ("constraints", "槽体不改"),
            ("constraints", "不得外排废水"),
            ("expected_trl", "7"),
            ("deadline", "2028-09-30"),
            ("budget", "12000 万元"),
            ("cooperation", "转让；开发"),
        ],
    );
}

#[test]
fn a_message_is_read_by_the_words_around_a_value() {
    check(
        Demand,
        "我们是示例镁业有限公司，去年产值三亿元，现有能耗4.6吨标煤。想把还原周期缩短到九小时以内，镁锭纯度百分之九十九以上。\n\
         炉子不能动。公司准备拿出一百五十万元，2027年第三季度末前见效，可以联合开发。",
        &[
            ("owner", "示例镁业有限公司"),
            ("targets", "还原周期|≤9 小时"),
            ("targets", "镁锭纯度|≥99%"),
            ("constraints", "炉子不能动"),
            ("deadline", "2027-09-30"),
            ("budget", "150 万元"),
            ("cooperation", "开发"),
        ],
    );
}

#[test]
fn what_an_achievement_reached_is_told_from_plans_and_from_others() {
    check(
        Achievement,
        "示例大学材料与工程学院研制的压铸合金，热导率达到175 W/(m·K)，而市售合金的热导率只有96 W/(m·K)。\n\
         项目2021年立项，2024年8月通过验收，总体国内领先，其中熔炼国际先进。目前完成中试，计划2028年产业化，届时抗拉强度到300 MPa。\n\
         可专利许可，许可费50万元，另按销售额2%提成。",
        &[
            ("owner", "示例大学材料与工程学院"),
            ("stage", "中期"),
            ("standing", "国内领先"),
            ("year", "2024"),
            ("measured", "热导率|≥175 W/(m·K)"),
            ("asking_price", "许可费50万元，另按销售额2%提成"),
            ("cooperation", "许可"),
        ],
    );
}

#[test]
fn old_values_shortfalls_and_other_money_are_not_what_is_asked() {
    check(
        Demand,
        "需求名称：成材率提升\n目标：成材率由71%提高到78%以上；能耗从5.2 kWh/kg降到4.1 kWh/kg以下；一级品率不低于98%\n\
         经费：1亿2000万元\n现状：成材率达不到75%，进口设备花了50万美元",
        &[
            ("title", "成材率提升"),
            ("targets", "成材率|≥78%"),
            ("targets", "能耗|≤4.1 kWh/kg"),
            ("targets", "一级品率|≥98%"),
            ("budget", "12000 万元"),
        ],
    );
    check(Demand, "我厂成材率达不到90%，计划投入50万美元，装置投入后年处理3万瓶。", &[]);
    check(Demand, "单位：万元\n拟投入50万至100万元解决除尘。", &[("budget", "100 万元")]);
    check(Achievement, "该成果未达到国际先进水平，并非国内领先。", &[]);
}

#[test]
fn what_a_form_leaves_blank_is_not_looked_for_elsewhere() {
    check(
        Demand,
        "需求名称：钢渣膨胀抑制\n完成时间：（空）\n备注：2027年6月底前要开现场会，要求先看样品。",
        &[("title", "钢渣膨胀抑制")],
    );
}

#[test]
fn nothing_is_read_where_nothing_is_stated() {
    check(Demand, "", &[]);
    check(Demand, "老师好，上次的事谢谢您。", &[]);
    check(Policy, "需求名称：不在这里读\n预算：300万元", &[]);
}

/// Whether a value that somebody else has read is kept.
fn check_grounds(field: &str, value: &str, quote: &str, expected: Option<&str>) {
    let text = "示例铝业提出：总投资2600万元，其中土建900万元，2028年6月底前投产，能耗降到3.8吨标煤以下，炉体不动，可转让。";
    let field = ReadField::of_code(Demand, field).expect("a field of demands");
    let kept = match grounded(lexicon(), Demand, text, field, value, quote) {
        Grounds::Said(read) => Some(read.value),
        Grounds::NoQuote | Grounds::NotSaid => None,
    };
    assert_eq!(kept.as_deref(), expected, "{} {value} {quote}", field.code());
}

#[test]
fn a_value_is_kept_only_where_its_words_say_it() {
    check_grounds("budget", "2600万元", "总投资2600万元", Some("2600 万元"));
    check_grounds("budget", "2600 万元", "计划投资2600万元", None);
    check_grounds("budget", "3500 万元", "总投资2600万元，其中土建900万元", None);
    check_grounds("deadline", "2028-06-30", "2028年6月底前投产", Some("2028-06-30"));
    check_grounds("deadline", "2028-06-01", "2028年6月底前投产", None);
    check_grounds("targets", "能耗|≤3.8 吨标煤", "能耗降到3.8吨标煤以下", Some("能耗|≤3.8 吨标煤"));
    check_grounds("targets", "能耗|≥3.8 吨标煤", "能耗降到3.8吨标煤以下", None);
    check_grounds("targets", "水耗|≤3.8 吨标煤", "能耗降到3.8吨标煤以下", None);
    check_grounds("constraints", "炉体不动", "炉体不动", Some("炉体不动"));
    check_grounds("constraints", "炉体不得更换", "炉体不动", None);
    check_grounds("cooperation", "转让", "可转让", Some("转让"));
    check_grounds("cooperation", "转让；许可", "可转让", None);
    check_grounds("owner", "示例铝业", "示例铝业提出", Some("示例铝业"));
    check_grounds("owner", "示例铝业", "", None);
    // A quote begins within no number, and leaves no 不 out.
    check_grounds("budget", "600 万元", "600万元", None);
    check_grounds("budget", "9 万元", "9", None);
    check_grounds("targets", "炉体|≤3.8 吨标煤", "能耗降到3.8吨标煤以下", None);
    check_grounds("constraints", "动", "炉体不动", None);
}

#[test]
fn reading_takes_time_in_proportion_to_the_text() {
    let pieces = [
        "(",
        "（",
        "公司",
        "大学",
        "研究院与",
        "预算",
        "300万",
        "2027年",
        "不得",
        "≤3MPa",
        "要求",
        "转让",
        "成熟度",
        "三",
        "百分之",
        "，",
        "；",
        "。",
        "\n",
        " ",
        "：",
        "一、",
        "【",
        "|",
        "由3%到",
        "强度3d",
        "以上",
        "示例大学与",
    ];
    for piece in pieces {
        for library in [Demand, Achievement] {
            let start = std::time::Instant::now();
            let text = format!("【{}】\n{}", "厂".repeat(400), piece.repeat(30_000 / piece.len()));
            let read = read_record(lexicon(), library, &text);
            assert!(read.iter().all(|one| one.quote.end <= text.len()));
            // A reading in quadratic time takes minutes.
            assert!(start.elapsed().as_secs() < 20, "{piece}: {:?}", start.elapsed());
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_read_stands_in_the_text(text in "[一二三百万年月日前底0-9.：:，。；\n 预算元需求名称单位示例公司不得≤%MPa不低于以上百分之点（）【】|至]{0,120}") {
        for library in [Demand, Achievement] {
            for one in read_record(lexicon(), library, &text) {
                let quote = one.quote.of(&text);
                prop_assert!(quote.is_some_and(|quote| !quote.is_empty()), "{one:?}");
                let is_text = matches!(one.field, ReadField::Owner | ReadField::Text(_));
                prop_assert!(!is_text || quote.is_some_and(|quote| quote.contains(&one.value)), "{one:?}");
            }
        }
    }
}
