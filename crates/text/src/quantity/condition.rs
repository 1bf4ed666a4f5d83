//! Under what an indicator holds: 85℃、4000A/m²条件下, （25℃）, 60℃满电存储30天.

use super::amount::amount;
use crate::Lexicon;

/// What a condition ends with, where it stands before the name of what is measured; longer ones first.
const ENDINGS: [&str; 9] =
    ["条件下", "工况下", "环境下", "状态下", "负荷下", "情况下", "下", "时", "后"];

/// The longest condition, in characters.
const LIMIT_CHARS: usize = 40;

/// A name split into the condition that it begins with and the rest.
pub(super) fn leading(name: &str) -> (&str, &str) {
    let split = ENDINGS.iter().filter_map(|ending| {
        let at = name.find(ending)?;
        // A condition says how much.
        let says_much = name[..at].contains(|c: char| c.is_ascii_digit());
        let rest = after_ending(&name[at..], ending).filter(|_| says_much)?;
        Some((&name[..at + ending.len()], rest))
    });
    split.min_by_key(|(condition, _)| condition.len()).unwrap_or(("", name))
}

/// A name that begins right behind a value, split into what makes a condition of that value and the rest: of 时示值偏差
/// behind 湿度10~95%.
pub(super) fn ending(name: &str) -> Option<(&str, &str)> {
    let split = |ending: &&str| Some((&name[..ending.len()], after_ending(name, ending)?));
    ENDINGS.iter().filter(|ending| name.starts_with(**ending)).find_map(split)
}

/// What stands behind an ending that `text` begins with; `None` where that is nothing, or the ending is a part of
/// another word: 下降, 时间.
fn after_ending<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let behind = text.strip_prefix(ending)?;
    let is_cut = behind.starts_with(['降', '游', '限', '间', '期', '续', '处']);
    let rest = behind.trim_start_matches(['的', ',', ':', ' ']);
    (!is_cut && !rest.is_empty()).then_some(rest)
}

/// Where the condition begins that a name at `start` begins with: of 85℃、4000A/m²条件下 before the first value.
pub(super) fn start_of_list(text: &str, start: usize) -> usize {
    let mut begin = start;
    while let Some(before) = text[..begin].trim_end_matches(' ').strip_suffix('、') {
        let marks = |c: char| "，。；、！？,;!?\n\t：:)".contains(c);
        let at = before
            .rfind(marks)
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let piece = before[at..].trim();
        let is_value = piece.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if !is_value || text[at..start].chars().count() > LIMIT_CHARS {
            break;
        }
        begin = at;
    }
    begin
}

/// The condition in brackets right after an amount, without them, and where it ends.
pub(super) fn bracketed<'a>(
    lexicon: &Lexicon,
    text: &'a str,
    at: usize,
) -> Option<(&'a str, usize)> {
    let inside = text[at..].trim_start_matches(' ').strip_prefix('(')?;
    let length = inside.char_indices().take(LIMIT_CHARS).find(|(_, c)| *c == ')')?.0;
    let condition = inside[..length].trim();
    // (乙方1项、丙方1项) shares out, and is no condition.
    let at_digit = condition.find(|c: char| c.is_ascii_digit())?;
    let amount = amount(lexicon, condition, at_digit)?;
    let says_much =
        lexicon.unit(&amount.quantity.unit).is_some_and(|unit| unit.dimension != "count");
    says_much.then(|| (condition, text.len() - inside.len() + length + 1))
}

/// The clause before a comma that ends right at `start`, where it says how much without saying of what it is
/// compared: 60℃满电存储30天，.
pub(super) fn clause_before(text: &str, start: usize) -> &str {
    let Some(before) = text[..start].trim_end_matches(' ').strip_suffix([',', '，']) else {
        return "";
    };
    let begin = before.rfind(|c: char| "，。；、！？,;!?\n\t：:".contains(c));
    let begin = begin.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let clause = before[begin..].trim();
    let is_short = clause.chars().count() <= LIMIT_CHARS;
    let is_amount_first = clause.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '在');
    let is_compared = clause.contains(['≥', '≤', '<', '>', '=']);
    // 0.8~1.0份 is a value of what stands before it.
    let words = clause.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    if is_short && is_amount_first && !is_compared && words > 1 { clause } else { "" }
}
