//! Policies, applicants, and what every check says.

use kechuang_domain::{
    Applicant, Basis, CheckKind, Clause, ClauseRule, Content, Date, Details, Fact, FactValue,
    Library, PartyKind, RuleKind, Span, TextField, Tier, TieredText, Verdict, Viewer,
};
use kechuang_ranking::eligibility::{check, check_clause, excludes};

const BODY: &str = "第一条 对中试平台给予补助。每年集中申报一次。第二条 限本市中小企业。";

struct Policy {
    facts: Vec<(Fact, FactValue)>,
    region: Option<&'static str>,
    chain: Option<&'static str>,
    body: &'static str,
    conditions: &'static str,
}

fn policy() -> Policy {
    Policy { facts: Vec::new(), region: None, chain: None, body: "给予补助。", conditions: "" }
}

fn content(policy: &Policy) -> Content {
    let public = |text: &str| TieredText { text: text.to_owned(), tier: Tier::Public };
    let texts = [
        (TextField::Title, public("办法")),
        (TextField::Body, public(policy.body)),
        (TextField::Conditions, public(policy.conditions)),
    ];
    let details = Details::new(Library::Policy, policy.facts.clone()).expect("fine facts");
    let mut content = Content::new(texts, details).expect("fine content");
    content.region = policy.region.map(|region| region.parse().expect("a region"));
    content.chain = policy.chain.map(|chain| chain.parse().expect("a chain"));
    content
}

fn firm() -> Applicant {
    Applicant {
        region: Some("141181".parse().expect("a region")),
        chain: Some("hydrogen".parse().expect("a chain")),
        kind: Some(PartyKind::Firm),
        size: Some("小型".to_owned()),
        industry: Some("C3252".to_owned()),
    }
}

fn today() -> Date {
    "2026-11-24".parse().expect("a day")
}

fn list(items: &[&str]) -> FactValue {
    FactValue::List(items.iter().map(|item| (*item).to_owned()).collect())
}

/// The verdict of one check, and whether the policy is out.
#[track_caller]
fn verdict(policy: &Policy, applicant: &Applicant, kind: CheckKind) -> Option<Verdict> {
    let content = content(policy);
    let checks = check(&content, Viewer::Public, applicant, today());
    for check in &checks {
        // Whatever is quoted stands there.
        if let Some(Basis::Text(quote)) = &check.basis {
            let text = content.text_for(Viewer::Public, quote.field).expect("a text");
            assert_eq!(quote.span.of(text), Some(quote.text()));
        }
    }
    let found = checks.iter().find(|check| check.check == kind).map(|check| check.verdict);
    if found == Some(Verdict::Fail) {
        assert!(excludes(&checks));
    }
    found
}

const PASS: Option<Verdict> = Some(Verdict::Pass);
const FAIL: Option<Verdict> = Some(Verdict::Fail);
const UNKNOWN: Option<Verdict> = Some(Verdict::Unknown);

#[test]
fn what_has_expired_or_was_revoked_is_out() {
    let cases: [(&[(Fact, &str)], _); 9] = [
        (&[], UNKNOWN),
        (&[(Fact::Validity, "有效")], PASS),
        (&[(Fact::Validity, "废止")], FAIL),
        (&[(Fact::Validity, "修订")], FAIL),
        (&[(Fact::EffectiveUntil, "2026-11-23")], FAIL),
        (&[(Fact::EffectiveUntil, "2026-11-24")], PASS),
        (&[(Fact::EffectiveFrom, "2026-11-25")], FAIL),
        (&[(Fact::EffectiveFrom, "2026-01-01")], PASS),
        (&[(Fact::ReplacedBy, "新办法")], FAIL),
    ];
    for (facts, expected) in cases {
        let facts = facts.iter().map(|(fact, value)| (*fact, FactValue::from(*value))).collect();
        let seen = verdict(&Policy { facts, ..policy() }, &firm(), CheckKind::Validity);
        assert_eq!(seen, expected);
    }
}

#[test]
fn a_hidden_end_still_ends_a_policy() {
    let mut ended = content(&policy());
    let facts = [(Fact::EffectiveUntil, FactValue::from("2025-01-01"))];
    let details = Details::new(Library::Policy, facts).expect("fine facts");
    let details = details.with_tiers([(Fact::EffectiveUntil, Tier::Agreement)]);
    let texts: Vec<_> = ended.all_texts().map(|(field, text)| (field, text.clone())).collect();
    ended = Content::new(texts, details).expect("fine content");
    let checks = check(&ended, Viewer::Public, &firm(), today());
    assert!(excludes(&checks));
    assert_eq!(checks[0].basis, None);
}

#[test]
fn a_policy_is_for_its_place_and_what_lies_in_it() {
    let at = |region: &str| Applicant { region: region.parse().ok(), ..Applicant::default() };
    let cases = [
        (Some("141100"), at("141181"), PASS),
        (Some("100000"), at("141181"), PASS),
        (Some("141181"), at("141181"), PASS),
        (Some("141182"), at("141181"), FAIL),
        (Some("141181"), at("141100"), UNKNOWN),
        (Some("140100"), at("141181"), FAIL),
        (Some("141100"), Applicant::default(), UNKNOWN),
        (None, at("141181"), None),
    ];
    for (region, applicant, expected) in cases {
        let seen = verdict(&Policy { region, ..policy() }, &applicant, CheckKind::Region);
        assert_eq!(seen, expected, "{region:?} {applicant:?}");
    }
    let words = Policy { conditions: "在本市登记注册", ..policy() };
    assert_eq!(verdict(&words, &firm(), CheckKind::Region), UNKNOWN);
}

#[test]
fn a_policy_is_for_its_chain() {
    let cases = [
        (Some("hydrogen"), firm(), PASS),
        (Some("solid-waste"), firm(), FAIL),
        (Some("hydrogen"), Applicant::default(), UNKNOWN),
        (None, firm(), None),
    ];
    for (chain, applicant, expected) in cases {
        let seen = verdict(&Policy { chain, ..policy() }, &applicant, CheckKind::Chain);
        assert_eq!(seen, expected, "{chain:?}");
    }
}

#[test]
fn a_policy_is_for_its_kinds_of_organisations() {
    let kind = |kind| Applicant { kind: Some(kind), ..Applicant::default() };
    let cases: [(&[&str], Applicant, _); 10] = [
        (&["企业"], firm(), PASS),
        (&["企业"], kind(PartyKind::Academy), FAIL),
        (&["企业", "高校院所"], kind(PartyKind::Academy), PASS),
        (&["企业"], Applicant::default(), UNKNOWN),
        (&["企业"], kind(PartyKind::Unknown), UNKNOWN),
        (&["高新技术企业"], firm(), UNKNOWN),
        (&["高新技术企业"], kind(PartyKind::Academy), FAIL),
        (&["科技型中小企业"], Applicant { size: Some("大型".to_owned()), ..firm() }, FAIL),
        (&["服务机构"], firm(), UNKNOWN),
        (&[], firm(), None),
    ];
    for (audience, applicant, expected) in cases {
        let facts = vec![(Fact::Audience, list(audience))];
        let seen = verdict(&Policy { facts, ..policy() }, &applicant, CheckKind::Audience);
        assert_eq!(seen, expected, "{audience:?} {applicant:?}");
    }
    let words =
        Policy { conditions: "上年度收入2亿元以下的高新技术企业", ..policy() };
    assert_eq!(verdict(&words, &firm(), CheckKind::Audience), UNKNOWN);
    assert_eq!(verdict(&words, &kind(PartyKind::Academy), CheckKind::Audience), FAIL);
    for conditions in ["企业、高校院所均可申报", "企业与高校院所联合申报", "高校院所除外"]
    {
        let words = Policy { conditions, ..policy() };
        let seen = verdict(&words, &firm(), CheckKind::Audience);
        assert!(matches!(seen, None | Some(Verdict::Pass)), "{conditions}: {seen:?}");
    }
}

#[test]
fn a_policy_is_for_its_industries_by_the_beginning_of_the_code() {
    let is = |code: &str| Applicant { industry: Some(code.to_owned()), ..Applicant::default() };
    let cases: [(&[&str], Applicant, _); 8] = [
        (&["C32"], is("C3252"), PASS),
        (&["32"], is("C3252"), PASS),
        (&["C"], is("C3252"), PASS),
        (&["C34", "C35"], is("C3252"), FAIL),
        (&["D"], is("C3252"), FAIL),
        (&["C3252"], is("C32"), UNKNOWN),
        (&["C32"], Applicant::default(), UNKNOWN),
        (&[], is("C3252"), None),
    ];
    for (codes, applicant, expected) in cases {
        let facts = vec![(Fact::AudienceIndustries, list(codes))];
        let seen = verdict(&Policy { facts, ..policy() }, &applicant, CheckKind::Industry);
        assert_eq!(seen, expected, "{codes:?} {applicant:?}");
    }
}

#[test]
fn a_policy_is_for_its_sizes_of_firms() {
    let size = |size: &str| Applicant { size: Some(size.to_owned()), ..Applicant::default() };
    let listed = |sizes| Policy { facts: vec![(Fact::AudienceSizes, list(sizes))], ..policy() };
    let worded = |conditions| Policy { conditions, ..policy() };
    let cases = [
        (listed(&["小型", "微型"]), size("小型"), PASS),
        (listed(&["小型", "微型"]), size("大型"), FAIL),
        (listed(&["小型", "微型"]), Applicant::default(), UNKNOWN),
        (listed(&["小型", "微型"]), size("规上"), UNKNOWN),
        (worded("在本市登记的中小微企业"), size("中型"), PASS),
        (worded("在本市登记的中小微企业"), size("大型"), FAIL),
        (worded("小微企业"), size("中型"), FAIL),
        (worded("大中型企业"), size("大型"), PASS),
        (worded("大型、中型企业"), size("中型"), PASS),
        (worded("小型、微型企业"), size("小型"), PASS),
        (worded("大型企业和中小企业均可申报"), size("大型"), None),
        (worded("优先支持中小企业"), size("大型"), None),
        (worded("大型企业除外"), size("小型"), None),
        (worded("中小微企业，上年研发投入占3%"), size("大型"), FAIL),
        (worded("科技型中小企业"), size("大型"), None),
        (worded("有检测报告"), size("大型"), None),
    ];
    for (policy, applicant, expected) in cases {
        let seen = verdict(&policy, &applicant, CheckKind::Size);
        assert_eq!(seen, expected, "{} {applicant:?}", policy.conditions);
    }
}

#[test]
fn a_closed_window_is_out_unless_it_opens_again() {
    let cases: [(&[(Fact, FactValue)], &'static str, _); 8] = [
        (&[], "", None),
        (&[(Fact::WindowUntil, "2026-12-31".into())], "", PASS),
        (&[(Fact::WindowFrom, "2026-01-01".into())], "", PASS),
        (&[(Fact::WindowFrom, "2027-01-01".into())], "", UNKNOWN),
        (&[(Fact::WindowUntil, "2026-11-23".into())], "给予补助。", FAIL),
        (&[(Fact::WindowUntil, "2026-11-23".into())], BODY, UNKNOWN),
        (&[(Fact::WindowUntil, "2026-11-23".into())], "每年消纳一万吨，另行申报。", FAIL),
        (
            &[
                (Fact::WindowUntil, "2026-11-23".into()),
                (Fact::NoApplication, FactValue::Flag(true)),
            ],
            "",
            PASS,
        ),
    ];
    for (facts, body, expected) in cases {
        let policy = Policy { facts: facts.to_vec(), body, ..policy() };
        assert_eq!(verdict(&policy, &firm(), CheckKind::Window), expected, "{facts:?} {body}");
    }
}

#[test]
fn qualifications_and_other_conditions_are_left_to_a_person() {
    let facts = vec![(Fact::AudienceQualifications, list(&["具有自主知识产权"]))];
    let policy =
        Policy { facts, conditions: "研发投入不低于3%；在本市注册", ..policy() };
    assert_eq!(verdict(&policy, &firm(), CheckKind::Qualification), UNKNOWN);
    let content = content(&policy);
    let checks = check(&content, Viewer::Public, &firm(), today());
    let open: Vec<_> = checks
        .iter()
        .filter(|check| check.check == CheckKind::Condition)
        .filter_map(|check| check.basis.as_ref().map(Basis::words))
        .collect();
    assert_eq!(open, ["研发投入不低于3%"]);
    assert!(!excludes(&checks));
}

#[test]
fn a_clause_has_rules_of_its_own_with_their_words() {
    let span = |words: &str| {
        let start = BODY.find(words).expect("words of the body");
        Span { start, end: start + words.len() }
    };
    let rule = |rule, any_of: &[&str]| ClauseRule {
        rule,
        any_of: any_of.iter().map(|one| (*one).to_owned()).collect(),
        span: span("限本市中小企业"),
    };
    let cases = [
        (rule(RuleKind::FirmSize, &["中型", "小型"]), Verdict::Pass),
        (rule(RuleKind::FirmSize, &["大型"]), Verdict::Fail),
        (rule(RuleKind::Region, &["141100"]), Verdict::Pass),
        (rule(RuleKind::Region, &["140100"]), Verdict::Fail),
        (rule(RuleKind::Chain, &["solid-waste"]), Verdict::Fail),
        (rule(RuleKind::Industry, &["C32"]), Verdict::Pass),
        (rule(RuleKind::Audience, &["高新技术企业"]), Verdict::Unknown),
        (rule(RuleKind::Other, &[]), Verdict::Unknown),
    ];
    let content = content(&Policy { body: BODY, ..policy() });
    for (rule, expected) in cases {
        let clause = Clause {
            clause: "第二条".to_owned(),
            title: String::new(),
            span: span("第二条 限本市中小企业。"),
            responsible: Vec::new(),
            support: Vec::new(),
            cap: None,
            window_from: None,
            window_until: None,
            rules: vec![rule.clone()],
        };
        let checks = check_clause(&content, Viewer::Public, &clause, &firm(), today());
        assert_eq!(checks[0].verdict, expected, "{rule:?}");
        let words = checks[0].basis.as_ref().map(Basis::words);
        assert_eq!(words.as_deref(), Some("限本市中小企业"));
    }
}
