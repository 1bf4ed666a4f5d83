//! Indicators: 抗拉强度不低于310MPa, 吨产品能耗≤4.3kWh, 纯度 99.97% 以上.
//!
//! A number counts where it has a unit or a comparison. What is measured is read from the words before
//! it, up to the last mark.

use kechuang_domain::{Comparison, Indicator, Quantity, Span};

use crate::{Lexicon, normalise};

/// The longest name of what is measured, in characters.
const NAME_LIMIT_CHARS: usize = 24;

/// Words before a number and what they mean; longer ones first, so that 不低于 is not 低于.
const BEFORE: &[(&str, Comparison)] = &[
    ("大于或等于", Comparison::AtLeast),
    ("小于或等于", Comparison::AtMost),
    ("大于等于", Comparison::AtLeast),
    ("小于等于", Comparison::AtMost),
    ("不得低于", Comparison::AtLeast),
    ("不得高于", Comparison::AtMost),
    ("不得超过", Comparison::AtMost),
    ("不得大于", Comparison::AtMost),
    ("不得小于", Comparison::AtLeast),
    ("不低于", Comparison::AtLeast),
    ("不小于", Comparison::AtLeast),
    ("不少于", Comparison::AtLeast),
    ("不高于", Comparison::AtMost),
    ("不大于", Comparison::AtMost),
    ("不多于", Comparison::AtMost),
    ("不超过", Comparison::AtMost),
    ("不超出", Comparison::AtMost),
    ("高于", Comparison::Above),
    ("大于", Comparison::Above),
    ("超过", Comparison::Above),
    ("优于", Comparison::AtLeast),
    ("至少", Comparison::AtLeast),
    ("低于", Comparison::Below),
    ("小于", Comparison::Below),
    ("大约", Comparison::About),
    ("约为", Comparison::About),
    ("约", Comparison::About),
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("≥", Comparison::AtLeast),
    ("≧", Comparison::AtLeast),
    ("⩾", Comparison::AtLeast),
    ("≤", Comparison::AtMost),
    ("≦", Comparison::AtMost),
    ("⩽", Comparison::AtMost),
    (">", Comparison::Above),
    ("<", Comparison::Below),
    ("≈", Comparison::About),
    ("=", Comparison::Equal),
];

/// Words after the unit.
const AFTER: &[(&str, Comparison)] = &[
    ("及以上", Comparison::AtLeast),
    ("以上", Comparison::AtLeast),
    ("及以下", Comparison::AtMost),
    ("以下", Comparison::AtMost),
    ("以内", Comparison::AtMost),
    ("之内", Comparison::AtMost),
    ("左右", Comparison::About),
    ("上下", Comparison::About),
];

/// Words that lead over from a name to its value.
const LINKS: &[&str] = &[
    "能够达到",
    "可以达到",
    "控制在",
    "提高到",
    "提升到",
    "提高至",
    "提升至",
    "降低到",
    "降低至",
    "能达到",
    "可达到",
    "应达到",
    "需达到",
    "要达到",
    "达到",
    "可达",
    "保持在",
    "稳定在",
    "降到",
    "降至",
    "升至",
    "减少到",
    "应为",
    "须为",
    "要求",
    "达",
    "为",
    "是",
    "在",
    "到",
    "至",
    "应",
    "须",
    "需",
    "可",
    "能",
    "均",
    ":",
];

/// Words that lead up to a name.
const FILLERS: &[&str] = &[
    "其中", "要求", "实现", "使得", "使", "将", "且", "并", "和", "及", "与", "的", "了", "确保",
    "保证",
];

/// An indicator and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundIndicator {
    /// What is measured, compared and counted.
    pub indicator: Indicator,
    /// From the name to the last word of the comparison, in the source.
    pub span: Span,
}

/// The indicators of a text, in order.
#[must_use]
pub fn indicators(lexicon: &Lexicon, source: &str) -> Vec<FoundIndicator> {
    let normalised = normalise(lexicon, source);
    let text: &str = &normalised.text;
    let mut found = Vec::new();
    let (mut from, mut last_end) = (0, 0);
    while let Some(offset) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let at = from + offset;
        let Some(amount) = amount(lexicon, text, at) else {
            from = after_digits(text, at);
            continue;
        };
        let (before, comparison_start) = comparison_before(&text[..at]);
        let (after, end) = comparison_after(text, amount.end);
        let comparison = match (amount.quantity.upper, before.or(after)) {
            (Some(_), None) => Some(Comparison::Between),
            (_, stated) => stated,
        };
        from = amount.end;
        if !counts(text, at, &amount, comparison) {
            continue;
        }
        let name_start = name_start(text, last_end, comparison_start);
        let (name_start, name) = name(text, name_start, comparison_start);
        // 7d before 无侧限抗压强度 belongs to a name; alone it says nothing.
        if name.is_empty() && comparison.is_none() {
            continue;
        }
        last_end = end;
        found.push(FoundIndicator {
            indicator: Indicator {
                name: name.to_owned(),
                comparison: comparison.unwrap_or(Comparison::Equal),
                quantity: amount.quantity,
            },
            span: normalised.source_span(name_start, end),
        });
        from = end.max(from);
    }
    found
}

/// A number or range with its unit.
struct Amount {
    quantity: Quantity,
    end: usize,
}

fn amount(lexicon: &Lexicon, text: &str, at: usize) -> Option<Amount> {
    // The digits of T6, GB/T 3190 or 6061-T6 are parts of names.
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')) {
        return None;
    }
    let named_before =
        text[..at].ends_with('-') && text[..at - 1].ends_with(|c: char| c.is_ascii_alphanumeric());
    if named_before {
        return None;
    }
    let negative = text[..at].ends_with('-');
    let (value, mut end) = number(text, at)?;
    let value = if negative { -value } else { value };
    let mut unit = unit_at(lexicon, text, end);
    if let Some((_, unit_end)) = &unit {
        end = *unit_end;
    }
    let mut upper = None;
    if let Some((high, high_end)) = range_end(text, end) {
        let high_unit = unit_at(lexicon, text, high_end);
        if high > value && (high_unit.is_some() || unit.is_none()) {
            upper = Some(high);
            end = high_unit.as_ref().map_or(high_end, |(_, unit_end)| *unit_end);
            unit = high_unit;
        }
    }
    let glued = text[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if glued {
        return None;
    }
    let unit = unit.map(|(unit, _)| unit).unwrap_or_default();
    Some(Amount { quantity: Quantity { value, upper, unit }, end })
}

/// Whether a number with what stands around it is an indicator rather than a name, a date or a count
/// of pages.
fn counts(text: &str, at: usize, amount: &Amount, comparison: Option<Comparison>) -> bool {
    let unit = amount.quantity.unit.as_str();
    let year =
        (1900.0..2100.0).contains(&amount.quantity.value) && text[..amount.end].ends_with('年');
    // 316L is a steel, not 316 litres.
    let glued_capital = unit.len() == 1
        && unit.starts_with(|c: char| c.is_ascii_uppercase())
        && text[at..amount.end].ends_with(unit)
        && !text[at..amount.end].contains(' ');
    match comparison {
        _ if year => false,
        Some(_) => true,
        None => !unit.is_empty() && !glued_capital,
    }
}

/// A decimal number, with thousands marks, 万 and 亿, and powers of ten.
fn number(text: &str, at: usize) -> Option<(f64, usize)> {
    let mut end = at;
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut digits = String::new();
    while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1)) {
        let thousands = bytes[end] == b',';
        let second_point = bytes[end] == b'.' && digits.contains('.');
        if second_point
            || thousands && !(digit(end + 1) && digit(end + 2) && digit(end + 3) && !digit(end + 4))
        {
            break;
        }
        if !thousands {
            digits.push(char::from(bytes[end]));
        }
        end += 1;
    }
    let mut value: f64 = digits.parse().ok()?;
    for sign in ["×10", "x10", "*10"] {
        if let Some(rest) = text[end..].strip_prefix(sign) {
            let after_sign = rest.strip_prefix('^').unwrap_or(rest);
            let is_marked = after_sign.len() < rest.len() || rest.starts_with('-');
            let rest = after_sign;
            let sign_length = usize::from(rest.starts_with('-'));
            let length = rest[sign_length..].bytes().take(3).take_while(u8::is_ascii_digit).count();
            // 1×1080mm is a size; a bare exponent has one digit.
            if length > 2 || !is_marked && length != 1 {
                break;
            }
            let exponent: i32 = rest[..sign_length + length].parse().ok()?;
            value *= 10_f64.powi(exponent);
            end = text.len() - rest.len() + sign_length + length;
            break;
        }
    }
    for (word, factor) in [("万", 1e4), ("亿", 1e8)] {
        if text[end..].starts_with(word) {
            value *= factor;
            end += word.len();
        }
    }
    value.is_finite().then_some((value, end))
}

/// The canonical name of the unit after a number, and where it ends.
fn unit_at(lexicon: &Lexicon, text: &str, at: usize) -> Option<(String, usize)> {
    let blank = text[at..].len() - text[at..].trim_start_matches(' ').len();
    let start = at + blank.min(2);
    let (unit, length) = lexicon.units.longest_at(&text[start..])?;
    Some((unit.canonical.clone(), start + length))
}

/// The second number of 10~20, 10-20 or 10至20, and where it ends.
fn range_end(text: &str, at: usize) -> Option<(f64, usize)> {
    let rest = &text[at..];
    let rest = ["~", "～", "∼", "-", "–", "—", "至", "到"]
        .into_iter()
        .find_map(|mark| rest.strip_prefix(mark))?;
    let rest = rest.trim_start_matches(['~', '-', '—', ' ']);
    let start = text.len() - rest.len();
    rest.starts_with(|c: char| c.is_ascii_digit()).then(|| number(text, start)).flatten()
}

/// The comparison that `before` ends with, and where it begins.
fn comparison_before(before: &str) -> (Option<Comparison>, usize) {
    let trimmed = before.trim_end_matches([' ', '-', '±']);
    for (word, comparison) in BEFORE {
        if let Some(rest) = trimmed.strip_suffix(word) {
            return (Some(*comparison), rest.len());
        }
    }
    (None, trimmed.len())
}

fn comparison_after(text: &str, at: usize) -> (Option<Comparison>, usize) {
    let rest = text[at..].trim_start_matches(' ');
    for (word, comparison) in AFTER {
        if let Some(rest) = rest.strip_prefix(word) {
            return (Some(*comparison), text.len() - rest.len());
        }
    }
    (None, at)
}

/// Where the clause before `end` begins: after the last mark or indicator, not too far back.
fn name_start(text: &str, last_end: usize, end: usize) -> usize {
    // 抗拉强度: 310MPa and 收率(干基)≥90%: neither colon nor brackets end a name.
    let marks_end = |c: char| "，。；、！？,;!?\n\t《》“”\"'".contains(c);
    let mut start = end;
    for (at, c) in text[..end].char_indices().rev().take(NAME_LIMIT_CHARS) {
        if marks_end(c) || at < last_end {
            break;
        }
        start = at;
    }
    start
}

/// The name within `text[start..end]`, without links and fillers, and where it begins.
fn name(text: &str, start: usize, end: usize) -> (usize, &str) {
    let blank = [' ', '(', ')', ':', '[', ']', '/', '-', '+', '%', '°', '~', '.'];
    let mut name = text[start..end].trim_matches(blank);
    while let Some(rest) = LINKS.iter().find_map(|link| name.strip_suffix(link)) {
        name = rest.trim_end_matches(blank);
    }
    name = without_number(name).trim_start_matches(blank);
    while let Some(rest) = FILLERS.iter().find_map(|filler| name.strip_prefix(filler)) {
        name = rest.trim_start_matches(blank);
    }
    if name.is_empty() {
        return (end, "");
    }
    (name.as_ptr() as usize - text.as_ptr() as usize, name)
}

/// A name without the number of its clause: 1)屈服强度, 2.硬度.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = rest.strip_prefix([')', '.', '、', ':']);
    marked.filter(|_| rest.len() < name.len()).unwrap_or(name)
}

fn after_digits(text: &str, at: usize) -> usize {
    text[at..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |length| at + length)
}
