//! The words around a number: what it is compared by and what is measured.

use kechuang_domain::Comparison;

use super::amount::element_before;

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
    ("不要超过", Comparison::AtMost),
    ("不超过", Comparison::AtMost),
    ("别超过", Comparison::AtMost),
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
    ("接近", Comparison::About),
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

/// Words that say that a value is reached from one side.
const REACHES: &[(&str, Comparison)] = &[
    ("控制在", Comparison::AtMost),
    ("降低到", Comparison::AtMost),
    ("降低至", Comparison::AtMost),
    ("减少到", Comparison::AtMost),
    ("减少至", Comparison::AtMost),
    ("下降至", Comparison::AtMost),
    ("下降到", Comparison::AtMost),
    ("缩短至", Comparison::AtMost),
    ("缩短到", Comparison::AtMost),
    ("降到", Comparison::AtMost),
    ("降至", Comparison::AtMost),
    ("提高到", Comparison::AtLeast),
    ("提升到", Comparison::AtLeast),
    ("提高至", Comparison::AtLeast),
    ("提升至", Comparison::AtLeast),
    ("升至", Comparison::AtLeast),
    ("达到", Comparison::AtLeast),
    ("高达", Comparison::AtLeast),
    ("可达", Comparison::AtLeast),
    ("达", Comparison::AtLeast),
];

/// What is the better the smaller it is: who reaches a precision has that or less.
const FINENESS: &[&str] = &["精度", "误差", "偏差", "公差", "粗糙度", "分辨率"];

/// Words that lead over from a name to its value.
const LINKS: &[&str] = &[
    "能够",
    "可以",
    "保持在",
    "稳定在",
    "应为",
    "须为",
    "要求",
    "仅为",
    "分别",
    "依次",
    "为",
    "是",
    "在",
    "到",
    "至",
    "应",
    "须",
    "需",
    "要",
    "均",
    ":",
];

/// Words that lead up to a name.
const FILLERS: &[&str] = &[
    "其中", "要求", "实现", "使得", "使", "将", "且", "并", "和", "及", "与", "的", "了", "确保",
    "保证", "可", "能", "约", "在",
];

/// Words before one that says what is reached: 可达到, 能够达到, 需达到.
const MODALS: &[&str] = &["能够", "可以", "要求", "能", "可", "应", "需", "须", "要"];

/// Words after which a list of what something consists of begins: 化学成分为: C 0.2%.
const LISTS: &[&str] = &[
    "包括", "为", "组成", "满足", "比", "计", "成分", "如下", "指标", "性能", "要求", "参数",
    "组分",
];

/// What stands between the words and belongs to none.
const BLANK: [char; 14] = [' ', '(', ')', ':', '[', ']', '/', '-', '+', '%', '°', '~', '.', 'φ'];

/// How a number is compared, by the words before it, and where these begin.
pub(super) struct Before {
    pub(super) comparison: Option<Comparison>,
    /// Whether the words name a side only by what is reached (达到), so that a range says more.
    pub(super) is_reached: bool,
    pub(super) start: usize,
}

/// The comparison that `before` ends with, and where it begins.
pub(super) fn comparison_before(before: &str) -> Before {
    let trimmed = before.trim_end_matches([' ', '-', '±', 'φ', '(']);
    for (word, comparison) in BEFORE {
        if let Some(rest) = trimmed.strip_suffix(word) {
            let comparison = Some(*comparison);
            return Before { comparison, is_reached: false, start: rest.len() };
        }
    }
    if let Some(rest) = trimmed.strip_suffix('近').filter(|rest| !rest.ends_with(['最', '附'])) {
        return Before {
            comparison: Some(Comparison::About),
            is_reached: false,
            start: rest.len(),
        };
    }
    for (word, comparison) in REACHES {
        if let Some(rest) = trimmed.strip_suffix(word) {
            let rest = MODALS.iter().fold(rest, |rest, modal| rest.trim_end_matches(modal));
            let comparison = Some(*comparison);
            return Before { comparison, is_reached: true, start: rest.len() };
        }
    }
    Before { comparison: None, is_reached: false, start: trimmed.len() }
}

/// Whether what is measured is the better the smaller it is.
pub(super) fn is_fineness(name: &str) -> bool {
    FINENESS.iter().any(|word| name.ends_with(word))
}

/// The comparison after a unit, and where it ends.
pub(super) fn comparison_after(text: &str, at: usize) -> (Option<Comparison>, usize) {
    let rest = text[at..].trim_start_matches(' ');
    for (word, comparison) in AFTER {
        if let Some(rest) = rest.strip_prefix(word) {
            return (Some(*comparison), text.len() - rest.len());
        }
    }
    (None, at)
}

/// Where the clause before `end` begins: after the last mark or indicator, not too far back.
pub(super) fn name_start(text: &str, last_end: usize, end: usize) -> usize {
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
pub(super) fn name(text: &str, start: usize, end: usize) -> (usize, &str) {
    let mut name = text[start..end].trim_matches(BLANK);
    while let Some(rest) = LINKS.iter().find_map(|link| name.strip_suffix(link)) {
        name = rest.trim_end_matches(BLANK);
    }
    name = without_number(name).trim_start_matches(BLANK);
    while let Some(rest) = FILLERS.iter().find_map(|filler| name.strip_prefix(filler)) {
        // 能耗 does not begin with a filler.
        let is_word =
            name.starts_with('能') && rest.starts_with(['耗', '量', '效', '源', '级', '力']);
        if is_word {
            break;
        }
        name = rest.trim_start_matches(BLANK);
    }
    name = unclosed(listed(name));
    if name.is_empty() {
        return (end, "");
    }
    (name.as_ptr() as usize - text.as_ptr() as usize, name)
}

/// A name without what introduces a list: of 化学成分为:C only C, of 机械性能满足:屈服强度 the latter. 表面粗糙度:Ra stays.
fn listed(name: &str) -> &str {
    if let Some((before, after)) = name.rsplit_once(':') {
        let says_itself = after.chars().filter(|c| !c.is_ascii()).count() > 1;
        if says_itself || LISTS.iter().any(|word| before.ends_with(word)) {
            return after.trim_matches(BLANK);
        }
    }
    let letters = name.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let (before, symbol) = name.split_at(name.len() - letters);
    let is_listed = LISTS.iter().any(|word| before.ends_with(word));
    if is_listed && element_before(name, name.len()) { symbol } else { name }
}

/// What stands behind a bracket that is not closed: of 降低(P only P, of 治疗组(共 only what is before.
fn unclosed(name: &str) -> &str {
    match name.rsplit_once('(') {
        Some((before, "共" | "约" | "即")) => before.trim_matches(BLANK),
        Some((_, inside)) if !inside.contains(')') => inside.trim_matches(BLANK),
        _ => name,
    }
}

/// A name without the number of its clause: 1)屈服强度, 2.硬度.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = rest.strip_prefix([')', '.', '、', ':']);
    marked.filter(|_| rest.len() < name.len()).unwrap_or(name)
}
