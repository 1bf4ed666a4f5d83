//! The clauses of a policy, each with its words and who is responsible.

use kechuang_domain::{Clause, Content, Fact, FactValue, TextField, Viewer};

use crate::pages::text::shortened;

/// Characters of a clause that are shown; the whole text stands above.
const SHOWN_CHARS: usize = 120;

/// A clause as it is shown.
pub(super) struct ClauseLine<'a> {
    pub(super) number: &'a str,
    pub(super) title: &'a str,
    pub(super) text: String,
    /// Responsible units, support, cap and window, in one line.
    pub(super) facts: String,
}

/// The clauses that the public may see.
pub(super) fn of(content: &Content) -> Vec<ClauseLine<'_>> {
    let details = content.details();
    if !Viewer::Public.may_see(details.tier(Fact::Clauses)) {
        return Vec::new();
    }
    let Some(FactValue::Clauses(clauses)) = details.get(Fact::Clauses) else { return Vec::new() };
    let Some(body) = content.text_for(Viewer::Public, TextField::Body) else { return Vec::new() };
    let after = clauses.iter().skip(1).map(Some).chain([None]);
    clauses.iter().zip(after).map(|(clause, next)| line(clause, next, body)).collect()
}

/// Without the words of the clauses within it, which follow on lines of their own.
fn line<'a>(clause: &'a Clause, next: Option<&Clause>, body: &'a str) -> ClauseLine<'a> {
    let end = next.map_or(clause.span.end, |next| next.span.start.min(clause.span.end));
    let mut facts = Vec::new();
    for (label, values) in [("责任单位", &clause.responsible), ("支持方式", &clause.support)]
    {
        if !values.is_empty() {
            facts.push(format!("{label}：{}", values.join("、")));
        }
    }
    facts.extend(clause.cap.map(|cap| format!("最高 {} 万元", cap.wan_yuan())));
    match (clause.window_from, clause.window_until) {
        (Some(from), Some(until)) => facts.push(format!("申报时间：{from} 至 {until}")),
        (Some(from), None) => facts.push(format!("申报时间：{from} 起")),
        (None, Some(until)) => facts.push(format!("申报时间：至 {until}")),
        (None, None) => {}
    }
    // A text that was edited since may be shorter.
    let words = body.get(clause.span.start..end).unwrap_or_default().trim();
    let is_heading = !clause.title.is_empty() && words.ends_with(&clause.title);
    ClauseLine {
        number: &clause.clause,
        title: &clause.title,
        text: if is_heading { String::new() } else { shortened(words, SHOWN_CHARS) },
        facts: facts.join("　"),
    }
}
