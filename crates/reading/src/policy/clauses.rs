//! A numbered clause with what it says.

use kechuang_domain::{Clause, Span};
use kechuang_text::sentences;

use super::money::{cap, supports};
use super::numbering::Level;
use super::outline::{Item, outline};
use super::rules::{Around, RULE_LIMIT, chains, rules, supported_chain};
use super::units::units;
use super::window::window;
use super::words;
use crate::notation::line::{parts_phrases, trim};

/// The longest heading, in characters.
const TITLE_LIMIT_CHARS: usize = 60;
/// The longest first sentence that is taken for a heading, in characters.
const LEAD_LIMIT_CHARS: usize = 40;

/// What a document says.
pub(crate) struct Said {
    /// What stands before the first number, read like a clause; it is none.
    pub(crate) lead: Option<Clause>,
    /// The clauses, in order, each behind those around it.
    pub(crate) clauses: Vec<Clause>,
}

/// Reads `body`. A document without numbers is read by its paragraphs.
pub(crate) fn read(body: &str, region: &str) -> Said {
    let items = outline(body);
    let Some(first) = items.first() else {
        return Said { lead: None, clauses: paragraphs(body, region) };
    };
    let lead = Item::unnumbered(String::new(), Span { start: 0, end: first.span.start });
    let lead = clause(body, &lead, Around { is_conditions: false, region }).0;
    Said { lead: Some(lead), clauses: numbered(body, &items, region) }
}

fn numbered(body: &str, items: &[Item], region: &str) -> Vec<Clause> {
    let mut conditional = vec![false; items.len()];
    let mut leads = conditional.clone();
    let mut has_articles = vec![false; items.len()];
    for (place, item) in items.iter().enumerate() {
        if item.level == Level::Article
            && let Some(parent) = item.parent
        {
            has_articles[parent] = true;
        }
        let above = item.parent.is_some_and(|parent| conditional[parent] || leads[parent]);
        let narrow = item.level > Level::Article;
        conditional[place] = narrow && (above || is_titled_conditions(body, item));
        leads[place] = narrow && leads_to_conditions(body, item);
    }
    // A chapter of chapters with articles is a heading too.
    for (place, item) in items.iter().enumerate().rev() {
        if let Some(parent) = item.parent {
            has_articles[parent] |= has_articles[place];
        }
    }
    let mut own_lines = vec![false; items.len()];
    let mut clauses = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let around = Around { is_conditions: conditional[place], region };
        let (clause, own_line) = clause(body, item, around);
        own_lines[place] = own_line;
        clauses.push(clause);
    }
    lift_units(items, &own_lines, &mut clauses);
    clauses
        .into_iter()
        .zip(has_articles)
        .filter(|(_, has)| !has)
        .map(|(clause, _)| clause)
        .collect()
}

/// Whether a clause, by its heading, states conditions.
fn is_titled_conditions(body: &str, item: &Item) -> bool {
    let own = item.own.of(body).unwrap_or_default();
    let title = heading(own, item.level).unwrap_or_default();
    let titled = ["申报主体", "申报对象", "支持对象", "适用对象", "适用范围", "条件要求"];
    // 支持科技条件平台建设 states none.
    title.ends_with("条件") || titled.iter().any(|word| title.contains(word))
}

/// Whether a clause leads up to a list of conditions: 应当具备下列条件：
fn leads_to_conditions(body: &str, item: &Item) -> bool {
    let own = item.own.of(body).unwrap_or_default();
    let last = own.rfind(['。', '\n', '；']).map_or(own, |at| &own[at..]);
    let found = || words::find(last);
    own.ends_with(['：', ':']) && found().iter().any(|word| word.has(words::Cue::Condition))
}

fn clause(body: &str, item: &Item, around: Around<'_>) -> (Clause, bool) {
    let own = item.own.of(body).unwrap_or_default();
    let title = heading(own, item.level).unwrap_or_default();
    let named = units(own);
    let mut clause = Clause {
        clause: item.path.clone(),
        title: title.to_owned(),
        span: item.span,
        responsible: named.names,
        support: Vec::new(),
        cap: None,
        window_from: None,
        window_until: None,
        rules: Vec::new(),
    };
    fill(&mut clause, own, item.own.start, around);
    let titled = words::find(title);
    if title.contains("人才") && !clause.support.iter().any(|kind| kind == "人才") {
        clause.support.push("人才".to_owned());
        sort_supports(&mut clause.support);
    }
    let title_span = Span { start: item.own.start, end: item.own.start + title.len() };
    let has_chain = |clause: &Clause| {
        clause.rules.iter().any(|rule| rule.rule == kechuang_domain::RuleKind::Chain)
    };
    if let Some(rule) = chains(&titled, title_span)
        && !has_chain(&clause)
        && title.starts_with(|c| !parts_phrases(c))
        && own.starts_with(title)
    {
        clause.rules.insert(0, rule);
    }
    (clause, named.is_own_line)
}

/// Adds what the sentences of `words` say.
fn fill(clause: &mut Clause, own: &str, offset: usize, around: Around<'_>) {
    let mut listed = false;
    for span in sentences(own) {
        let sentence = span.of(own).unwrap_or_default();
        let found = words::find(sentence);
        for kind in supports(&found) {
            if !clause.support.iter().any(|known| known == kind) {
                clause.support.push(kind.to_owned());
            }
        }
        clause.cap = clause.cap.max(cap(sentence, &found));
        let time = window(sentence);
        if clause.window_from.is_none() && clause.window_until.is_none() {
            (clause.window_from, clause.window_until) = (time.from, time.until);
        }
        let is_numbered = super::numbering::numbering(sentence).is_some();
        listed &= is_numbered;
        let around = Around { is_conditions: around.is_conditions || listed, ..around };
        let mut rules = rules(sentence, &found, around);
        rules.extend(supported_chain(sentence, &found));
        rules.extend(time.yearly.map(|span| kechuang_domain::ClauseRule {
            rule: kechuang_domain::RuleKind::Other,
            any_of: vec![span.of(sentence).unwrap_or_default().to_owned()],
            span,
        }));
        for mut rule in rules {
            rule.span = rule.span.shifted(offset + span.start);
            let known = clause
                .rules
                .iter()
                .any(|known| known.rule == rule.rule && known.any_of == rule.any_of);
            if !known && clause.rules.len() < RULE_LIMIT {
                clause.rules.push(rule);
            }
        }
        // 下列条件： and its list.
        listed |= sentence.ends_with(['：', ':'])
            && found.iter().any(|word| word.has(words::Cue::Condition));
    }
    sort_supports(&mut clause.support);
}

fn sort_supports(kinds: &mut [String]) {
    let order = kechuang_domain::fact::SUPPORT_KINDS;
    kinds.sort_by_key(|kind| order.iter().position(|known| known == kind));
}

/// Offices on a line of their own below a list answer for the whole of it, where no other item of the
/// list names any.
fn lift_units(items: &[Item], own_lines: &[bool], clauses: &mut [Clause]) {
    let mut children: Vec<(usize, usize)> = vec![(0, 0); items.len()];
    let mut last = vec![None; items.len()];
    for (place, item) in items.iter().enumerate() {
        let Some(parent) = item.parent else { continue };
        children[parent].0 += 1;
        children[parent].1 += usize::from(!clauses[place].responsible.is_empty());
        last[parent] = Some(place);
    }
    for parent in (0..items.len()).rev() {
        let Some(place) = last[parent] else { continue };
        let (count, named) = children[parent];
        let alone = count > 1 && named == 1 && clauses[parent].responsible.is_empty();
        let deep = items[place].level > Level::Point;
        if alone && deep && own_lines[place] && !clauses[place].responsible.is_empty() {
            clauses[parent].responsible = std::mem::take(&mut clauses[place].responsible);
        }
    }
}

/// The heading that a clause begins with: a short line of its own, a short first sentence before more,
/// words before a colon, or, of an article, words in 【】.
fn heading(own: &str, level: Level) -> Option<&str> {
    let line = own.split('\n').next()?;
    if level == Level::Article {
        let inner = line.strip_prefix(['【', '[', '（', '('])?;
        let (inner, _) = inner.split_once(['】', ']', '）', ')'])?;
        return Some(inner).filter(|inner| inner.chars().take(21).count() <= 20);
    }
    let line = line.trim_end();
    let chars = |text: &str| text.chars().take(TITLE_LIMIT_CHARS + 1).count();
    if let Some((first, rest)) = line.split_once(['。', '：', ':']) {
        let limit = if line[first.len()..].starts_with('。') { LEAD_LIMIT_CHARS } else { 14 };
        let short = chars(first) <= limit && !first.contains(['，', ',', '；', ';', '、']);
        let more = !rest.trim().is_empty() || own.len() > line.len();
        return (short && more && !first.is_empty()).then_some(first);
    }
    let whole = chars(line) <= TITLE_LIMIT_CHARS && !line.ends_with(['；', ';', '.', '，', ',']);
    whole.then_some(line)
}

/// Every paragraph of a document without numbers.
fn paragraphs(body: &str, region: &str) -> Vec<Clause> {
    const LEAST_CHARS: usize = 20;
    let paragraphs = crate::notation::line::lines(body).into_iter().filter(|line| {
        line.of(body).is_some_and(|words| words.chars().take(LEAST_CHARS).count() == LEAST_CHARS)
    });
    (1_u32..)
        .zip(paragraphs)
        .map(|(number, span)| {
            let item = Item::unnumbered(format!("第{number}段"), trim(body, span));
            let mut clause = clause(body, &item, Around { is_conditions: false, region }).0;
            clause.title.clear();
            clause
        })
        .collect()
}
