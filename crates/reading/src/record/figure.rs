//! Figures as texts write them: what is measured, how it is compared, the amount with its unit.

use kechuang_domain::{Comparison, Span};
use kechuang_text::{FoundIndicator, Lexicon, indicators, normalise};

use super::passage::{Passage, Piece};

/// So much before a figure is looked at for what its sentence says of it, in bytes.
const SENTENCE_BYTES: usize = 600;
/// The longest unit that is in no table, in characters.
const UNIT_CHARS: usize = 24;

/// Words before a name that are none of it; what stands before them neither.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "想的是", "的是", "以后", "要求", "目标是", "想达到", "要做到", "能把", "想把", "想找人把", "人家要", "其中",
    "而且", "并且", "一是", "二是", "三是", "四是", "使", "将", "把", "结果为", "放大后", "确保", "保证", "力争",
    "希望", "实现", "需要", "需", "做到", "达到", "客户要", "经测试", "测试", "实测", "其", "是", "用于", "应用",
    "后", "的", "指标", "要",
];
/// Words behind a name that are none of it.
#[rustfmt::skip]
const TRAILS: &[&str] = &[
    "也要求", "要求", "也", "最好", "嘛", "就", "别", "能", "控制", "仅", "大概", "一般", "稳定", "再", "要", "应",
    "须", "需", "为", "在", "到", "有", "达", "都", "得", "起码", "想", "从", "由", "是", "只", "可", "可以",
    "降至", "值为", "不",
];
/// Words between an old value and a new one.
const RISES: &[&str] = &[
    "提高", "提升", "增加", "增至", "降低", "下降", "减少", "缩短", "延长", "降", "升", "增",
    "压缩", "压", "提",
];
/// Verbs between a name and 到 with its value: 寿命做到3000小时.
const VERBS: &[&str] = &["做", "压", "降", "提", "升", "缩短", "缩", "提高", "减"];

/// A figure of a passage. Its places count bytes of the passage's text.
pub(super) struct Figure<'a> {
    pub(super) comparison: Comparison,
    /// Whether it is told as what is not reached: 不到90%.
    pub(super) falls_short: bool,
    /// The unit in its one form; empty where it is in no table.
    pub(super) unit: String,
    /// From its name to the last word of its comparison.
    pub(super) span: Span,
    amount: Span,
    name: Span,
    /// The clause that it stands in.
    pub(super) clause: Piece<'a>,
    text: &'a str,
}

impl<'a> Figure<'a> {
    /// The number with its unit, as written.
    pub(super) fn amount(&self) -> &'a str {
        self.amount.of(self.text).unwrap_or_default()
    }

    /// What stands between the amount and the end of the figure: 以上.
    pub(super) fn behind(&self) -> &'a str {
        self.text.get(self.amount.end..self.span.end).unwrap_or_default()
    }

    /// What follows the figure.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.span.end..]
    }

    /// What its sentence says before the amount.
    pub(super) fn before(&self) -> &'a str {
        let from = self.text.floor_char_boundary(self.amount.start.saturating_sub(SENTENCE_BYTES));
        let before = &self.text[from..self.amount.start];
        before.rfind(['。', '；', '！', '？', '\n']).map_or(before, |at| &before[at..])
    }

    /// What is measured, in the words of the text, without those around it.
    pub(super) fn name(&self, passage: &Passage<'_>) -> &'a str {
        let written = self.name.of(self.text).unwrap_or_default();
        // Of 示例大学 搅拌铸造法 抗拉强度 the last word; a name may stand before a bracket, outside of the clause.
        let from = self.clause.start.saturating_sub(passage.start + self.name.start);
        let within = written.get(from..).filter(|rest| !rest.is_empty());
        bare_name(within.unwrap_or(written), &self.text[self.name.end..])
    }

    /// The value as a form has it: `≥240 MPa`.
    pub(super) fn stated(&self) -> String {
        stated(self.comparison, self.amount())
    }

    fn has_no_name(&self) -> bool {
        self.name.start >= self.name.end
    }
}

/// The figures of a passage, in order.
pub(super) fn figures<'a>(lexicon: &Lexicon, passage: &Passage<'a>) -> Vec<Figure<'a>> {
    let clauses = passage.clauses();
    let mut figures: Vec<Figure<'a>> = Vec::new();
    for found in indicators(lexicon, passage.text) {
        let at = passage.start + found.amount.start;
        let clause = clauses.partition_point(|clause| clause.end() <= at);
        let whole = Piece { text: passage.text, start: passage.start };
        let clause = near(clauses.get(clause).copied().unwrap_or(whole), at);
        let mut figure = figure(passage.text, clause, found);
        if let Some(last) = figures.last()
            && takes_in(lexicon, &mut figure, last)
        {
            figures.pop();
        }
        figures.push(figure);
    }
    figures
}

/// A clause that is no longer than what is looked at, around a place in it.
fn near(clause: Piece<'_>, at: usize) -> Piece<'_> {
    let within = at.saturating_sub(clause.start);
    let from = clause.text.floor_char_boundary(within.saturating_sub(SENTENCE_BYTES));
    let to = clause.text.ceil_char_boundary(within + SENTENCE_BYTES);
    Piece { text: &clause.text[from..to], start: clause.start + from }
}

fn figure<'a>(text: &'a str, clause: Piece<'a>, found: FoundIndicator) -> Figure<'a> {
    let FoundIndicator { indicator, mut span, name, amount } = found;
    let mut comparison = indicator.comparison;
    let amount = whole_amount(text, amount);
    if amount.end > span.end {
        span.end = amount.end;
        comparison = compared_behind(&text[span.end..]).unwrap_or(comparison);
    }
    // 不到2秒 is less; 别超过 was told before.
    let before = text.get(name.end.min(amount.start)..amount.start).unwrap_or_default();
    let lead = text[..amount.start].trim_end_matches(' ');
    let falls_short =
        ["不到", "不足"].iter().any(|word| lead.ends_with(word) || before.ends_with(word));
    if falls_short && comparison == Comparison::Equal {
        comparison = Comparison::Below;
    }
    // 300多 says no bound, 超过300多 does.
    let written = &text[name.end.min(amount.start)..span.end];
    let is_vague =
        written.contains(['多', '余']) && !written.contains(['超', '大', '高', '>', '＞', '上']);
    if comparison == Comparison::Above && is_vague {
        comparison = Comparison::About;
    }
    Figure {
        comparison,
        falls_short,
        unit: indicator.quantity.unit,
        span,
        amount,
        name,
        clause,
        text,
    }
}

/// Gives `figure` what the one before it says of it, and tells whether that one is then none of its own: the age in 28
/// d抗压强度, the condition in 去除率（20微米以上）不低于90%. and the old value in 成材率由71%提高到78%.
fn takes_in(lexicon: &Lexicon, figure: &mut Figure<'_>, last: &Figure<'_>) -> bool {
    let text = figure.text;
    let between = text.get(last.span.end..figure.span.start).unwrap_or_default();
    let led_by = text.get(last.name.end..last.amount.start).unwrap_or_default();
    let is_time = lexicon.unit(&last.unit).is_some_and(|unit| unit.dimension == "time");
    let is_age = last.comparison == Comparison::Equal
        && is_time
        && between.trim().is_empty()
        && !figure.has_no_name();
    let closes = between.trim_start().starts_with(['）', ')']);
    let has_no_name = figure.has_no_name();
    let is_condition = led_by.contains(['（', '(']) && closes && has_no_name;
    let own = figure.name.of(text).unwrap_or_default();
    let rises = has_no_name || RISES.contains(&own.trim());
    let led = last.name.of(text).unwrap_or_default();
    let is_old = rises && (led_by.contains(['由', '从']) || led.ends_with(['由', '从']));
    if is_age {
        figure.name.start = last.name.start;
    } else if is_condition || is_old {
        figure.name = last.name;
    }
    if is_age || is_condition || is_old {
        figure.span.start = last.span.start;
    }
    is_age || is_condition || is_old
}

/// An amount with its sign, and with a unit that is in no table: 6 Ncm³/(h·L), 0.12 mL/100gAl.
fn whole_amount(text: &str, amount: Span) -> Span {
    let Span { mut start, mut end } = amount;
    let before = text[..start].trim_end_matches(['-', '−']);
    if before.len() < start && !before.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        start = before.len();
    }
    let rest = &text[end..];
    let is_unit = |c: char| c.is_ascii_alphanumeric() || "/·()²³⁻¹%μ".contains(c);
    let behind = rest.trim_start_matches(' ');
    let near = behind.char_indices().nth(UNIT_CHARS).map_or(behind, |(end, _)| &behind[..end]);
    let run = near.find(|c| !is_unit(c)).unwrap_or(near.len());
    let unit = balanced(&behind[..run]);
    // 零下35度 and 一百五十块 have units that mean this or that.
    if let Some(word) = ["度", "块"].iter().find(|word| rest.starts_with(**word)) {
        return Span { start, end: end + word.len() };
    }
    let goes_on = unit.starts_with('/') && behind.len() == rest.len()
        || unit.contains('/') && unit.starts_with(|c: char| c.is_ascii_alphabetic());
    if goes_on {
        end += rest.len() - behind.len() + unit.len();
    }
    Span { start, end }
}

/// What stands before a bracket that is not opened within.
fn balanced(unit: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in unit.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return &unit[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    unit
}

/// How a value is compared by the words behind it.
fn compared_behind(text: &str) -> Option<Comparison> {
    let words = [
        ("左右", Comparison::About),
        ("上下", Comparison::About),
        ("以上", Comparison::AtLeast),
        ("以下", Comparison::AtMost),
        ("以内", Comparison::AtMost),
    ];
    words
        .into_iter()
        .find(|(word, _)| text.trim_start_matches(' ').starts_with(word))
        .map(|(_, comparison)| comparison)
}

/// A name without the words around it; `behind` is what follows it.
fn bare_name<'a>(read: &'a str, behind: &str) -> &'a str {
    let mut name = read.trim();
    if behind.starts_with(['到', '至']) {
        let verb = VERBS.iter().find_map(|verb| name.strip_suffix(verb));
        name = verb.unwrap_or(name);
    }
    for lead in LEADS {
        if let Some((before, after)) = name.split_once(lead) {
            let is_word = !before.ends_with('主') && after.chars().count() >= 2;
            // 要 in 要求 was taken before; in 主要 it is a part of the word.
            if is_word && before.chars().count() <= 12 && lead.chars().count() > 1
                || before.is_empty() && after.chars().count() >= 2
            {
                name = after;
            }
        }
    }
    // 该合金的铸态热导率.
    if let Some((of, rest)) = name.split_once('的')
        && of.starts_with(['该', '本', '其', '这', '此', '现', '砖'])
        && rest.chars().count() >= 2
    {
        name = rest;
    }
    while let Some(rest) = TRAILS.iter().find_map(|trail| name.strip_suffix(trail)) {
        if rest.chars().count() < 2 {
            break;
        }
        name = rest;
    }
    name.trim_matches([' ', '：', ':', '，'])
}

/// A value as a form has it: sign, number and unit as the text writes them.
fn stated(comparison: Comparison, amount: &str) -> String {
    let plain: String = amount.chars().map(plain).collect();
    let plain = plain.trim();
    let sign = match comparison {
        Comparison::AtLeast => "≥",
        Comparison::AtMost => "≤",
        Comparison::Above => ">",
        Comparison::Below => "<",
        Comparison::About => "约",
        Comparison::Equal | Comparison::Between => "",
    };
    let is_number = |c: char| {
        c.is_ascii_digit() || matches!(c, '.' | '-' | '%' | '～' | '×' | '^' | '±' | ' ' | ',')
    };
    let is_range = comparison == Comparison::Between;
    let plain = if is_range { range(plain) } else { plain.to_owned() };
    let end = plain.find(|c| !is_number(c)).unwrap_or(plain.len());
    let (number, unit) = plain.split_at(end);
    let (number, unit) = (number.trim_end(), unit.trim_start());
    let blank = if unit.is_empty() { "" } else { " " };
    format!("{sign}{number}{blank}{unit}")
}

/// 65%～75% and 220-260 mm as 65～75% and 220～260 mm.
fn range(text: &str) -> String {
    let signs = ["～", "~", "—", "–", "至", "到", "-"];
    let split = signs.iter().find_map(|sign| {
        // A minus before the first number is no sign of a range.
        let at = text
            .char_indices()
            .skip(1)
            .map(|(at, _)| at)
            .find(|at| text[*at..].starts_with(sign))?;
        Some((&text[..at], text[at..].trim_start_matches(sign)))
    });
    let Some((low, high)) = split else { return text.to_owned() };
    let low: String =
        low.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ',')).collect();
    format!("{low}～{}", high.trim())
}

/// A character in half width, with one form of minus and of the sign of a range.
fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' if c != '～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' | '‑' => '-',
        '∼' => '～',
        c => c,
    }
}

/// A text in one width and without blanks, to compare what is written one way or another.
pub(super) fn folded(lexicon: &Lexicon, text: &str) -> String {
    let text = normalise(lexicon, text).text;
    let about = |c| if c == '~' { '约' } else { c };
    text.chars().filter(|c| !c.is_whitespace()).map(plain).map(about).collect()
}
