//! Which offices answer for a task.

use kechuang_domain::Span;

use crate::notation::line::is_blank;

/// Labels before the offices, and whether those lead.
const LABELS: &[(&str, bool)] = &[
    ("牵头单位", true),
    ("牵头部门", true),
    ("主责单位", true),
    ("责任单位", false),
    ("责任部门", false),
    ("落实单位", false),
    ("实施单位", false),
    ("配合单位", false),
    ("配合部门", false),
    ("参与单位", false),
    ("协办单位", false),
    ("参加单位", false),
];

/// What stands behind offices instead of a label, and whether those lead.
const ROLES: &[(&str, bool)] = &[
    ("牵头负责", true),
    ("牵头", true),
    ("按职责分工负责", false),
    ("按照职责分工负责", false),
    ("按职责负责", false),
    ("分工负责", false),
    ("分别负责", false),
    ("共同负责", false),
    ("配合", false),
    ("参与", false),
    ("协同", false),
    ("负责", false),
];

/// A list of offices is not longer, in bytes.
const LIST_LIMIT: usize = 3000;
/// The name of an office is not longer, in characters.
const NAME_LIMIT_CHARS: usize = 40;

/// The offices named for a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Units {
    /// Their names, those that lead first.
    pub(crate) names: Vec<String>,
    /// Whether they stand on a line of their own.
    pub(crate) is_own_line: bool,
}

/// The offices that `text` names for its task.
pub(crate) fn units(text: &str) -> Units {
    let mut found = Units::default();
    let (mut leading, mut others) = (Vec::new(), Vec::new());
    for zone in zones(text) {
        let words = zone.of(text).unwrap_or_default();
        let before = text[..zone.start].trim_end_matches(['(', '（', '[', '【', ' ']);
        found.is_own_line = before.is_empty() || before.ends_with(['\n', '\r']);
        read(words, &mut leading, &mut others);
    }
    for name in leading.into_iter().chain(others) {
        if !found.names.contains(&name) {
            found.names.push(name);
        }
    }
    found
}

/// Where offices are named: from a label to the end of its bracket or line, and brackets at the end of
/// a paragraph that say who leads.
fn zones(text: &str) -> Vec<Span> {
    let mut zones: Vec<Span> = Vec::new();
    let mut brackets: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let past = zones.last().is_none_or(|last| at >= last.end);
        match c {
            '(' | '（' => brackets.push(end),
            ')' | '）' => {
                if let Some(open) = brackets.pop()
                    && past
                    && zones.last().is_none_or(|last| open >= last.end)
                    && at - open <= LIST_LIMIT
                    && ends_paragraph(&text[end..])
                    && names_roles(&text[open..at])
                {
                    zones.push(Span { start: open, end: at });
                }
            }
            '\n' => brackets.clear(),
            '牵' | '主' | '责' | '落' | '实' | '配' | '参' | '协'
                if past && label_at(&text[at..]).is_some() =>
            {
                zones.push(Span { start: at, end: at + list_end(&text[at..]) });
            }
            _ => {}
        }
    }
    zones
}

/// The label that `text` begins with, and its length with the colon.
fn label_at(text: &str) -> Option<(bool, usize)> {
    LABELS.iter().find_map(|(label, leads)| {
        let rest = text.strip_prefix(label)?.trim_start_matches(' ');
        let rest = rest.strip_prefix([':', '：'])?;
        Some((*leads, text.len() - rest.len()))
    })
}

/// The length of a list: up to the bracket that closes around it, a full stop, or the line's end where
/// no bracket is open.
fn list_end(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' if depth == 0 => return at,
            ')' | '）' | ']' | '】' => depth -= 1,
            '。' => return at,
            '\n' if depth == 0 && !goes_on(&text[..at], &text[at..]) => return at,
            _ if at > LIST_LIMIT => return at,
            _ => {}
        }
    }
    text.len()
}

/// Whether a list goes on behind a line break: it broke off at a comma, or names the next role.
fn goes_on(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches(is_blank);
    before.trim_end_matches(is_blank).ends_with(['、', '，', ',']) || label_at(after).is_some()
}

fn ends_paragraph(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['。', '；', ';', ' ', '\r', '\u{3000}']);
    rest.is_empty() || rest.starts_with('\n')
}

/// Whether a bracket says who does a task: 市科技局牵头, 市科技局、市财政局负责.
fn names_roles(words: &str) -> bool {
    let ends = |role: &str| words.ends_with(role);
    let led = ["牵头", "牵头，", "牵头,", "牵头、", "牵头；", "牵头;"];
    let roles =
        ROLES.iter().any(|(role, _)| ends(role)) || led[1..].iter().any(|led| words.contains(led));
    roles && !words.contains('。') && LABELS.iter().all(|(label, _)| !words.contains(label))
}

/// Sorts the offices of a list by whether they lead.
fn read(words: &str, leading: &mut Vec<String>, others: &mut Vec<String>) {
    let mut leads = false;
    let mut waiting: Vec<String> = Vec::new();
    for piece in pieces(words) {
        let mut name = piece.as_str();
        if let Some((label_leads, length)) = label_at(name) {
            let list = if leads { &mut *leading } else { &mut *others };
            list.append(&mut waiting);
            (leads, name) = (label_leads, &name[length..]);
        }
        let role = ROLES.iter().find_map(|(role, leads)| Some((name.strip_suffix(role)?, *leads)));
        let name = role.map_or(name, |(name, _)| name);
        let name = name.strip_suffix("等部门").unwrap_or(name);
        let name = name.strip_suffix("等").unwrap_or(name).trim_matches(is_blank);
        let chars = name.chars().take(NAME_LIMIT_CHARS + 1).count();
        if (2..=NAME_LIMIT_CHARS).contains(&chars) {
            waiting.push(name.to_owned());
        }
        if let Some((_, leads)) = role {
            let list = if leads { &mut *leading } else { &mut *others };
            list.append(&mut waiting);
        }
    }
    let list = if leads { leading } else { others };
    list.append(&mut waiting);
}

/// What stands between 、，；and blanks, brackets kept together and broken lines joined.
fn pieces(words: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut depth = 0_u32;
    for c in words.chars() {
        let parts = matches!(c, '、' | '，' | ',' | '；' | ';' | ' ' | '\u{3000}');
        match c {
            '\n' | '\r' => continue,
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match pieces.last_mut() {
            Some(last) if !parts || depth > 0 => last.push(c),
            _ => pieces.push(String::new()),
        }
    }
    // A label keeps the blank behind its colon.
    let mut joined: Vec<String> = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.ends_with([':', '：']) => last.push_str(&piece),
            _ => joined.push(piece),
        }
    }
    joined
}
