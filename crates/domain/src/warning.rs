//! What looks wrong about a record and may be right: worth a look by a person, never a rejection.

use crate::{
    Content, Date, Fact, FactKind, Library, TextField,
    fact::CodeKind,
    identifier::{CreditCode, DocumentNumber, Orcid, PatentNumber},
};

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The code of the text or fact.
    pub field: &'static str,
    /// What looks wrong and what to do, in Chinese.
    pub reason: String,
}

/// Keywords that the registration form of achievements takes, at most.
const KEYWORDS: usize = 3;

/// What looks wrong about a record's content on a day.
#[must_use]
pub fn warnings(content: &Content, today: Date) -> Vec<Warning> {
    let mut found = Vec::new();
    identifiers(content, &mut found);
    choices(content, &mut found);
    match content.library() {
        Library::Achievement => achievement(content, &mut found),
        Library::Demand => demand(content, today, &mut found),
        Library::Equipment => equipment(content, &mut found),
        Library::Policy => policy(content, &mut found),
    }
    found
}

fn tell(found: &mut Vec<Warning>, field: &'static str, reason: impl Into<String>) {
    found.push(Warning { field, reason: reason.into() });
}

/// Check digits that do not fit.
fn identifiers(content: &Content, found: &mut Vec<Warning>) {
    let details = content.details();
    for (fact, _) in details.all() {
        let FactKind::Code(kind) = fact.kind() else { continue };
        let text = details.text(fact).unwrap_or_default();
        let warning = match kind {
            CodeKind::Credit => CreditCode::parse(text).ok().and_then(|code| code.warning()),
            CodeKind::Orcid => Orcid::parse(text).ok().and_then(|code| code.warning()),
            CodeKind::DocumentNumber => DocumentNumber::parse(text).err().map(|e| e.to_string()),
            _ => None,
        };
        if let Some(reason) = warning {
            tell(found, fact.code(), reason);
        }
    }
    for right in details.rights() {
        if !right.right.contains("专利") || right.number.is_empty() {
            continue;
        }
        let warning = match PatentNumber::parse(&right.number) {
            Ok(number) => number.warning(),
            Err(error) => Some(error.to_string()),
        };
        if let Some(reason) = warning {
            tell(found, Fact::Rights.code(), reason);
        }
    }
}

/// Values that an open list does not know.
fn choices(content: &Content, found: &mut Vec<Warning>) {
    let details = content.details();
    for (fact, _) in details.all() {
        let (given, options): (Vec<&str>, _) = match fact.kind() {
            FactKind::Choice { options, is_open: true } => {
                (details.text(fact).into_iter().collect(), options)
            }
            FactKind::List { options } if !options.is_empty() => {
                (details.list(fact).iter().map(String::as_str).collect(), options)
            }
            _ => continue,
        };
        for value in given.into_iter().filter(|value| !options.contains(value)) {
            let usual = options.join("、");
            tell(found, fact.code(), format!("「{value}」不在常用取值中（{usual}）；请确认"));
        }
    }
}

fn achievement(content: &Content, found: &mut Vec<Warning>) {
    let details = content.details();
    let has = |field| content.all_texts().any(|(known, _)| known == field);
    if let Some(trl) = details.whole(Fact::Trl) {
        if !has(TextField::TrlEvidence) {
            let reason = format!("技术成熟度填了 {trl} 级，但没有写依据；请补一句由何得出");
            tell(found, TextField::TrlEvidence.code(), reason);
        }
        // 初期 is laboratory and bench, 中期 pilot, 成熟应用 production (registration form).
        let fits = match details.text(Fact::Stage) {
            Some("初期") => trl <= 5,
            Some("中期") => (4..=8).contains(&trl),
            Some("成熟应用") => trl >= 7,
            _ => true,
        };
        if !fits {
            let stage = details.text(Fact::Stage).unwrap_or_default();
            let reason = format!("所处阶段「{stage}」与技术成熟度 {trl} 级不相称；请核对");
            tell(found, Fact::Stage.code(), reason);
        }
    }
    // A paper has as many as it likes; the form that gives the number has room for three.
    let keywords = content.all_texts().find(|(field, _)| *field == TextField::Keywords);
    if let Some((_, words)) = keywords.filter(|_| details.get(Fact::RegistrationNumber).is_some()) {
        let count =
            words.text.split(['；', ';', '，', ',', '、']).filter(|w| !w.trim().is_empty()).count();
        if count > KEYWORDS {
            let reason = format!("关键词有 {count} 个；成果登记表至多 {KEYWORDS} 个");
            tell(found, TextField::Keywords.code(), reason);
        }
    }
}

fn demand(content: &Content, today: Date, found: &mut Vec<Warning>) {
    let details = content.details();
    if let Some(deadline) = details.date(Fact::Deadline)
        && deadline < today
    {
        tell(found, Fact::Deadline.code(), format!("完成时限 {deadline} 已过；请确认是否仍需解决"));
    }
    let has_figure =
        content.all_texts().any(|(_, text)| text.text.contains(|c: char| c.is_ascii_digit()));
    if details.indicators(Fact::Targets).is_empty()
        && !details.is(Fact::Unquantifiable)
        && !has_figure
    {
        let reason = "没有可量化的指标；请补写核心指标，确实无法量化的请在“无法量化”中填“是”";
        tell(found, Fact::Targets.code(), reason);
    }
}

fn equipment(content: &Content, found: &mut Vec<Warning>) {
    if let Some(price) = content.details().text(Fact::Price)
        && price.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    {
        let reason = format!("收费只写了「{price}」；请写明计价单位，例如 300 元/样");
        tell(found, Fact::Price.code(), reason);
    }
}

fn policy(content: &Content, found: &mut Vec<Warning>) {
    let details = content.details();
    if details.text(Fact::Validity) == Some("废止") && details.text(Fact::ReplacedBy).is_none() {
        tell(found, Fact::ReplacedBy.code(), "已废止的政策请写明替代文件；没有替代的可不写");
    }
    if content.region.is_none() && details.text(Fact::Level) != Some("国家") {
        tell(found, "region", "没有适用区域；请填行政区划，全国适用的请把层级写为“国家”");
    }
}
