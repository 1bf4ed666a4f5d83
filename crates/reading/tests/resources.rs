//! Sentences, and the resources that are read from them.

mod support;

use std::sync::OnceLock;

use kechuang_domain::ResourceKind::{self, Computing, Instrument, Laboratory, PilotLine, Service};
use kechuang_reading::{ResourceCues, Voice, read_measures, read_resources};
use kechuang_text::Lexicon;
use proptest::prelude::*;

fn rules() -> &'static (Lexicon, ResourceCues) {
    static RULES: OnceLock<(Lexicon, ResourceCues)> = OnceLock::new();
    RULES.get_or_init(|| {
        let cues = ResourceCues::parse(include_str!("../../../data/lexicon/resources.tsv"));
        (support::lexicon(), cues.expect("cues"))
    })
}

fn check(voice: Voice, cases: &[(&str, &[(ResourceKind, &str)])]) {
    let (lexicon, cues) = rules();
    for (text, expected) in cases {
        let found = read_resources(lexicon, cues, text, voice);
        let seen: Vec<_> = found.iter().map(|one| (one.kind, one.what.as_str())).collect();
        assert_eq!(seen, *expected, "{text}");
        for one in found {
            assert!(one.span.of(text).is_some_and(|words| !words.is_empty()), "{text}");
        }
    }
}

#[test]
fn a_demand_asks_for_pilot_lines_laboratories_instruments_and_computing() {
    check(
        Voice::Demand,
        &[
            ("急需寻找有水热法中试条件的单位开展放大试验。", &[(PilotLine, "中试")]),
            ("先做5m³/d中试，再议放大。", &[(PilotLine, "中试")]),
            ("小试已完成，需中试放大。", &[(PilotLine, "中试放大")]),
            ("我方缺少检测条件。", &[(Instrument, "检测条件")]),
            ("需要XRD、SEM表征。", &[(Instrument, "X射线衍射仪"), (Instrument, "扫描电子显微镜")]),
            (
                "希望做ＸＲＤ分析，成分分析。",
                &[(Instrument, "X射线衍射仪"), (Instrument, "光谱仪")],
            ),
            ("须完成疲劳试验。", &[(Instrument, "疲劳试验机")]),
            ("出具CMA报告，首批结果在签约后45天内提交。", &[(Laboratory, "CMA报告")]),
            ("验收以第三方检测报告为准。", &[(Laboratory, "第三方检测报告")]),
            ("需要对膜腔做流固耦合仿真。", &[(Computing, "仿真")]),
            ("缺陷识别的模型训练缺GPU。", &[(Computing, "模型训练"), (Computing, "算力")]),
            ("需开展焊接工艺评定。", &[(Service, "焊接工艺评定")]),
            (
                "承担单位须具备粉尘爆炸参数的测试条件。",
                &[(Laboratory, "粉尘爆炸"), (Instrument, "测试条件")],
            ),
            ("涂层工艺须能在国内放大。", &[(PilotLine, "放大")]),
        ],
    );
}

#[test]
fn what_is_there_done_or_meant_otherwise_is_not_asked_for() {
    check(
        Voice::Demand,
        &[
            ("已完成吨级中试。", &[]),
            ("中试已完成，指标稳定。", &[]),
            ("至少完成过千吨级以上中试。", &[]),
            ("现有热模拟试验机可配合开展高温塑性试验。", &[]),
            ("公司已有中试线一条。", &[]),
            ("具有液氮蒸发率试验台，配有夹杂物自动扫描电镜。", &[]),
            ("本项目不需要中试。", &[]),
            ("在线检测系统误报率低于3%。", &[]),
            ("需求来自员工培训和训练。", &[]),
            ("晶粒放大后可见。", &[]),
            ("用有限元做过分析。", &[]),
            ("反应器供应商的应力仿真结果偏高。", &[]),
            ("semantic 与 items 不是仪器。", &[]),
        ],
    );
}

#[test]
fn a_report_needs_what_it_says_it_needs_and_a_list_everything_in_it() {
    check(
        Voice::Report,
        &[
            ("经中试验证，产品稳定。", &[]),
            ("采用XRD和SEM分析了物相。", &[]),
            ("尚待吨级试验验证。", &[(PilotLine, "吨级试验")]),
            ("下一步须在中试线上连续运行。", &[(PilotLine, "中试线")]),
        ],
    );
    check(
        Voice::List,
        &[
            (
                "水热法中试线；压力试验机以外还有XRD",
                &[(PilotLine, "中试线"), (Instrument, "X射线衍射仪")],
            ),
            ("仿真算力", &[(Computing, "仿真"), (Computing, "算力")]),
            ("已有中试线", &[]),
        ],
    );
}

#[test]
fn an_indicator_names_what_measures_it() {
    let (lexicon, cues) = rules();
    let cases: [(&str, &[&str]); 6] = [
        ("接头抗拉强度≥240MPa", &["力学试验机"]),
        ("腐蚀电流密度≤0.5μA/cm²", &["电化学工作站"]),
        ("处理后赤泥干基Na₂O≤1.0%", &["X射线荧光光谱仪"]),
        ("28d抗压强度不低于15MPa，比表面积≥430m²/kg", &["压力试验机", "激光粒度仪"]),
        ("NOx原始排放≤130mg/m³", &["烟气分析仪"]),
        ("误报率不高于3%", &[]),
    ];
    for (words, expected) in cases {
        let found = read_measures(lexicon, cues, words);
        let seen: Vec<_> = found.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(seen, expected, "{words}");
    }
}

#[test]
fn qualifications_come_with_the_laboratory() {
    let (lexicon, cues) = rules();
    let found = read_resources(lexicon, cues, "须有CMA、CNAS资质。", Voice::Demand);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].qualifications, ["CMA", "CNAS"]);
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    for table in ["中试\tpilot", "中试\tpilot_line\tsometimes", "\task", "中试"] {
        let wrong = ResourceCues::parse(&format!("# 说明\n{table}")).expect_err(table);
        assert_eq!(wrong.line, 2, "{table}");
    }
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in "[中试已需，。；X射线衍射a-z ①²\\n]{0,80}") {
        let (lexicon, cues) = rules();
        for voice in [Voice::List, Voice::Demand, Voice::Report] {
            for one in read_resources(lexicon, cues, &text, voice) {
                prop_assert!(one.span.of(&text).is_some());
            }
        }
        for one in read_measures(lexicon, cues, &text) {
            prop_assert_eq!(one.span.of(&text), Some(text.as_str()));
        }
    }
}
