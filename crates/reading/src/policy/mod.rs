//! From a policy as published to its fields, by rules.
//!
//! [`read_policy`] takes the text of a web page or file: what the page adds above and below, the title
//! over several lines, 文号, dates, and the numbered clauses with the offices that answer for them,
//! what they grant and on which conditions.

mod clauses;
mod effective;
mod head;
mod issuer;
mod label;
mod money;
mod numbering;
mod outline;
mod rules;
mod title;
mod units;
mod window;
mod words;

pub use issuer::{Standing, standing};

use kechuang_domain::{
    Clause, Date, Money, RuleKind, Span,
    fact::{AUDIENCES, SUPPORT_KINDS},
};

/// A policy with what was read of it. What the document does not say is empty or `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicyReading {
    /// 标题, its lines joined.
    pub title: String,
    /// Where the title stands in the text that was read, in bytes; line breaks can lie within.
    pub title_span: Option<Span>,
    /// 文号 in its usual form: 吕政办发〔2024〕24号.
    pub document_number: Option<String>,
    /// 发文机关, the first of them.
    pub issuer: Option<String>,
    /// The others that issued it too.
    pub joint_issuers: Vec<String>,
    /// 成文日期.
    pub written_on: Option<Date>,
    /// 发布日期, as the page around it says.
    pub published_on: Option<Date>,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// Last day in force.
    pub effective_until: Option<Date>,
    /// 国家, 省, 市 or 县, from the issuer.
    pub level: Option<&'static str>,
    /// The issuer's division, such as 吕梁市.
    pub region_name: Option<String>,
    /// Where the words below the head begin in the text that was read, in bytes.
    pub body_start: usize,
    /// 内容简介: the words below the head without U+0000 and blanks at the ends. The spans of
    /// [`clauses`](Self::clauses) and of their rules count bytes of this text, and nothing else.
    pub body: String,
    /// The numbered clauses in order, each behind those around it and within their spans; what a
    /// clause says besides is read from its own words, without those of narrower clauses. Of a text
    /// by articles (第一条), the articles; of a text without numbers, its paragraphs (第1段).
    pub clauses: Vec<Clause>,
    /// Ways in which it supports, in any clause or before the first, in the order of `SUPPORT_KINDS`.
    pub support_kinds: Vec<String>,
    /// The most that it grants, likewise.
    pub cap: Option<Money>,
    /// Kinds of organisations that it is for, likewise, in the order of `AUDIENCES`.
    pub audience: Vec<String>,
    /// First day to apply, where all clauses that name a time name the same.
    pub window_from: Option<Date>,
    /// Last day to apply, likewise.
    pub window_until: Option<Date>,
    /// The telephone numbers for questions; several are parted by 、.
    pub hotline: Option<String>,
}

/// Reads the text of a policy as published. Takes time in proportion to the text, whatever it is.
#[must_use]
pub fn read_policy(text: &str) -> PolicyReading {
    let lines = crate::notation::line::lines(text);
    let head = head::head(text, &lines);
    let body: String = text[head.body_start..].chars().filter(|c| *c != '\0').collect();
    let body = body.trim().to_owned();
    let (signed_on, signers) = signature(&body);
    let written_on = head.written_on.or(signed_on);
    let mut issuers = if head.issuers.is_empty() { signers } else { head.issuers }.into_iter();
    let issuer = issuers.next();
    // A statute names no office; its own name tells where it holds.
    let standing = issuer::standing(issuer.as_deref().unwrap_or(&head.title));
    let force = effective::force(&body, written_on, head.published_on);
    let clauses::Said { lead, clauses } = clauses::read(&body, &standing.region);
    let said: Vec<&Clause> = lead.iter().chain(&clauses).collect();
    let (window_from, window_until) = common_window(&said);
    PolicyReading {
        title: head.title,
        title_span: head.title_span,
        document_number: head.number,
        issuer,
        joint_issuers: issuers.collect(),
        written_on,
        published_on: head.published_on,
        effective_from: force.from,
        effective_until: force.until,
        level: Some(standing.level).filter(|level| !level.is_empty()),
        region_name: Some(standing.region).filter(|region| !region.is_empty()),
        body_start: head.body_start,
        support_kinds: known(SUPPORT_KINDS, said.iter().flat_map(|clause| &clause.support)),
        cap: said.iter().filter_map(|clause| clause.cap).max(),
        audience: known(AUDIENCES, audiences(&said)),
        window_from,
        window_until,
        hotline: hotline(&body),
        clauses,
        body,
    }
}

/// Those of `all` that are among `spoken`, in the order of `all`.
fn known<'a>(all: &[&str], spoken: impl Iterator<Item = &'a String>) -> Vec<String> {
    let spoken: std::collections::HashSet<&str> = spoken.map(String::as_str).collect();
    all.iter().filter(|kind| spoken.contains(**kind)).map(|kind| (*kind).to_owned()).collect()
}

fn audiences<'a>(said: &'a [&Clause]) -> impl Iterator<Item = &'a String> {
    let rules = said.iter().flat_map(|clause| &clause.rules);
    rules.filter(|rule| rule.rule == RuleKind::Audience).flat_map(|rule| &rule.any_of)
}

fn common_window(said: &[&Clause]) -> (Option<Date>, Option<Date>) {
    let windows = said.iter().map(|clause| (clause.window_from, clause.window_until));
    let mut said = windows.filter(|window| *window != (None, None));
    let Some(first) = said.next() else { return (None, None) };
    if said.all(|window| window == first) { first } else { (None, None) }
}

/// The first day on a line of its own below the words, and the offices above it.
fn signature(body: &str) -> (Option<Date>, Vec<String>) {
    let lines = crate::notation::line::lines(body);
    for (place, line) in lines.iter().enumerate() {
        let Some((date, name)) = head::signed(line.of(body).unwrap_or_default()) else { continue };
        let mut names: Vec<&str> = Vec::new();
        for above in lines[..place].iter().rev().take(8) {
            let offices = above.of(body).unwrap_or_default().split(crate::notation::line::is_blank);
            let offices: Vec<&str> = offices.filter(|name| !name.is_empty()).collect();
            if !offices.iter().all(|name| issuer::is_office(name)) {
                break;
            }
            names.splice(0..0, offices);
        }
        names.extend(Some(name).filter(|name| !name.is_empty()));
        return (Some(date), names.into_iter().map(str::to_owned).collect());
    }
    (None, Vec::new())
}

/// Telephone numbers on lines that name an office for questions. Names of people stay behind.
fn hotline(body: &str) -> Option<String> {
    const LABELS: &[&str] = &[
        "咨询电话",
        "咨询热线",
        "服务热线",
        "服务电话",
        "联系电话",
        "政策咨询",
        "咨询方式",
        "热线电话",
        "电话：",
    ];
    const LIMIT: usize = 5;
    let mut numbers: Vec<&str> = Vec::new();
    for line in crate::notation::line::lines(body) {
        let words = line.of(body).unwrap_or_default();
        let Some(at) = LABELS.iter().filter_map(|label| words.find(label)).min() else { continue };
        let is_part = |c: char| c.is_ascii_digit() || c == '-';
        let runs = words[at..].split(|c: char| !is_part(c)).map(|run| run.trim_matches('-'));
        for run in runs.filter(|run| is_telephone(run)) {
            if numbers.len() < LIMIT && !numbers.contains(&run) {
                numbers.push(run);
            }
        }
    }
    (!numbers.is_empty()).then(|| numbers.join("、"))
}

/// 12345, seven and eight digits, with an area code, or a mobile number; 2026-05-31 is a day.
fn is_telephone(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let is_short = digits == 5 && run.starts_with("12") && run.len() == 5;
    let is_day = run.matches('-').count() > 1;
    is_short || (7..=12).contains(&digits) && !is_day
}
