//! Conditions that a clause states, each with its words.

use kechuang_domain::{
    ClauseRule, RuleKind, Span,
    fact::{AUDIENCES, FIRM_SIZES},
};

use super::words::{Cue, Found};
use crate::notation::line::{is_blank, parts_phrases, trim};

/// Rules kept of one clause at most.
pub(crate) const RULE_LIMIT: usize = 20;
/// Between 支持 and the one who is supported lie no more characters.
const REACH_CHARS: usize = 30;
/// A condition in free words is no longer, in characters.
const OTHER_LIMIT_CHARS: usize = 200;

/// What is known about a sentence from around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    /// Whether the clause, by its heading or what leads up to it, states conditions.
    pub(crate) is_conditions: bool,
    /// 吕梁市, for 本市; empty where it is not known.
    pub(crate) region: &'a str,
}

/// The conditions in a sentence; places count from the sentence's first byte.
pub(crate) fn rules(sentence: &str, words: &[Found], around: Around<'_>) -> Vec<ClauseRule> {
    if words.iter().any(|word| word.has(Cue::Against) || word.has(Cue::Excludes)) {
        return Vec::new();
    }
    let states = around.is_conditions || words.iter().any(|word| word.has(Cue::Condition));
    let mut found = organisations(sentence, words, states);
    found.extend(registered(sentence, words, around.region));
    found.extend(other(sentence, words, around.is_conditions, &found));
    found
}

/// Kinds of organisations and sizes of firms that are meant.
fn organisations(sentence: &str, words: &[Found], states: bool) -> Vec<ClauseRule> {
    let meant = meant(sentence, words, states);
    let (Some(first), Some(last)) = (meant.first(), meant.last()) else { return Vec::new() };
    let span = phrases(sentence, first.start, last.end);
    let audiences =
        AUDIENCES.iter().filter(|kind| meant.iter().any(|word| word.has(Cue::Audience(kind))));
    let any_of: Vec<String> = audiences.map(|kind| (*kind).to_owned()).collect();
    let sizes = FIRM_SIZES.iter().filter(|size| {
        meant.iter().any(|word| {
            word.cues.iter().any(|cue| matches!(cue, Cue::Sizes(sizes) if sizes.contains(size)))
        })
    });
    let sizes: Vec<String> = sizes.map(|size| (*size).to_owned()).collect();
    // Where others than firms are meant too, a firm's size decides nothing.
    let only_firms = !any_of.iter().any(|kind| kind == "高校院所" || kind == "服务机构");
    let mut rules = Vec::new();
    if !any_of.is_empty() {
        rules.push(ClauseRule { rule: RuleKind::Audience, any_of, span });
    }
    let every = meant.iter().filter(|word| is_organisation(word));
    let all_sized =
        every.clone().all(|word| word.cues.iter().any(|cue| matches!(cue, Cue::Sizes(_))));
    if only_firms && all_sized && !sizes.is_empty() {
        rules.push(ClauseRule { rule: RuleKind::FirmSize, any_of: sizes, span });
    }
    rules
}

fn is_organisation(word: &Found) -> bool {
    word.cues.iter().any(|cue| matches!(cue, Cue::Audience(_)))
}

/// The organisations that a sentence supports, gives to or puts conditions to. 支持 reaches the first
/// one behind it and those that are joined to it, 注册 likewise; 对 only where something is given.
fn meant<'a>(sentence: &str, words: &'a [Found], states: bool) -> Vec<&'a Found> {
    let gives = words.iter().rposition(|word| word.has(Cue::Gives));
    let mut reach: Option<usize> = None;
    let mut meant: Vec<&Found> = Vec::new();
    let mut last_end = 0;
    for (place, word) in words.iter().enumerate() {
        if let Some(from) = reach
            && sentence[from..word.start].contains(parts_phrases)
        {
            reach = None;
        }
        let given = word.has(Cue::For) && gives.is_some_and(|gives| gives > place);
        if word.has(Cue::Favours) || given || word.has(Cue::Toward) && begins_phrase(sentence, word)
        {
            // 支持高校面向企业开展… supports 高校.
            let passes_on =
                !meant.is_empty() && !sentence[last_end..word.start].contains(parts_phrases);
            reach = (!passes_on).then_some(word.end);
        } else if is_organisation(word) {
            let between = &sentence[last_end.min(word.start)..word.start];
            let joined = !meant.is_empty() && is_joint(between);
            let near = reach.is_some_and(|from| is_near(&sentence[from..word.start]));
            let applies = states && is_applicant(sentence, words, place);
            if applies || near || joined {
                // “专精特新”企业 is one kind, not two.
                let repeats = joined && is_quote(between) && word.has(Cue::Audience("企业"));
                if !repeats {
                    meant.push(word);
                }
                last_end = word.end;
            }
            reach = None;
        }
    }
    meant
}

/// Whether no more than 主要 or the like stands before a word in its phrase.
fn begins_phrase(sentence: &str, word: &Found) -> bool {
    const LEAD_CHARS: usize = 3;
    let before = sentence[..word.start].chars().rev().take_while(|c| !parts_phrases(*c));
    before.take(LEAD_CHARS + 1).count() <= LEAD_CHARS
}

/// Whether what stands between 支持 and an organisation leaves it the one that is supported.
fn is_near(between: &str) -> bool {
    let passes_on = ["将", "为", "与", "向", "由", "建设", "打造"];
    between.chars().take(REACH_CHARS + 1).count() <= REACH_CHARS
        && !passes_on.iter().any(|word| between.contains(word))
}

/// Whether conditions are put to the organisation at `place`: its phrase says 申报主体 or the like, or it
/// is what must do something.
fn is_applicant(sentence: &str, words: &[Found], place: usize) -> bool {
    const REACH_BYTES: usize = 12;
    let word = &words[place];
    let same = |other: &Found| {
        let (from, to) = (word.end.min(other.end), word.start.max(other.start));
        !sentence[from.min(to)..to].contains(|c| parts_phrases(c) && !"：:".contains(c))
    };
    // No phrase has more words around the one in question.
    let around = &words[place.saturating_sub(6)..(place + 7).min(words.len())];
    let asked = words.get(place + 1).is_some_and(|next| {
        next.has(Cue::Asks) && same(next) && next.start - word.end <= REACH_BYTES
    });
    asked || around.iter().any(|other| other.has(Cue::Condition) && same(other))
}

fn is_joint(between: &str) -> bool {
    between.len() <= 24
        && between
            .chars()
            .all(|c| "、和及与或以等者“”\"（）()各类其他有关相关".contains(c) || is_blank(c))
}

fn is_quote(between: &str) -> bool {
    between.chars().all(|c| "“”\"".contains(c) || is_blank(c))
}

/// The phrases of `sentence` from the one with byte `from` to the one with byte `to`.
fn phrases(sentence: &str, from: usize, to: usize) -> Span {
    let before = sentence[..from].char_indices().rev().find(|(_, c)| parts_phrases(*c));
    let start = before.map_or(0, |(at, c)| at + c.len_utf8());
    let end = sentence[to..].find(parts_phrases).map_or(sentence.len(), |at| to + at);
    trim(sentence, Span { start, end })
}

/// 注册地在吕梁市, 在本市注册.
fn registered(sentence: &str, words: &[Found], region: &str) -> Option<ClauseRule> {
    words.iter().filter(|word| word.has(Cue::Registered)).find_map(|word| {
        let (name, span) = behind(sentence, word).or_else(|| ahead(sentence, word))?;
        let named = match name {
            "本市" | "我市" | "全市" if region.ends_with('市') => region,
            "本省" | "我省" if region.ends_with('省') => region,
            "本县" | "我县" if region.ends_with('县') => region,
            _ => name,
        };
        Some(ClauseRule { rule: RuleKind::Other, any_of: vec![named.to_owned()], span })
    })
}

/// The division behind 注册地在.
fn behind<'a>(sentence: &'a str, word: &Found) -> Option<(&'a str, Span)> {
    let rest = &sentence[word.end..];
    let starts = ["地址在", "地在", "地为", "地位于", "地址位于", "在", "于"];
    let start = starts.iter().find(|start| rest.starts_with(*start))?;
    let at = word.end + start.len();
    let name = division(&sentence[at..])?;
    Some((name, Span { start: word.start, end: at + name.len() }))
}

/// The division between 在 and 注册.
fn ahead<'a>(sentence: &'a str, word: &Found) -> Option<(&'a str, Span)> {
    const REACH_BYTES: usize = 60;
    let before = &sentence[..word.start];
    let (at, _) = before
        .char_indices()
        .rev()
        .take_while(|(at, c)| before.len() - at <= REACH_BYTES && !parts_phrases(*c))
        .find(|(_, c)| *c == '在')?;
    let from = at + '在'.len_utf8();
    let name = division(&before[from..])?;
    let rest = &before[from + name.len()..];
    let fillers = [
        "行政区域内",
        "行政区域",
        "范围内",
        "辖区内",
        "区域内",
        "境内",
        "地区",
        "内",
        "依法",
        "合法",
        "登记",
        "进行",
    ];
    let mut bare = rest;
    while let Some(shorter) = fillers.iter().find_map(|filler| bare.strip_prefix(filler)) {
        bare = shorter;
    }
    bare.is_empty().then_some((name, Span { start: at, end: word.end }))
}

/// The name of a division that `text` begins with.
fn division(text: &str) -> Option<&str> {
    let own = ["本市", "我市", "全市", "本省", "我省", "本县", "我县"];
    if let Some(own) = own.iter().find(|own| text.starts_with(**own)) {
        return text.get(..own.len());
    }
    let zones = ["地区", "示范区", "监管区", "功能区", "园区", "新区", "开发区", "行政区", "辖区"];
    let ends = text
        .char_indices()
        .take(10)
        .take_while(|(_, c)| c.is_alphabetic())
        .filter(|(at, c)| *at > 0 && "省市县区".contains(*c))
        .map(|(at, c)| at + c.len_utf8());
    let names = ends.filter_map(|end| text.get(..end));
    names.filter(|name| !zones.iter().any(|zone| name.ends_with(zone))).last()
}

/// A condition in free words: a sentence of a clause of conditions, or one that puts a measured
/// condition to firms.
fn other(
    sentence: &str,
    words: &[Found],
    states: bool,
    known: &[ClauseRule],
) -> Option<ClauseRule> {
    let has = |cue: Cue| words.iter().any(|word| word.has(cue));
    let measured = has(Cue::Asks)
        && has(Cue::Applicant)
        && MEASURED.iter().any(|word| sentence.contains(word));
    // An arrow draws a procedure.
    if !(states || measured) || sentence.contains('→') {
        return None;
    }
    let span = trim_marks(sentence);
    let said = span.of(sentence)?;
    let chars = said.chars().take(OTHER_LIMIT_CHARS + 1).count();
    let leads = said.ends_with(['：', ':']);
    // What organisations and sizes say already is not said twice.
    let is_known =
        !measured && known.iter().any(|rule| 2 * (rule.span.end - rule.span.start) > said.len());
    let is_label = words.iter().any(|word| word.start == span.start && word.end == span.end);
    let fits = !is_label && (4..=OTHER_LIMIT_CHARS).contains(&chars) && !leads && !is_known;
    fits.then(|| ClauseRule { rule: RuleKind::Other, any_of: vec![said.to_owned()], span })
}

/// What firms are measured by.
const MEASURED: &[&str] = &[
    "研发投入",
    "研发费用",
    "研究开发费用",
    "营业收入",
    "销售收入",
    "资产负债率",
    "注册资本",
    "注册资金",
    "成立时间",
    "注册成立",
    "注册满",
    "成立满",
    "从业人员",
    "职工总数",
    "失信",
    "信用记录",
];

/// The sentence without its number and the marks at its ends.
fn trim_marks(sentence: &str) -> Span {
    let number = super::numbering::numbering(sentence).map_or(0, |number| number.length);
    let rest = &sentence[number..];
    let marks = |c: char| is_blank(c) || "；;。，,".contains(c);
    let start = number + rest.len() - rest.trim_start_matches(marks).len();
    Span { start, end: start.max(sentence.trim_end_matches(marks).len()) }
}

/// The chain that a heading names; `None` where it names none.
pub(crate) fn chains(words: &[Found], span: Span) -> Option<ClauseRule> {
    let mut any_of: Vec<String> = Vec::new();
    for cue in words.iter().flat_map(|word| word.cues) {
        if let Cue::Chain(code) = cue
            && !any_of.iter().any(|known| known == code)
        {
            any_of.push((*code).to_owned());
        }
    }
    (!any_of.is_empty()).then_some(ClauseRule { rule: RuleKind::Chain, any_of, span })
}

/// The chain of the firms or projects that a sentence supports: 对氢能企业给予….
pub(crate) fn supported_chain(sentence: &str, words: &[Found]) -> Option<ClauseRule> {
    let is_chain = |word: &Found| word.cues.iter().any(|cue| matches!(cue, Cue::Chain(_)));
    let gives = words.iter().any(|word| word.has(Cue::Gives));
    let place = words.iter().position(is_chain).filter(|_| gives)?;
    let word = &words[place];
    let span = phrases(sentence, word.start, word.end);
    let favoured = words[..place].iter().any(|before| {
        (before.has(Cue::Favours) || before.has(Cue::For)) && before.start >= span.start
    });
    let after = sentence[word.end..]
        .trim_start_matches(['”', '类', '产', '业', '链', '领', '域', '的', '重', '点']);
    let nouns = ["企业", "项目", "装备", "技术", "示范"];
    let is_theirs = nouns.iter().any(|noun| after.starts_with(noun));
    (favoured && is_theirs).then(|| chains(std::slice::from_ref(word), span)).flatten()
}
