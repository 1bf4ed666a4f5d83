//! Whose demand or achievement it is.

use std::cmp::Reverse;

use kechuang_domain::Library;

use super::{
    ReadField, Said,
    passage::{Passage, Piece},
    title::is_blank_mark,
};

/// The longest name, in characters.
const LIMIT_CHARS: usize = 30;
/// The shortest that stands behind 单位 without a known ending.
const SHORTEST_CHARS: usize = 4;

/// How names of firms end; longer endings first.
#[rustfmt::skip]
const FIRMS: &[&str] = &[
    "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "集团公司", "分公司", "公司", "集团", "钢铁",
    "特钢", "铝业", "镁业", "焦化", "煤业", "矿业", "煤矿", "电力", "电厂", "钢厂", "铝厂", "镁厂", "水泥厂", "厂",
];
/// How names of those who do research end.
#[rustfmt::skip]
const ACADEMIC: &[&str] = &[
    "研究总院", "研究院", "研究所", "设计院", "科学院", "大学", "学院", "研究中心", "实验室", "中心",
];
/// Parts of universities, which belong to the name.
#[rustfmt::skip]
const FACULTIES: &[&str] = &[
    "研究院", "研究所", "研究中心", "实验室", "学院", "学部", "系", "课题组",
];

/// Words that lead up to a name and say that the text is theirs.
#[rustfmt::skip]
const INTRODUCES: &[&str] = &[
    "我们是", "我是", "我厂", "我公司", "我司", "我单位", "我们", "走访", "调研", "到", "由", "推介", "课题组",
    "——", "以", "单位", "企业", "公司", "是", "问了", "刚从", "听完", "了解到", "来自", "代表", "赴", "拜访",
    "前往", "对接了", "受", "本单位", "去了", "去", "推荐", "全称", "抬头写",
];
/// Words behind a name that say so.
#[rustfmt::skip]
const FOLLOWS: &[&str] = &[
    "提出", "的", "为例", "调研", "完成", "牵头", "那边", "发来", "介绍", "方面", "目前", "反映", "表示", "年产",
    "搞的", "研发", "那", "做", "自主", "开发", "近期", "现有", "拟", "计划", "希望", "纪要", "座谈", "来函",
    "走访", "主营", "是一家", "在", "(", "（", "团队", "课题组",
];
/// Words that lead up to somebody else's name.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "委托", "客户", "已与", "曾与", "和", "与", "、", "对接", "供给", "进口", "购自", "卖给", "在", "已在", "供应",
    "请", "送", "找", "联系", "及", "从",
];
/// What no name begins behind: the name starts after it.
#[rustfmt::skip]
const STOPS: &[&str] = &[
    "我们是", "我是", "由", "的", "以", "到", "从", "向", "给", "被", "让", "了解到", "走访", "调研", "推介",
    "听完", "刚", "找", "与", "及", "受托", "委托", "课题组", "我厂", "我公司", "我司", "问了", "——", "是", "依托",
    "联合", "位于", "来自", "代表", "经", "已在", "曾在", "赴", "拜访", "前往", "本单位", "去了", "了", "为",
    "对接", "帮助", "协助", "下午", "上午", "成果", "传感器我", "推荐", "全称", "抬头写", "名叫", "叫做", "贵集团",
    "和", "去年", "隔壁",
];

/// What is no name: 我们公司, 贵集团, 一家企业.
#[rustfmt::skip]
const NOBODY: &[&str] = &[
    "我", "贵", "本", "该", "你", "他", "一家", "省内", "附近", "隔壁", "外省", "同一", "这家", "那家", "两家",
    "三家", "某", "是电", "兄弟", "国内", "各",
];

struct Name<'a> {
    piece: Piece<'a>,
    is_firm: bool,
}

/// The value of 企业名称 or the like; without one, the organisation that the text is most likely to speak for.
pub(super) fn read(library: Library, passages: &[Passage<'_>]) -> Option<Said> {
    let labelled = passages.iter().find_map(|passage| {
        let is_owner = passage.is_of(ReadField::Owner) && !is_blank_mark(passage.text);
        let whole = Piece { text: passage.text, start: passage.start };
        let named = names(whole).into_iter().next().map(|name| name.piece);
        // 单位：万元 is of a table.
        let chars = passage.text.chars().count();
        let fits = (SHORTEST_CHARS..=LIMIT_CHARS).contains(&chars);
        is_owner.then(|| named.or(fits.then_some(whole))).flatten().map(|name| (passage, name))
    });
    if let Some((passage, Piece { text, .. })) = labelled {
        return Some(Said::of_line(ReadField::Owner, text.to_owned(), passage));
    }
    let mut candidates = Vec::new();
    for passage in passages {
        // 示例铝业来信：… speaks for whom it names.
        let label = Piece { text: passage.label, start: passage.label_start };
        // A heading speaks for its own line only.
        let is_here = passage.label_start >= passage.line_start;
        let is_said = passage.is_open() && !passage.label.is_empty() && is_here;
        let label = Some(label).filter(|_| is_said);
        for sentence in label.into_iter().chain(passage.sentences()) {
            for name in names(sentence) {
                let score = score(library, passage, sentence, &name);
                candidates.push((score, name.piece, sentence));
            }
        }
    }
    let best =
        candidates.into_iter().enumerate().max_by_key(|(at, (score, ..))| (*score, Reverse(*at)));
    let (_, (_, name, sentence)) = best.filter(|(_, (score, ..))| *score > 0)?;
    Some(Said {
        field: ReadField::Owner,
        value: name.text.to_owned(),
        start: sentence.start,
        end: sentence.end(),
    })
}

fn score(library: Library, passage: &Passage<'_>, sentence: Piece<'_>, name: &Name<'_>) -> i32 {
    let at = name.piece.start - sentence.start;
    let before = sentence.text[..at].trim_end_matches([' ', '（', '(']);
    let behind = &sentence.text[at + name.piece.text.len()..];
    let is_wanted_kind = name.is_firm == (library == Library::Demand);
    let mut score = if is_wanted_kind { 3 } else { 1 };
    // 某某有限公司 技术科 below a letter.
    let is_signature = before.is_empty()
        && passage.line > 0
        && behind.chars().count() <= 6
        && !behind.contains(['：', ':']);
    if INTRODUCES.iter().any(|word| before.ends_with(word)) || is_signature {
        score += 2;
    }
    if before.is_empty() || FOLLOWS.iter().any(|word| behind.starts_with(word)) {
        score += 1;
    }
    if OTHERS.iter().any(|word| before.ends_with(word)) {
        score -= 3;
    }
    // Guests at a meeting, and whoever a letter is to.
    let is_between = ["转移中心", "促进中心", "服务中心", "检测中心", "交易中心"]
        .iter()
        .any(|ending| name.piece.text.ends_with(ending));
    if is_between || passage.is_background() || behind.starts_with(['：', ':']) {
        score -= 2;
    }
    score
}

/// The names of organisations in a sentence, in order.
fn names(sentence: Piece<'_>) -> Vec<Name<'_>> {
    let text = sentence.text;
    let mut found = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        let Some((length, is_firm)) = ending(&text[at..]) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let mut end = at + length;
        let start = beginning(text, from, at);
        let has_words = text[start..at].chars().filter(|c| c.is_alphanumeric()).count() >= 2;
        let is_nobody = NOBODY
            .iter()
            .any(|word| text[start..].starts_with(word) && text[start..at].chars().count() <= 4);
        if has_words && !is_nobody {
            if !is_firm {
                end += faculty(&text[end..]);
            }
            let piece = Piece { text: &text[start..end], start: sentence.start + start };
            found.push(Name { piece, is_firm });
            from = end;
        }
        at = end;
    }
    found
}

/// The length of an ending that `text` begins with, and whether it is a firm's.
fn ending(text: &str) -> Option<(usize, bool)> {
    let firm =
        FIRMS.iter().find(|ending| text.starts_with(**ending)).map(|ending| (ending.len(), true));
    let academic = ACADEMIC
        .iter()
        .find(|ending| text.starts_with(**ending))
        .map(|ending| (ending.len(), false));
    let (length, is_firm) = firm.or(academic)?;
    let behind = &text[length..];
    // 厂家 and 中心思想 are no names; of 集团有限公司 the longer ending comes.
    let begins_word: &[char] = if is_firm {
        &['家', '区', '房', '商', '址', '内', '里', '城']
    } else {
        &['生', '校', '城']
    };
    let goes_on = behind.starts_with(begins_word)
        || ["有限", "股份", "公司", "集团", "学院", "大学", "研究", "科技", "设计", "工程", "职业"]
            .iter()
            .any(|word| behind.starts_with(word))
            && is_firm;
    (!goes_on).then_some((length, is_firm))
}

/// The length of a faculty's name that follows a university's.
fn faculty(text: &str) -> usize {
    const LONGEST_CHARS: usize = 14;
    let mut end = 0;
    for (at, c) in text.char_indices().take(LONGEST_CHARS) {
        if !('\u{4e00}'..='\u{9fff}').contains(&c)
            || "的是在搞做有和及".contains(c)
            || c == '与' && at < 2 * c.len_utf8()
        {
            break;
        }
        let here = &text[at..];
        if let Some(ending) = FACULTIES.iter().find(|ending| here.starts_with(**ending)) {
            // 系 ends 机械系 and begins 系统.
            let is_cut = *ending == "系" && (here.starts_with("系统") || here.starts_with("系列"))
                || *ending == "课题组";
            if at > 0 && !is_cut {
                end = at + ending.len();
            }
        }
    }
    end
}

/// Where the name begins whose ending is at `end`.
fn beginning(text: &str, from: usize, end: usize) -> usize {
    let mut start = end;
    let mut is_in_bracket = false;
    for (at, c) in text[from..end].char_indices().rev().take(LIMIT_CHARS) {
        let at = from + at;
        match c {
            '）' | ')' if start == end || text[start..].starts_with(char::is_alphanumeric) => {
                is_in_bracket = true
            }
            '（' | '(' if is_in_bracket => is_in_bracket = false,
            c if c.is_alphanumeric() || c == '·' => {}
            _ => break,
        }
        start = at;
        // In a name a bracket holds a place: 示例科技（大同）有限公司.
        if !is_in_bracket && STOPS.iter().any(|stop| text[from..start].ends_with(stop)) {
            break;
        }
    }
    if is_in_bracket {
        let bracket = text[start..end].rfind(['）', ')']).map_or(start, |at| start + at);
        return bracket + text[bracket..].chars().next().map_or(0, char::len_utf8);
    }
    // A day or a number before a name is none of it: 2026年10月12日下午.
    let day = text[start..end]
        .rfind(['年', '月', '日'])
        .filter(|at| text[start..start + at].ends_with(|c: char| c.is_ascii_digit()));
    day.map_or(start, |at| start + at + '年'.len_utf8())
}
