//! Policies as offices publish them, and what is read of them.

use kechuang_domain::{Clause, Money, RuleKind};
use kechuang_reading::{PolicyReading, read_policy, title_and_body};
use proptest::prelude::*;

/// A notice with a plan, as a page shows it; written for this test.
const NOTICE: &str = "网站支持IPv6   无障碍浏览\n\n\
    安河市人民政府办公室 关于印发《安河市科技创新 若干措施》的通知\n\n\
    来源: 安河市人民政府门户网站 发布时间: 2026-01-22 10:15\n\n\
    安河市人民政府办公室\n\n关于印发《安河市科技创新\n\n若干措施》的通知\n\n\n安政办发〔2026〕3 号\n\n\n\
    各县(市、区)人民政府,市直各单位:\n\n现将《安河市科技创新若干措施》印发给你们。\n\n\
    安河市人民政府办公室\n\n2026年1月16日  \n\n(此件公开发布)\n\n安河市科技创新若干措施\n\n\
    一、总体要求\n\n以产业需求为导向。\n\n二、重点任务\n\n(一)支持研发\n\n\
    1.支持企业攻关。对高新技术企业给予最高不超过300万元补助。(责任单位:市科技局、各县(市、区)人民政府)\n\n\
    2．支持中试。按照不超过投资额的30%给予奖励,最高1000万元。(市科技局牵头,市工信局、市财政局配合)\n\n\
    (二)支持氢能产业\n\n面向科技型中小企业。\n牵头单位：市能源局；配合单位：市科技局、市财政局\n\n\
    三、附则\n\n本措施自2026年3月1日起施行，有效期3年。\n\n\
    政策咨询:安河市科技局 王某 0358-1234567\n\n附件:\n1.申报书\n2.汇总表";

fn units(reading: &PolicyReading) -> Vec<(&str, Vec<&str>)> {
    let named = reading.clauses.iter().filter(|clause| !clause.responsible.is_empty());
    named
        .map(|clause| {
            let units = clause.responsible.iter().map(String::as_str).collect();
            (clause.clause.as_str(), units)
        })
        .collect()
}

fn day(text: &str) -> Option<kechuang_domain::Date> {
    text.parse().ok()
}

fn paths(text: &str) -> Vec<String> {
    read_policy(text).clauses.into_iter().map(|clause| clause.clause).collect()
}

/// Reads `words` as the only clause of a document of 安河市.
fn clause_of(words: &str) -> (Clause, String) {
    let reading = read_policy(&format!("安河市科技局关于支持创新的通知\n1.{words}"));
    assert_eq!(reading.clauses.len(), 1, "{words}");
    (reading.clauses[0].clone(), reading.body)
}

fn check_head(text: &str, title: &str, number: Option<&str>, issuers: &[&str], place: [&str; 2]) {
    let reading = read_policy(text);
    assert_eq!(reading.title, title, "{text}");
    assert_eq!(reading.document_number.as_deref(), number, "{text}");
    let read = reading.issuer.iter().chain(&reading.joint_issuers);
    assert_eq!(read.map(String::as_str).collect::<Vec<_>>(), issuers, "{text}");
    let read = [reading.level, reading.region_name.as_deref()].map(Option::unwrap_or_default);
    assert_eq!(read, place, "{text}");
}

fn check_cap(words: &str, support: &[&str], wan_yuan: Option<f64>) {
    let (clause, _) = clause_of(words);
    assert_eq!(clause.support, support, "{words}");
    assert_eq!(clause.cap, wan_yuan.and_then(Money::from_wan_yuan), "{words}");
}

fn check_rules(words: &str, expected: &[(RuleKind, &[&str], &str)]) {
    let (clause, body) = clause_of(words);
    let seen: Vec<_> = clause
        .rules
        .iter()
        .map(|rule| {
            let any_of: Vec<&str> = rule.any_of.iter().map(String::as_str).collect();
            (rule.rule, any_of, rule.span.of(&body).unwrap_or_default())
        })
        .collect();
    let expected: Vec<_> =
        expected.iter().map(|(rule, any_of, words)| (*rule, any_of.to_vec(), *words)).collect();
    assert_eq!(seen, expected, "{words}");
}

fn check_force(words: &str, from: &str, until: &str) {
    let text = format!(
        "安河市科技局关于支持创新的办法\n发布日期：2026-01-22\n第一条 {words}\n2026年1月16日"
    );
    let reading = read_policy(&text);
    assert_eq!(
        (reading.effective_from, reading.effective_until),
        (day(from), day(until)),
        "{words}"
    );
}

fn check_window(words: &str, from: &str, until: &str, yearly: &[&str]) {
    let (clause, _) = clause_of(words);
    assert_eq!((clause.window_from, clause.window_until), (day(from), day(until)), "{words}");
    let kept: Vec<&str> = clause
        .rules
        .iter()
        .filter(|rule| rule.rule == RuleKind::Other)
        .flat_map(|rule| rule.any_of.iter().map(String::as_str))
        .collect();
    assert_eq!(kept, yearly, "{words}");
}

#[test]
fn a_notice_is_read_into_its_fields() {
    let title = "安河市人民政府办公室关于印发《安河市科技创新若干措施》的通知";
    let number = Some("安政办发〔2026〕3号");
    check_head(NOTICE, title, number, &["安河市人民政府办公室"], ["市", "安河市"]);
    let reading = read_policy(NOTICE);
    assert_eq!(reading.written_on, day("2026-01-16"));
    assert_eq!(reading.published_on, day("2026-01-22"));
    assert_eq!(reading.effective_from, day("2026-03-01"));
    assert_eq!(reading.effective_until, day("2029-02-28"));
    assert_eq!(reading.support_kinds, ["补助", "奖补"]);
    assert_eq!(reading.cap, Money::from_wan_yuan(1000.0));
    assert_eq!(reading.audience, ["企业", "高新技术企业", "科技型中小企业"]);
    assert_eq!(reading.hotline.as_deref(), Some("0358-1234567"));
    assert!(reading.body.starts_with("各县(市、区)人民政府"), "{}", reading.body);
    assert!(NOTICE[reading.body_start..].starts_with(&reading.body));
    let span = reading.title_span.and_then(|span| span.of(NOTICE)).unwrap_or_default();
    assert!(span.starts_with("安河市人民政府办公室\n\n关于") && span.ends_with("通知"), "{span}");
}

#[test]
fn every_number_is_a_clause_with_the_numbers_around_it() {
    let expected = ["一", "二", "二、(一)", "二、(一)1", "二、(一)2", "二、(二)", "三"];
    assert_eq!(paths(NOTICE), expected);
    assert_eq!(
        paths("甲办法\n一、甲。\n（一）乙。\n1、丙。\n（1）丁。\n①戊。\n②己。\n二、庚。"),
        [
            "一",
            "一、（一）",
            "一、（一）1",
            "一、（一）1（1）",
            "一、（一）1（1）①",
            "一、（一）1（1）②",
            "二",
        ]
    );
    assert_eq!(paths("1．甲\n（1）乙。\n（2）丙。\n2．丁。"), ["1", "1（1）", "1（2）", "2"]);
}

#[test]
fn a_text_by_articles_is_read_by_articles() {
    let text = "安河市奖励办法\n（2020年5月1日安河市人民政府公布）\n目录\n第一章 总则\n第二章 附则\n\
        第一章 总则\n第一条 为了奖励，制定本办法。\n第二条 条件：\n（一）甲；\n（二）乙。\n\
        第三条规定的奖励由市级承担。\n第二章 附则\n第四条 自公布之日起施行。";
    assert_eq!(paths(text), ["第一条", "第二条", "第三条", "第四条"]);
    assert_eq!(paths("甲办法\n1、奖励甲。（责任单位：乙局）2、奖励丙。"), ["1", "2"]);
    let one_line = "甲办法\n第一条　为了奖励。第二条　奖励。依照第九条办理。第三条　施行。";
    assert_eq!(paths(one_line), ["第一条", "第二条", "第三条"]);
}

#[test]
fn a_text_without_numbers_is_read_by_paragraphs() {
    let paragraph =
        "对在本市注册的企业给予不超过十万元的补助，具体办法另行通知，请有关单位组织申报。";
    assert_eq!(paths(&format!("甲通知书办法\n{paragraph}\n{paragraph}")), ["第1段", "第2段"]);
}

#[test]
fn an_amount_or_a_mention_is_no_number() {
    assert_eq!(
        paths("1．扩大开放\n推进 2.0 版和 3.0 版方案。\n2.5亿元到位。\n2．促进外资"),
        ["1", "2"]
    );
    assert_eq!(paths("1．申报方向 1、方向 2、方向 3、方向 4 的企业。\n2．其他"), ["1", "2"]);
}

#[test]
fn a_clause_ends_where_the_page_goes_on() {
    let reading = read_policy(NOTICE);
    let last = reading.clauses.last().and_then(|clause| clause.span.of(&reading.body));
    assert_eq!(last, Some("三、附则\n\n本措施自2026年3月1日起施行，有效期3年。"));
}

#[test]
fn offices_that_answer_are_named_those_that_lead_first() {
    let reading = read_policy(NOTICE);
    assert_eq!(
        units(&reading),
        [
            ("二、(一)1", vec!["市科技局", "各县(市、区)人民政府"]),
            ("二、(一)2", vec!["市科技局", "市工信局", "市财政局"]),
            ("二、(二)", vec!["市能源局", "市科技局", "市财政局"]),
        ]
    );
    let check = |words: &str, expected: &[&str]| {
        let (clause, _) = clause_of(words);
        assert_eq!(clause.responsible, expected, "{words}");
    };
    check("甲。配合单位：乙局，牵头单位：丙局", &["丙局", "乙局"]);
    check("甲。\n(责任单位：乙局、\n丙局)", &["乙局", "丙局"]);
    check("甲。（乙局、丙局等部门按职责分工负责）", &["乙局", "丙局"]);
    check("甲（乙局负责的除外）。由丙局负责。", &[]);
}

#[test]
fn offices_below_a_list_answer_for_all_of_it() {
    let text = "甲办法\n1.重点支持\n（1）甲。\n（2）乙。\n责任单位：丙局、丁局\n2.其他";
    assert_eq!(units(&read_policy(text)), [("1", vec!["丙局", "丁局"])]);
}

#[test]
fn issuers_stand_in_the_title_on_a_label_or_below() {
    check_head(
        "安河市科学技术局 安河市财政局\n关于印发《补助办法》的通知\n安科发〔2025〕8号\n各单位：\n请执行。",
        "安河市科学技术局 安河市财政局关于印发《补助办法》的通知",
        Some("安科发〔2025〕8号"),
        &["安河市科学技术局", "安河市财政局"],
        ["市", "安河市"],
    );
    check_head(
        "索引号：1234 发文机关：山西省科学技术厅\n发文字号：晋科发[2024]7 号 成文日期：2024-03-01\n关于支持创新的意见\n一、甲",
        "关于支持创新的意见",
        Some("晋科发〔2024〕7号"),
        &["山西省科学技术厅"],
        ["省", "山西省"],
    );
    check_head(
        "关于支持创新的意见\n一、甲\n孝义市人民政府\n2024年3月1日",
        "关于支持创新的意见",
        None,
        &["孝义市人民政府"],
        ["县", "孝义市"],
    );
    check_head(
        "中共安河市委办公室 安河市人民政府办公室印发《关于创新的措施》的通知\n一、甲",
        "中共安河市委办公室 安河市人民政府办公室印发《关于创新的措施》的通知",
        None,
        &["中共安河市委办公室", "安河市人民政府办公室"],
        ["市", "安河市"],
    );
    check_head(
        "太原市小店区人民政府办公室关于印发措施的通知\n一、甲",
        "太原市小店区人民政府办公室关于印发措施的通知",
        None,
        &["太原市小店区人民政府办公室"],
        ["县", "小店区"],
    );
    check_head(
        "国家市场监督管理总局关于质量的公告\n一、甲",
        "国家市场监督管理总局关于质量的公告",
        None,
        &["国家市场监督管理总局"],
        ["国家", ""],
    );
    check_head("资本市场条例\n第一条 甲。", "资本市场条例", None, &[], ["", ""]);
    check_head("北京市科技条例\n第一条 甲。", "北京市科技条例", None, &[], ["省", "北京市"]);
}

#[test]
fn support_and_its_cap_are_found() {
    check_cap("给予最高不超过300万元的补贴。", &["补助"], Some(300.0));
    check_cap("按照不超过投资额的30%、最高1000万元奖励。", &["奖补"], Some(1000.0));
    check_cap("对获奖单位给予50万元一次性奖励。", &["奖补"], Some(50.0));
    check_cap("分别给予100万元、50 万元资助，每年最高1.5亿元。", &["补助"], Some(15_000.0));
    check_cap("给予五十万元补助，每项不高于２０万元。", &["补助"], Some(50.0));
    check_cap("采取“先缴后补”方式给予场地租金补贴。", &["租金先缴后补"], None);
    check_cap(
        "落实研发费用加计扣除，设立专项基金，建立容错机制，开展先行先试。",
        &["税收", "基金", "先行先试", "免责"],
        None,
    );
    check_cap("人才支持。对引进人才发放安家费。", &["人才"], None);
}

#[test]
fn an_amount_that_is_no_grant_is_no_cap() {
    check_cap("对年营业收入超过5000万元的企业给予补助。", &["补助"], None);
    check_cap("注册资金不高于2000万元的企业可获奖励。", &["奖补"], None);
    check_cap("对投资1亿元以上的项目给予奖励。", &["奖补"], None);
    check_cap("骗取补助的，处五万元以上二十万元以下罚款。", &[], None);
    check_cap("奖励比例最高30%。", &["奖补"], None);
}

#[test]
fn conditions_are_kept_with_their_words() {
    use RuleKind::{Audience, Chain, FirmSize, Other};
    check_rules(
        "支持高新技术企业、高校开展攻关。",
        &[(Audience, &["高新技术企业", "高校院所"], "支持高新技术企业、高校开展攻关")],
    );
    check_rules(
        "对“专精特新”企业给予奖励。",
        &[(Audience, &["专精特新企业"], "对“专精特新”企业给予奖励")],
    );
    check_rules(
        "鼓励中小企业上云，提高水平。",
        &[
            (Audience, &["企业"], "鼓励中小企业上云"),
            (FirmSize, &["中型", "小型", "微型"], "鼓励中小企业上云"),
        ],
    );
    check_rules(
        "对氢能企业给予补助。",
        &[
            (Audience, &["企业"], "对氢能企业给予补助"),
            (Chain, &["hydrogen"], "对氢能企业给予补助"),
        ],
    );
    check_rules(
        "面向在山西省行政区域内注册的高校、科研院所。",
        &[
            (Audience, &["高校院所"], "面向在山西省行政区域内注册的高校、科研院所"),
            (Other, &["山西省"], "在山西省行政区域内注册"),
        ],
    );
    check_rules(
        "申报企业须在本市注册。",
        &[(Audience, &["企业"], "申报企业须在本市注册"), (Other, &["安河市"], "在本市注册")],
    );
    check_rules(
        "申报条件：上年度研发投入不低于营业收入的3%；信用良好。",
        &[
            (
                Other,
                &["申报条件：上年度研发投入不低于营业收入的3%"],
                "申报条件：上年度研发投入不低于营业收入的3%",
            ),
            (Other, &["信用良好"], "信用良好"),
        ],
    );
    check_rules("固废利用\n推进赤泥利用。", &[(Chain, &["solid-waste"], "固废利用")]);
}

#[test]
fn what_only_mentions_firms_is_no_condition() {
    check_rules("提升企业水平，发展氢能、特钢等产业。", &[]);
    check_rules("支持科技企业孵化器建设。", &[]);
    check_rules("加强企业所得税征管。", &[]);
    check_rules("平台能够持续面向企业提供服务。", &[]);
    check_rules("对亏损企业给予的补助不纳入支持范围，不予支持。", &[]);
    check_rules("支持科技条件平台建设。平台开放共享。", &[]);
}

#[test]
fn a_policy_says_from_when_to_when_it_holds() {
    check_force("本办法自2026年3月1日起施行，有效期3年。", "2026-03-01", "2029-02-28");
    check_force("本办法自发布之日起施行，有效期至2028年12月31日。", "2026-01-22", "2028-12-31");
    check_force("本办法自印发之日起30日后施行。", "2026-02-15", "");
    check_force(
        "本办法自印发之日起施行，有效期为五年。原办法自2020年1月1日起施行。",
        "2026-01-16",
        "2031-01-15",
    );
    check_force("本办法自2024年1月1日起执行至2026年12月31日。", "2024-01-01", "2026-12-31");
    check_force("本办法由市科技局解释。", "", "");
}

#[test]
fn the_time_to_apply_is_read_or_its_words_are_kept() {
    check_window("申报时间：2026年5月1日—5月31日。", "2026-05-01", "2026-05-31", &[]);
    check_window("请于2027年1月10日前提交材料。", "", "2027-01-10", &[]);
    check_window("申报截止时间为2026年6月30日。", "", "2026-06-30", &[]);
    check_window("每年3月1日至4月30日受理申报。", "", "", &["每年3月1日至4月30日"]);
    check_window("申报时间为2026年3月10日8:00至4月15日18时。", "2026-03-10", "2026-04-15", &[]);
    check_window("2026年5月1日召开会议。", "", "", &[]);
}

#[test]
fn a_document_has_a_title_and_words() {
    let check = |text: &str, title: &str, body: &str| {
        assert_eq!(title_and_body(text), (title.to_owned(), body.to_owned()), "{text}");
    };
    check("\n 赤泥脱碱技术 \n\n 需要脱碱。\n", "赤泥脱碱技术", "需要脱碱。");
    check("需求名称：赤泥脱碱\n需要脱碱。", "赤泥脱碱", "需要脱碱。");
    check("需要脱碱。\n急。", "", "需要脱碱。\n急。");
    check("赤泥脱碱", "", "赤泥脱碱");
}

#[test]
fn reading_takes_time_in_proportion_to_the_text() {
    let pieces = [
        "(",
        "（责任单位：",
        "第",
        "一、",
        "1.",
        "2026年",
        "对企业给予",
        "最高",
        "甲",
        "。",
        "\n",
        " ",
        "一",
    ];
    for piece in pieces {
        let start = std::time::Instant::now();
        let text = piece.repeat(200_000 / piece.chars().count());
        let read = read_policy(&text);
        assert!(read.body.len() <= text.len());
        // A reading in quadratic time takes minutes.
        assert!(start.elapsed().as_secs() < 20, "{piece}: {:?}", start.elapsed());
    }
}

fn check_spans(text: &str) -> Result<(), TestCaseError> {
    let reading = read_policy(text);
    prop_assert!(text.is_char_boundary(reading.body_start));
    prop_assert!(reading.title_span.is_none_or(|span| span.of(text).is_some()));
    for clause in &reading.clauses {
        let words = clause.span.of(&reading.body);
        prop_assert!(words.is_some_and(|words| !words.is_empty()));
        prop_assert!(words.is_some_and(|words| words.contains(&clause.title)));
        for rule in &clause.rules {
            let quoted = rule.span.of(&reading.body);
            prop_assert!(quoted.is_some_and(|words| !words.is_empty()));
            prop_assert!(rule.span.start >= clause.span.start && rule.span.end <= clause.span.end);
        }
    }
    Ok(())
}

fn any_policy() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[\u{4e00}-\u{9fff}]{1,10}",
        "(一、|（二）|\\(三\\)|1[.．、]|（4）|⑤|第六条 |第二章 |第十二条|2）|3．5|1\\.2026年)",
        "(责任单位：|\\(市科技局牵头|,市工信局配合\\)|牵头单位:|、各县\\(市、区\\)人民政府|\\))",
        "(安河市人民政府|关于印发《|办法》的通知|安政发〔2026〕3号|来源:|发布时间: 2026-01-22|目录)",
        "(对高新技术企业|支持中小企业|给予|最高|不超过|300万元|1\\.5亿元|的30%|补助|奖励|在本市注册|申报条件：)",
        "(自|2026年3月1日|起施行|有效期3年|至4月30日|二〇二六年|每年|申报|13月45日|印发之日起30日后)",
        "(附件：|解读链接|\u{0}|\r\n|\u{feff}|\u{3000})",
        "[，。；：、\n （）()【】]{1,3}",
        "\\PC{1,5}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_place_is_in_the_words_of_any_text(text in "(?s).{0,200}") {
        check_spans(&text)?;
    }

    #[test]
    fn every_place_is_in_the_words_of_a_jumbled_policy(text in any_policy()) {
        check_spans(&text)?;
    }
}
