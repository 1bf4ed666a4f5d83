//! Whom a policy is for: every point checked on its own, with the words it was read from.

use kechuang_domain::{
    Applicant, Basis, CheckKind, Clause, ClauseRule, Content, Date, EligibilityCheck, Fact,
    PartyKind, Quote, Region, RuleKind, Span, TextField, Verdict, Viewer,
};

use crate::conditions::{Condition, conditions};

/// Conditions of a policy that are shown for a person to check, at most.
const CONDITIONS_SHOWN: usize = 6;

/// Everything that can be checked of a policy as a whole, in the order of [`CheckKind`]. Points that it
/// says nothing about are left out.
#[must_use]
pub fn check(
    policy: &Content,
    viewer: Viewer,
    applicant: &Applicant,
    today: Date,
) -> Vec<EligibilityCheck> {
    let told = Told { policy, viewer, conditions: conditions(policy, viewer) };
    let mut checks = vec![validity(&told, today)];
    checks.extend(region(&told, applicant));
    checks.extend(chain(&told, applicant));
    checks.extend(audience(&told, applicant));
    checks.extend(industry(&told, applicant));
    checks.extend(size(&told, applicant));
    checks.extend(qualifications(&told));
    let dates = (
        told.date(Fact::WindowFrom),
        told.date(Fact::WindowUntil),
        told.stated(Fact::WindowUntil).or_else(|| told.stated(Fact::WindowFrom)),
    );
    checks.extend(window(&told, dates, today));
    checks.extend(others(&told, &checks));
    checks
}

/// What one clause asks for beside the policy.
#[must_use]
pub fn check_clause(
    policy: &Content,
    viewer: Viewer,
    clause: &Clause,
    applicant: &Applicant,
    today: Date,
) -> Vec<EligibilityCheck> {
    let told = Told { policy, viewer, conditions: Vec::new() };
    let mut checks: Vec<_> =
        clause.rules.iter().map(|rule| of_rule(&told, rule, applicant)).collect();
    if clause.window_from.is_some() || clause.window_until.is_some() {
        let basis = told.quote(TextField::Body, clause.span).map(Basis::Text);
        checks.extend(window(&told, (clause.window_from, clause.window_until, basis), today));
    }
    checks
}

/// Whether a check says that the policy is not for them.
#[must_use]
pub fn excludes(checks: &[EligibilityCheck]) -> bool {
    checks.iter().any(|check| check.verdict == Verdict::Fail)
}

/// A policy as a viewer sees it.
struct Told<'a> {
    policy: &'a Content,
    viewer: Viewer,
    conditions: Vec<Condition>,
}

impl Told<'_> {
    fn may_see(&self, fact: Fact) -> bool {
        self.viewer.may_see(self.policy.details().tier(fact))
    }

    fn stated(&self, fact: Fact) -> Option<Basis> {
        let value = self.policy.details().get(fact).filter(|_| self.may_see(fact))?;
        Some(Basis::Fact { fact, value: fact.to_cell(value) })
    }

    fn list(&self, fact: Fact) -> &[String] {
        if self.may_see(fact) { self.policy.details().list(fact) } else { &[] }
    }

    fn date(&self, fact: Fact) -> Option<Date> {
        self.policy.details().date(fact).filter(|_| self.may_see(fact))
    }

    fn quote(&self, field: TextField, span: Span) -> Option<Quote> {
        Quote::cut(field, self.policy.text_for(self.viewer, field)?, span)
    }

    /// The first sentence of any text with one of `any` and one of `and` in the same clause.
    fn sentence_with(&self, any: &[&str], and: &[&str]) -> Option<Quote> {
        self.policy.texts_for(self.viewer).find_map(|(field, text)| {
            let has = |words: &str, cues: &[&str]| cues.iter().any(|cue| words.contains(cue));
            if !has(text, any) {
                return None;
            }
            let spans = kechuang_text::sentences(text);
            let span = spans.into_iter().find(|span| {
                let mut clauses = span.of(text).unwrap_or_default().split(['，', ',']);
                clauses.any(|words| has(words, any) && has(words, and))
            })?;
            Quote::cut(field, text, span)
        })
    }
}

fn checked(
    check: CheckKind,
    verdict: Verdict,
    message: impl Into<String>,
    basis: Option<Basis>,
) -> EligibilityCheck {
    EligibilityCheck { check, verdict, message: message.into(), basis }
}

/// Dates count whoever may see them: what has expired is nobody's.
fn validity(told: &Told<'_>, today: Date) -> EligibilityCheck {
    let details = told.policy.details();
    let check = |verdict, message: String, fact| {
        checked(CheckKind::Validity, verdict, message, told.stated(fact))
    };
    let state = details.text(Fact::Validity);
    if let Some(state) = state.filter(|state| *state != "有效") {
        return check(Verdict::Fail, format!("文件已注明“{state}”"), Fact::Validity);
    }
    if let Some(until) = details.date(Fact::EffectiveUntil)
        && until < today
    {
        return check(Verdict::Fail, format!("已于 {until} 失效"), Fact::EffectiveUntil);
    }
    if let Some(from) = details.date(Fact::EffectiveFrom)
        && today < from
    {
        return check(Verdict::Fail, format!("自 {from} 起施行，尚未生效"), Fact::EffectiveFrom);
    }
    if state.is_none() && details.text(Fact::ReplacedBy).is_some() {
        return check(Verdict::Fail, "已有替代文件".to_owned(), Fact::ReplacedBy);
    }
    match (details.date(Fact::EffectiveUntil), state) {
        // The day itself may not be for everybody.
        (Some(_), _) if told.stated(Fact::EffectiveUntil).is_none() => {
            check(Verdict::Pass, "在有效期内".to_owned(), Fact::EffectiveUntil)
        }
        (Some(until), _) => check(Verdict::Pass, format!("有效期至 {until}"), Fact::EffectiveUntil),
        (None, Some(_)) => check(Verdict::Pass, "注明有效".to_owned(), Fact::Validity),
        (None, None) if details.date(Fact::EffectiveFrom).is_some() => {
            check(Verdict::Pass, "已施行，未写明失效日期".to_owned(), Fact::EffectiveFrom)
        }
        (None, None) => {
            check(Verdict::Unknown, "未写明有效期，请核对是否现行有效".to_owned(), Fact::Validity)
        }
    }
}

fn region(told: &Told<'_>, applicant: &Applicant) -> Option<EligibilityCheck> {
    // Words that say more are shown once, as a condition.
    let quoted = |condition: &Condition| Basis::Text(condition.quote.clone());
    let mut of_place = told.conditions.iter().filter(|condition| condition.is_of_place);
    let check =
        |verdict, message: &str, basis| Some(checked(CheckKind::Region, verdict, message, basis));
    let Some(applies) = told.policy.region else {
        let basis = of_place.next().map(quoted)?;
        return check(Verdict::Unknown, "请核对注册地是否符合", Some(basis));
    };
    let plain = of_place.find(|condition| !condition.says_more);
    let basis = Some(plain.map_or(Basis::Region(applies), quoted));
    match place_verdict(&[applies], applicant.region) {
        Verdict::Pass => check(Verdict::Pass, "所在地在适用区域内", basis),
        Verdict::Fail => check(Verdict::Fail, "所在地不在适用区域内", basis),
        Verdict::Unknown => {
            check(Verdict::Unknown, "不知道企业所在地，请核对是否在适用区域内", basis)
        }
    }
}

fn place_verdict(applies: &[Region], sits: Option<Region>) -> Verdict {
    match sits {
        None => Verdict::Unknown,
        Some(sits) if applies.iter().any(|applies| applies.contains(sits)) => Verdict::Pass,
        // Of a firm that gives its city only, the county is not known.
        Some(sits) if applies.iter().any(|applies| sits.contains(*applies)) => Verdict::Unknown,
        Some(_) => Verdict::Fail,
    }
}

fn chain(told: &Told<'_>, applicant: &Applicant) -> Option<EligibilityCheck> {
    let meant = told.policy.chain.as_ref()?;
    let basis = Some(Basis::Chain(meant.clone()));
    let (verdict, message) = match &applicant.chain {
        None => (Verdict::Unknown, "不知道企业所属产业链，请核对"),
        Some(chain) if chain == meant => (Verdict::Pass, "属于该产业链"),
        Some(_) => (Verdict::Fail, "不属于该产业链"),
    };
    Some(checked(CheckKind::Chain, verdict, message, basis))
}

fn audience(told: &Told<'_>, applicant: &Applicant) -> Option<EligibilityCheck> {
    let listed = told.list(Fact::Audience);
    let words = told.conditions.iter().find(|condition| !condition.audiences.is_empty());
    let (meant, basis) = match words {
        _ if !listed.is_empty() => (listed, told.stated(Fact::Audience)),
        Some(condition) => {
            (condition.audiences.as_slice(), Some(Basis::Text(condition.quote.clone())))
        }
        None => return None,
    };
    Some(of_audience(meant, basis, applicant))
}

fn of_audience(meant: &[String], basis: Option<Basis>, applicant: &Applicant) -> EligibilityCheck {
    let verdicts: Vec<(&str, Verdict)> = meant
        .iter()
        .map(|audience| (audience.as_str(), audience_verdict(audience, applicant)))
        .collect();
    let has = |wanted| verdicts.iter().any(|(_, verdict)| *verdict == wanted);
    let open: Vec<&str> = verdicts
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Unknown)
        .map(|(audience, _)| *audience)
        .collect();
    let (verdict, message) = if has(Verdict::Pass) {
        (Verdict::Pass, "属于适用对象".to_owned())
    } else if has(Verdict::Unknown) {
        (Verdict::Unknown, format!("请核对是否属于：{}", open.join("、")))
    } else {
        (Verdict::Fail, format!("只面向{}", meant.join("、")))
    };
    checked(CheckKind::Audience, verdict, message, basis)
}

/// Whether an applicant is one of these, as far as its kind and size tell.
fn audience_verdict(audience: &str, applicant: &Applicant) -> Verdict {
    let kind = applicant.kind.filter(|kind| *kind != PartyKind::Unknown);
    let Some(kind) = kind else { return Verdict::Unknown };
    match audience {
        "企业" if kind == PartyKind::Firm => Verdict::Pass,
        "高校院所" if kind == PartyKind::Academy => Verdict::Pass,
        "企业" | "高校院所" => Verdict::Fail,
        "科技型中小企业" if applicant.size.as_deref() == Some("大型") => Verdict::Fail,
        "高新技术企业" | "科技型中小企业" | "规上企业" | "专精特新企业" => {
            if kind == PartyKind::Firm {
                Verdict::Unknown
            } else {
                Verdict::Fail
            }
        }
        _ => Verdict::Unknown,
    }
}

fn industry(told: &Told<'_>, applicant: &Applicant) -> Option<EligibilityCheck> {
    let meant = told.list(Fact::AudienceIndustries);
    (!meant.is_empty())
        .then(|| of_industry(meant, told.stated(Fact::AudienceIndustries), applicant))
}

fn of_industry(meant: &[String], basis: Option<Basis>, applicant: &Applicant) -> EligibilityCheck {
    let verdicts =
        || meant.iter().map(|code| industry_verdict(code, applicant.industry.as_deref()));
    let (verdict, message) = if verdicts().any(|verdict| verdict == Verdict::Pass) {
        (Verdict::Pass, "行业在适用范围内")
    } else if verdicts().any(|verdict| verdict == Verdict::Unknown) {
        (Verdict::Unknown, "请核对企业所属行业")
    } else {
        (Verdict::Fail, "行业不在适用范围内")
    };
    checked(CheckKind::Industry, verdict, message, basis)
}

/// Codes of GB/T 4754 say by their length how much they take in: C, C32, C325, C3252. The letter may be
/// left out.
fn industry_verdict(meant: &str, is: Option<&str>) -> Verdict {
    let Some(is) = is else { return Verdict::Unknown };
    let parts = |code: &str| {
        let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        (code[..code.len() - digits.len()].to_ascii_uppercase(), digits.to_owned())
    };
    let ((meant_letter, meant_digits), (letter, digits)) = (parts(meant), parts(is));
    let letters_differ = !meant_letter.is_empty() && !letter.is_empty() && meant_letter != letter;
    if letters_differ {
        Verdict::Fail
    } else if meant_digits.is_empty() {
        if letter.is_empty() { Verdict::Unknown } else { Verdict::Pass }
    } else if digits.starts_with(&meant_digits) {
        Verdict::Pass
    } else if meant_digits.starts_with(&digits) {
        Verdict::Unknown
    } else {
        Verdict::Fail
    }
}

fn size(told: &Told<'_>, applicant: &Applicant) -> Option<EligibilityCheck> {
    let listed = told.list(Fact::AudienceSizes);
    let words = told.conditions.iter().find(|condition| !condition.sizes.is_empty());
    let (meant, basis) = match words {
        _ if !listed.is_empty() => (listed, told.stated(Fact::AudienceSizes)),
        Some(condition) => (condition.sizes.as_slice(), Some(Basis::Text(condition.quote.clone()))),
        None => return None,
    };
    Some(of_size(meant, basis, applicant))
}

fn of_size(meant: &[String], basis: Option<Basis>, applicant: &Applicant) -> EligibilityCheck {
    let known =
        applicant.size.as_deref().filter(|size| kechuang_domain::fact::FIRM_SIZES.contains(size));
    let (verdict, message) = match known {
        None => (Verdict::Unknown, format!("请核对企业规模是否为{}", meant.join("、"))),
        Some(size) if meant.iter().any(|meant| meant == size) => {
            (Verdict::Pass, format!("企业规模为{size}，符合"))
        }
        Some(size) => (Verdict::Fail, format!("企业规模为{size}，只面向{}", meant.join("、"))),
    };
    checked(CheckKind::Size, verdict, message, basis)
}

fn qualifications(told: &Told<'_>) -> Option<EligibilityCheck> {
    let meant = told.list(Fact::AudienceQualifications);
    (!meant.is_empty()).then(|| {
        checked(
            CheckKind::Qualification,
            Verdict::Unknown,
            format!("请核对是否具备：{}", meant.join("、")),
            told.stated(Fact::AudienceQualifications),
        )
    })
}

/// The window to apply in. One that has closed excludes, unless the text says that it opens again.
fn window(
    told: &Told<'_>,
    (from, until, basis): (Option<Date>, Option<Date>, Option<Basis>),
    today: Date,
) -> Option<EligibilityCheck> {
    let check =
        |verdict, message: String, basis| Some(checked(CheckKind::Window, verdict, message, basis));
    if told.policy.details().is(Fact::NoApplication) && told.may_see(Fact::NoApplication) {
        let message = "免申即享，无须申报".to_owned();
        return check(Verdict::Pass, message, told.stated(Fact::NoApplication));
    }
    match (from, until) {
        (None, None) => None,
        (_, Some(until)) if until < today => {
            let again = told.sentence_with(
                &["每年", "逐年", "按年度", "常年", "下一年度"],
                &["申报", "征集", "受理", "申请", "窗口"],
            );
            match again {
                Some(quote) => check(
                    Verdict::Unknown,
                    format!("本轮申报已于 {until} 截止；原文写明还会受理，请关注下一轮"),
                    Some(Basis::Text(quote)),
                ),
                None => check(Verdict::Fail, format!("申报已于 {until} 截止"), basis),
            }
        }
        (Some(from), _) if today < from => {
            check(Verdict::Unknown, format!("申报自 {from} 开始，尚未开放"), basis)
        }
        (_, Some(until)) => check(Verdict::Pass, format!("正在受理，{until} 截止"), basis),
        (_, None) => check(Verdict::Pass, "正在受理，未写明截止日期".to_owned(), basis),
    }
}

/// The conditions that no other check leaves to a person already.
fn others(told: &Told<'_>, checks: &[EligibilityCheck]) -> Vec<EligibilityCheck> {
    let is_open = |quote: &Quote| {
        checks.iter().any(|check| {
            check.verdict == Verdict::Unknown
                && matches!(&check.basis, Some(Basis::Text(said)) if said == quote)
        })
    };
    told.conditions
        .iter()
        .filter(|condition| condition.says_more && !is_open(&condition.quote))
        .take(CONDITIONS_SHOWN)
        .map(|condition| {
            let basis = Some(Basis::Text(condition.quote.clone()));
            checked(CheckKind::Condition, Verdict::Unknown, "请对照原文核实", basis)
        })
        .collect()
}

fn of_rule(told: &Told<'_>, rule: &ClauseRule, applicant: &Applicant) -> EligibilityCheck {
    let basis = told.quote(TextField::Body, rule.span).map(Basis::Text);
    let simple = |check, verdict| {
        let message = match verdict {
            Verdict::Pass => "符合条款写明的条件",
            Verdict::Fail => "不符合条款写明的条件",
            Verdict::Unknown => "请对照条款核实",
        };
        checked(check, verdict, message, basis.clone())
    };
    match rule.rule {
        RuleKind::Audience => of_audience(&rule.any_of, basis, applicant),
        RuleKind::FirmSize => of_size(&rule.any_of, basis, applicant),
        RuleKind::Industry => of_industry(&rule.any_of, basis, applicant),
        RuleKind::Region => {
            let applies: Vec<Region> =
                rule.any_of.iter().filter_map(|code| code.parse().ok()).collect();
            let verdict = if applies.is_empty() {
                Verdict::Unknown
            } else {
                place_verdict(&applies, applicant.region)
            };
            simple(CheckKind::Region, verdict)
        }
        RuleKind::Chain => {
            let verdict = match &applicant.chain {
                None => Verdict::Unknown,
                Some(chain) if rule.any_of.iter().any(|code| code == chain.as_str()) => {
                    Verdict::Pass
                }
                Some(_) => Verdict::Fail,
            };
            simple(CheckKind::Chain, verdict)
        }
        RuleKind::Other => simple(CheckKind::Condition, Verdict::Unknown),
    }
}
