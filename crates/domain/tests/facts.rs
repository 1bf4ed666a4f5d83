//! Facts: what a cell and a JSON value mean, and what can never be right.

use kechuang_domain::{
    Clause, Details, Fact, FactKind, FactValue, Library, Money, Span,
    fact::{MeasuredIndicator, Right},
};
use proptest::prelude::*;
use serde_json::json;

/// What a cell means, written as JSON; or the words of the refusal.
fn check(fact: Fact, cell: &str, wanted: Result<serde_json::Value, &str>) {
    let read = fact.parse_cell(cell);
    match (read, wanted) {
        (Ok(value), Ok(wanted)) => {
            let said = value.as_ref().map_or(serde_json::Value::Null, |value| fact.to_json(value));
            assert_eq!(said, wanted, "{fact}: {cell}");
        }
        (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
        (read, wanted) => panic!("{fact}: {cell}: {read:?}, not {wanted:?}"),
    }
}

#[test]
fn cells_are_read_as_people_write_them() {
    for (fact, cell, wanted) in [
        (Fact::Trl, "７", json!(7)),
        (Fact::Budget, "1,200.5", json!(1200.5)),
        (Fact::Budget, "120万元", json!(120.0)),
        (Fact::Budget, "1.2亿元", json!(12_000.0)),
        (Fact::Budget, "5000元", json!(0.5)),
        (Fact::RdIntensity, "3.5%", json!(3.5)),
        (Fact::HoursEffective, "1400小时", json!(1400.0)),
        (Fact::Deadline, "2027年6月30日", json!("2027-06-30")),
        (Fact::Deadline, "2027/6/30 00:00:00", json!("2027-06-30")),
        (Fact::Finished, "2025年3月", json!("2025-03")),
        (Fact::Stage, "中试", json!("中期")),
        (Fact::Kind, "中试基地", json!("中试线")),
        (Fact::Customs, "否", json!(false)),
        (Fact::Cooperation, "转让；许可、服务", json!(["转让", "许可", "服务"])),
        (Fact::Disciplines, "430 450", json!(["430", "450"])),
        (Fact::Industry, "C3252 铝压延加工", json!("C3252")),
        (Fact::DocumentNumber, "京发改规〔2023〕12 号", json!("京发改规〔2023〕12号")),
        (Fact::DocumentNumber, "县里的一份通知", json!("县里的一份通知")),
        (Fact::Trl, "  ", json!(null)),
        (
            Fact::Targets,
            "抗拉强度|≥320 MPa|必须\n气孔率｜≤1%",
            json!([{"indicator": "抗拉强度", "stated": "≥320 MPa", "condition": "必须"},
                   {"indicator": "气孔率", "stated": "≤1%"}]),
        ),
        (
            Fact::Rights,
            "发明专利|202510064282.X|示例大学",
            json!([{"right": "发明专利", "number": "202510064282.X", "holder": "示例大学"}]),
        ),
    ] {
        check(fact, cell, Ok(wanted));
    }
}

#[test]
fn what_can_never_be_right_is_told_with_its_form() {
    for (fact, cell, words) in [
        (Fact::Trl, "10", "1 到 9"),
        (Fact::Trl, "7.5", "整数"),
        (Fact::Budget, "-3", "万元"),
        (Fact::Budget, "NaN", "万元"),
        (Fact::RdIntensity, "120", "0 到 100 %"),
        (Fact::HoursEffective, "9000", "8784"),
        (Fact::Deadline, "明天", "2026-12-31"),
        (Fact::Deadline, "2027-02-30", "2026-12-31"),
        (Fact::Finished, "2025-13", "2026-12"),
        (Fact::Stage, "刚开始", "初期、中期、成熟应用"),
        (Fact::Customs, "也许", "是 或 否"),
        (Fact::OwnerCode, "91350200", "统一社会信用代码"),
        (Fact::ExplainedAt, "ftp://甲", "http://"),
    ] {
        check(fact, cell, Err(words));
    }
}

#[test]
fn rules_between_facts_hold() {
    let text = |text: &str| FactValue::from(text);
    for (library, facts, words) in [
        (
            Library::Policy,
            vec![
                (Fact::EffectiveFrom, text("2026-05-01")),
                (Fact::EffectiveUntil, text("2026-04-30")),
            ],
            "早于施行日期",
        ),
        (
            Library::Achievement,
            vec![(Fact::Started, text("2025-05")), (Fact::Finished, text("2025-04"))],
            "早于开始日期",
        ),
        (
            Library::Equipment,
            vec![
                (Fact::HoursEffective, FactValue::Number(100.0)),
                (Fact::HoursExternal, FactValue::Number(101.0)),
            ],
            "多于年有效机时",
        ),
        (Library::Demand, vec![(Fact::Secrecy, text("秘密"))], "只收公开信息"),
        (Library::Demand, vec![(Fact::Trl, FactValue::Whole(3))], "需求没有「技术成熟度」"),
    ] {
        let refused = Details::new(library, facts).expect_err("a refusal").to_string();
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn names_in_json_are_unique_and_lead_back() {
    let mut names = std::collections::BTreeSet::new();
    for fact in Fact::ALL {
        assert!(names.insert(fact.json_name()), "{fact}");
        assert_eq!(Fact::of_json_name(&fact.json_name()), Some(*fact));
        let labels = Fact::ALL.iter().filter(|other| {
            other.label() == fact.label()
                && other.libraries().iter().any(|one| fact.libraries().contains(one))
        });
        assert_eq!(labels.count(), 1, "two facts of one library are called {}", fact.label());
    }
}

#[test]
fn details_of_the_first_version_still_read() {
    let old = json!({"library": "demand", "category": "技术攻关", "budget": 38_000_000, "deadline": "2027-06-30"});
    let details: Details = serde_json::from_value(old.clone()).expect("details");
    assert_eq!(details.money(Fact::Budget), Money::from_wan_yuan(38.0));
    assert_eq!(serde_json::to_value(&details).expect("JSON"), old);
}

fn any_value(fact: Fact) -> BoxedStrategy<FactValue> {
    let word = "[|；、,一-龥a-z0-9≥ ]{0,6}[一-龥a-z0-9]";
    match fact.kind() {
        FactKind::Text => word.prop_map(FactValue::Text).boxed(),
        FactKind::Choice { options, .. } => {
            proptest::sample::select(options).prop_map(FactValue::from).boxed()
        }
        FactKind::List { .. } => {
            proptest::collection::vec(word, 1..4).prop_map(FactValue::List).boxed()
        }
        FactKind::Whole { least, most } => (least..=most).prop_map(FactValue::Whole).boxed(),
        FactKind::Number { most, .. } => (0.0..=most).prop_map(FactValue::Number).boxed(),
        FactKind::Money => (0i64..1_000_000_000_000_000).prop_map(FactValue::Whole).boxed(),
        FactKind::Date => Just(FactValue::from("2027-06-30")).boxed(),
        FactKind::Month => Just(FactValue::from("2027-06")).boxed(),
        FactKind::Flag => any::<bool>().prop_map(FactValue::Flag).boxed(),
        FactKind::Rights => (word, word)
            .prop_map(|(right, holder)| {
                FactValue::Rights(vec![Right { right, holder, ..Right::default() }])
            })
            .boxed(),
        FactKind::Indicators => proptest::collection::vec((word, word, word), 1..3)
            .prop_map(|rows| {
                let row = |(indicator, stated, condition)| MeasuredIndicator {
                    indicator,
                    stated,
                    condition,
                };
                FactValue::Indicators(rows.into_iter().map(row).collect())
            })
            .boxed(),
        FactKind::Clauses => word
            .prop_map(|title| {
                FactValue::Clauses(vec![Clause {
                    clause: "一、".to_owned(),
                    title,
                    span: Span { start: 0, end: 9 },
                    responsible: vec!["示例局".to_owned()],
                    support: Vec::new(),
                    cap: Money::from_wan_yuan(300.0),
                    window_from: None,
                    window_until: None,
                    rules: Vec::new(),
                }])
            })
            .boxed(),
        FactKind::Codes(_) => {
            let codes = if fact == Fact::Disciplines { ["430", "45030"] } else { ["C3252", "C32"] };
            Just(FactValue::List(codes.map(str::to_owned).to_vec())).boxed()
        }
        FactKind::Code(_) => Just(FactValue::from("https://example.cn/a?b=1")).boxed(),
    }
}

proptest! {
    /// What is written into a cell or into JSON is read back to the same value.
    #[test]
    fn a_written_fact_is_read_back(
        (fact, value) in proptest::sample::select(Fact::ALL).prop_flat_map(|fact| {
            (Just(fact), any_value(fact))
        })
    ) {
        let Ok(value) = fact.accept(value) else { return Ok(()) };
        let cell = fact.to_cell(&value);
        if !cell.is_empty() {
            prop_assert_eq!(fact.parse_cell(&cell), Ok(Some(value.clone())), "{}", cell);
            // 10^9 万元 in 分 is beyond what a float holds to the 分.
            if !matches!(value, FactValue::Whole(fen) if fen > 1 << 50) {
                prop_assert_eq!(fact.parse_json(&fact.to_json(&value)), Ok(Some(value)));
            }
        }
    }

    /// Whatever stands in a cell, reading it neither panics nor takes long.
    #[test]
    fn no_cell_breaks_the_reader(fact in proptest::sample::select(Fact::ALL), cell in ".{0,80}") {
        drop(fact.parse_cell(&cell));
    }
}

/// NUL ends a text in C, is refused by PostgreSQL and makes a text file look like data.
#[test]
fn rows_of_words_lose_their_nul() {
    let row = MeasuredIndicator {
        indicator: "硬\0度".to_owned(),
        stated: "≥\0 90 HB".to_owned(),
        condition: "\0".to_owned(),
    };
    let kept = Fact::Targets.accept(FactValue::Indicators(vec![row])).expect("accepted");
    let clean = MeasuredIndicator {
        indicator: "硬度".to_owned(),
        stated: "≥ 90 HB".to_owned(),
        condition: String::new(),
    };
    assert_eq!(kept, FactValue::Indicators(vec![clean]));
}
