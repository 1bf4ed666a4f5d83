//! The clauses of a policy, each with its words and who is responsible.

use kechuang_domain::{Clause, Content, Fact, FactValue, TextField, Viewer};

/// A clause as it is shown.
pub(super) struct ClauseLine<'a> {
    pub(super) number: &'a str,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
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
    clauses.iter().map(|clause| line(clause, body)).collect()
}

fn line<'a>(clause: &'a Clause, body: &'a str) -> ClauseLine<'a> {
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
    ClauseLine {
        number: &clause.clause,
        title: &clause.title,
        // A text that was edited since may be shorter.
        text: body.get(clause.span.start..clause.span.end).unwrap_or_default(),
        facts: facts.join("　"),
    }
}
