//! A text in passages: what stands behind a label, and what stands under none.

use kechuang_domain::{Fact, Library, Span, TextField};

use super::ReadField;
use crate::{
    label::{SYNONYMS, fold},
    notation::line::{is_blank, lines, trim},
};

/// The longest label, in characters.
const LABEL_LIMIT_CHARS: usize = 14;
/// The longest label that nobody knows: a longer one is the beginning of a sentence.
const UNKNOWN_LIMIT_CHARS: usize = 10;

/// What labels in forms and messages mean, beside [`SYNONYMS`]: more than a column of a table may be called.
#[rustfmt::skip]
const LABELS: &[(ReadField, &[&str])] = &[
    (ReadField::TITLE, &["成果", "需求", "推荐成果", "场景名称", "主题", "议题", "难题名称", "课题名称", "技术名称", "项目",
        "需求题目", "成果题目", "技术难题", "难题", "攻关课题", "技术成果名称", "成果项目", "成果推介", "推介成果", "项目推介", "揭榜项目", "拟解决的技术难题"]),
    (ReadField::Owner, &["单位", "企业", "公司", "申报单位", "成果单位", "推荐单位", "填报单位", "提出单位", "研发单位", "所在单位", "申请单位",
        "申请企业", "完成人单位", "提供单位", "持有人", "成果持有单位", "需求企业", "出题单位", "榜单发布单位", "学校", "院校", "依托单位",
        "权利人", "成果方", "需求提出单位"]),
    (ReadField::Fact(Fact::Category), &["需求类型", "需求性质", "需求种类", "需要什么帮助", "需求方向"]),
    (ReadField::Fact(Fact::Targets), &["考核指标", "技术指标", "主要指标", "指标要求", "性能要求", "技术要求", "想达到", "要达到", "目标",
        "预期目标", "预期指标", "主要技术指标", "攻关目标", "目标值", "期望指标", "技术参数", "参数要求", "要求", "要做到", "关键指标", "验收指标", "指标"]),
    (ReadField::Fact(Fact::Measured), &["主要性能", "主要指标", "技术指标", "性能指标", "指标", "主要技术指标", "技术参数", "实测指标", "实测数据",
        "关键指标", "检测结果", "测试结果", "性能", "参数", "性能参数", "达到指标", "核心指标", "主要参数", "已达指标"]),
    (ReadField::Text(TextField::Constraints), &["限制", "其它要求", "其他要求", "边界条件", "约束", "限定条件", "前提", "前提条件",
        "不可变更项", "不能动的", "现场条件", "特殊要求", "硬性要求", "注意事项"]),
    (ReadField::Fact(Fact::ExpectedTrl), &["成熟度要求", "成熟度", "期望成熟度", "技术成熟度", "期望技术成熟度等级", "技术就绪度", "期望就绪度", "trl",
        "技术就绪度要求", "期望trl", "就绪度"]),
    (ReadField::Fact(Fact::Trl), &["技术就绪度", "就绪度", "trl", "技术成熟度(trl)"]),
    (ReadField::Fact(Fact::Deadline), &["完成时间", "时限", "起止时间", "期望完成日期", "期限", "完成日期", "时间要求", "项目周期", "交付时间",
        "期望完成时间", "要求完成时间", "工期", "时间节点", "实施期限", "截止时间", "最晚完成", "完成节点"]),
    (ReadField::Fact(Fact::Budget), &["投入预算", "研发总投入", "资金预算", "资金", "经费", "本需求科研经费", "经费预算", "拟投入", "拟投入经费",
        "计划投资", "总投入", "投资预算", "项目经费", "预算经费", "资金投入", "计划经费", "可投入资金", "总经费", "投入", "科研经费", "钱"]),
    (ReadField::Fact(Fact::Stage), &["阶段", "成果阶段", "目前阶段", "研发阶段", "所处的阶段", "发展阶段", "产业化程度", "现阶段", "进展", "转化阶段"]),
    (ReadField::Fact(Fact::Standing), &["水平", "鉴定结论", "评价意见", "技术水平", "评价结论", "鉴定意见", "评价结果", "成果评价", "鉴定水平"]),
    (ReadField::Fact(Fact::Year), &["完成时间", "完成年份", "完成日期", "年份", "完成年度", "验收时间", "鉴定时间", "结题时间", "验收日期", "完成年月"]),
    (ReadField::Fact(Fact::AskingPrice), &["报价", "价格", "意向价格", "转让价格", "价格意向", "转让费", "许可费", "合作价格", "期望价格", "参考价格",
        "要价", "转化价格", "对价", "意向金额"]),
    (ReadField::Fact(Fact::Cooperation), &["合作", "拟采取的合作方式", "拟合作方式", "合作形式", "转化方式", "合作意向", "合作模式", "转让方式", "对接方式",
        "拟采用的合作方式", "可合作方式", "意向合作方式"]),
];

/// Words in labels that are in none of the tables, and what such a label then means; the first that fits.
#[rustfmt::skip]
const LABEL_WORDS: &[(&[&str], &[ReadField])] = &[
    (&["成熟度", "就绪度", "TRL", "trl"], &[ReadField::Fact(Fact::ExpectedTrl), ReadField::Fact(Fact::Trl)]),
    (&["限制", "约束", "边界", "不可变更", "前提", "不得改", "不能变"], &[ReadField::Text(TextField::Constraints)]),
    (&["许可费", "转让费", "报价", "要价", "转让价", "意向价", "开价"], &[ReadField::Fact(Fact::AskingPrice)]),
    (&["考核", "指标", "参数", "目标", "性能", "要求达到"], &[ReadField::Fact(Fact::Targets), ReadField::Fact(Fact::Measured)]),
    (&["类型", "类别", "需求性质", "需求种类"], &[ReadField::Fact(Fact::Category)]),
    (&["合作", "方式"], &[ReadField::Fact(Fact::Cooperation)]),
    (&["完成时间", "期限", "时限", "工期", "周期", "最晚", "最迟", "出报告", "交付", "节点"], &[ReadField::Fact(Fact::Deadline)]),
    (&["验收年", "完成年", "结题年", "验收时", "完成时", "鉴定时", "结题时", "完成日", "验收日"], &[ReadField::Fact(Fact::Year)]),
    (&["预算", "投入", "经费", "资金安排", "投资额", "费用"], &[ReadField::Fact(Fact::Budget)]),
    (&["阶段"], &[ReadField::Fact(Fact::Stage)]),
    (&["水平", "鉴定", "成果评价", "评价结论", "评价意见"], &[ReadField::Fact(Fact::Standing)]),
    (&["单位", "企业名", "公司名", "机构名", "哪的"], &[ReadField::Owner]),
    (&["需求题目", "需求名", "成果名", "难题名", "项目名", "课题名", "技术名"], &[ReadField::TITLE]),
];
/// Words of labels that mean something else, however they go on.
#[rustfmt::skip]
const OTHER_LABELS: &[&str] = &[
    "注册", "资本", "现状", "现有", "对照", "同类", "背景", "历程", "参加", "参会", "协作", "合作单位", "地址",
    "简介", "应用", "联系", "占比", "占营", "来源", "研发投入", "上年", "累计", "产业链", "方式方法", "工艺",
    "科研经费总", "推广", "前期", "已投入", "项目经费", "推荐单位", "主管", "企业类型", "单位性质",
    "企业性质", "工艺参数", "设备",
];

/// Labels behind which the state of things is told, which nobody asks for.
#[rustfmt::skip]
const BACKGROUND: &[&str] = &[
    "背景", "现状", "现有", "问题", "基础", "应用", "注册", "成立", "营业", "主营", "经营", "规模", "概况", "简介",
    "推广", "效益", "设备", "人员", "联系", "电话", "地点", "编号", "参会", "参加", "痛点", "征集截止", "销售",
    "产能", "地址", "邮箱", "时间", "日期", "记录", "主持", "填表", "填报", "发布时间", "资本", "资金来源", "对比",
    "竞品", "传统",
];

/// Words of a text that belong together: the value of a label, or a line.
#[derive(Debug, Clone)]
pub(super) struct Passage<'a> {
    /// Without the label.
    pub(super) text: &'a str,
    /// Where `text` begins.
    pub(super) start: usize,
    /// Where the line with its label begins.
    pub(super) line_start: usize,
    /// What its label says; empty where it has none.
    pub(super) label: &'a str,
    /// Where the label begins.
    pub(super) label_start: usize,
    /// The fields that the label means.
    pub(super) fields: Vec<ReadField>,
    /// The number of the line that it stands on.
    pub(super) line: usize,
}

/// A piece of a passage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Piece<'_> {
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl<'a> Passage<'a> {
    /// Words that stand by themselves, under no label.
    pub(super) const fn of(text: &'a str) -> Self {
        Self {
            text,
            start: 0,
            line_start: 0,
            label: "",
            label_start: 0,
            fields: Vec::new(),
            line: 0,
        }
    }

    pub(super) fn is_of(&self, field: ReadField) -> bool {
        self.fields.contains(&field)
    }

    /// Whether it may say anything, rather than the value of one field.
    pub(super) fn is_open(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether it tells how things are.
    pub(super) fn is_background(&self) -> bool {
        self.is_open() && BACKGROUND.iter().any(|word| self.label.contains(word))
    }

    /// Its sentences, without the marks at their ends.
    pub(super) fn sentences(&self) -> Vec<Piece<'a>> {
        pieces(Piece { text: self.text, start: self.start }, |c| "。！？；!?;\n".contains(c))
    }

    /// Its clauses.
    pub(super) fn clauses(&self) -> Vec<Piece<'a>> {
        self.sentences().into_iter().flat_map(clauses).collect()
    }
}

/// Whether a text has one of these words.
pub(super) fn holds(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The clauses of a sentence: what stands between commas, brackets and dashes, and, in messages, between blanks.
pub(super) fn clauses(sentence: Piece<'_>) -> Vec<Piece<'_>> {
    let marks = pieces(sentence, |c| "，,：（）()—…【】".contains(c));
    marks.into_iter().flat_map(|piece| at_blanks(piece)).collect()
}

/// A piece parted at blanks between Chinese words: 炉子不动 工期三个月.
fn at_blanks(piece: Piece<'_>) -> Vec<Piece<'_>> {
    let is_word = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut found = Vec::new();
    let mut from = 0;
    for (at, c) in piece.text.char_indices() {
        let before = piece.text[..at]
            .chars()
            .next_back()
            .is_some_and(|c| is_word(c) || matches!(c, '%' | '℃'));
        let behind = piece.text[at + c.len_utf8()..]
            .chars()
            .next()
            .is_some_and(|c| is_word(c) || c.is_ascii_alphabetic());
        if is_blank(c) && before && behind {
            found.extend(trimmed(piece, from, at));
            from = at + c.len_utf8();
        }
    }
    found.extend(trimmed(piece, from, piece.text.len()));
    found
}

fn pieces<'a>(piece: Piece<'a>, parts: impl Fn(char) -> bool) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, c) in piece.text.char_indices() {
        // 1,200 is one number.
        let is_within_number = c == ','
            && piece.text[..at].ends_with(|c: char| c.is_ascii_digit())
            && piece.text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        if parts(c) && !is_within_number {
            found.extend(trimmed(piece, from, at));
            from = at + c.len_utf8();
        }
    }
    found.extend(trimmed(piece, from, piece.text.len()));
    found
}

fn trimmed<'a>(piece: Piece<'a>, from: usize, to: usize) -> Option<Piece<'a>> {
    let Span { start, end } = trim(piece.text, Span { start: from, end: to });
    (start < end).then(|| Piece { text: &piece.text[start..end], start: piece.start + start })
}

/// The passages of a text, in order.
pub(super) fn passages(library: Library, text: &str) -> Vec<Passage<'_>> {
    let mut found: Vec<Passage<'_>> = Vec::new();
    // A label alone on its line names what stands below it.
    let mut above: Option<(&str, Vec<ReadField>)> = None;
    for (number, line) in lines(text).into_iter().enumerate() {
        let whole = &text[line.start..line.end];
        let bare = without_number(whole);
        let is_below = above.is_some();
        let is_list = above.as_ref().is_some_and(|(_, fields)| !fields.is_empty());
        let (mut label, value) = match labelled(library, bare) {
            // 碳偏析指数：≤1.06 below 技术指标 is a value of the latter.
            Some((label, value))
                if is_list && is_bound(value) && fields_of(library, label).is_empty() =>
            {
                ("", bare)
            }
            Some(parted) => parted,
            None if is_heading(library, bare, is_below && bare.len() < whole.len()) => (bare, ""),
            None => ("", bare),
        };
        let mut fields = fields_of(library, label);
        if value.is_empty() {
            above = Some((label, fields));
            continue;
        }
        match &above {
            Some((heading, of_heading)) if label.is_empty() => {
                (label, fields) = (heading, of_heading.clone());
            }
            _ => above = None,
        }
        let place = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
        let label_start = if label.is_empty() { 0 } else { place(label) };
        let (start, line_start) = (place(value), line.start);
        found.push(Passage {
            text: value,
            start,
            line_start,
            label,
            label_start,
            fields,
            line: number,
        });
    }
    found
}

/// Whether a value is a figure with its comparison.
fn is_bound(value: &str) -> bool {
    let begins = ["不", "大于", "小于", "低于", "高于", "至少", "约"];
    value.starts_with(|c: char| "≤≥<>＜＞=≈".contains(c) || c.is_ascii_digit())
        || begins.iter().any(|word| value.starts_with(word))
}

/// Whether a line without its number names what stands below it: a known label, or, behind another heading, a short
/// numbered one like 五、应用情况.
fn is_heading(library: Library, bare: &str, is_numbered: bool) -> bool {
    let is_plain = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || "（）()/及".contains(c);
    let is_short = bare.chars().nth(UNKNOWN_LIMIT_CHARS).is_none();
    !fields_named(library, bare).is_empty() || is_numbered && is_short && bare.chars().all(is_plain)
}

/// A label that a line begins with, and its value: 预算：300万元, 【预算】300万元, 预算  300万元.
fn labelled(library: Library, line: &str) -> Option<(&str, &str)> {
    let is_short = |label: &str| label.chars().nth(LABEL_LIMIT_CHARS).is_none();
    let bracketed = line.strip_prefix('【').and_then(|rest| rest.split_once('】'));
    if let Some((label, value)) = bracketed.filter(|(label, _)| is_short(label)) {
        return Some((label, value.trim_start_matches([':', '：', ' '])));
    }
    let cell = line.split_once('|').filter(|(label, _)| !label.trim().is_empty());
    if let Some((label, value)) = cell.filter(|(label, _)| is_short(label)) {
        return Some((label.trim(), value.trim()));
    }
    let is_label = |label: &str| {
        is_short(label)
            && (label.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
                || !fields_of(library, label).is_empty())
            && !label.contains(['，', '。', '；', '“', ',', '、'])
    };
    if let Some((label, value)) = line.split_once(['：', ':']) {
        let label = label.trim();
        let is_known = !fields_of(library, label).is_empty();
        let fits = is_known || label.chars().nth(UNKNOWN_LIMIT_CHARS).is_none();
        return (is_label(label) && fits).then(|| (label, value.trim()));
    }
    let (label, value) = line.split_once([' ', '\t', '\u{3000}'])?;
    let is_wide = value.starts_with([' ', '\t', '\u{3000}']);
    let fields = if is_wide { fields_of(library, label) } else { fields_named(library, label) };
    (!fields.is_empty()).then(|| (label, value.trim()))
}

/// The fields that a label means.
fn fields_of(library: Library, label: &str) -> Vec<ReadField> {
    let exact = fields_named(library, label);
    let is_other = OTHER_LABELS.iter().any(|word| label.contains(word));
    if !exact.is_empty() || is_other || label.chars().nth(UNKNOWN_LIMIT_CHARS).is_some() {
        return exact;
    }
    let readable = ReadField::of(library);
    let fitting = LABEL_WORDS.iter().find(|(words, fields)| {
        fields.iter().any(|field| readable.contains(field))
            && words.iter().any(|word| label.contains(word))
    });
    let fields = fitting.map_or(&[][..], |(_, fields)| *fields);
    fields.iter().filter(|field| readable.contains(field)).copied().collect()
}

/// The fields that have a name in so many words.
fn fields_named(library: Library, name: &str) -> Vec<ReadField> {
    // 指标1 and 指标2 are 指标.
    let folded = fold(name);
    let folded = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    if folded.is_empty() || name.contains(['，', '。', ',']) {
        return Vec::new();
    }
    let has_name = |field: &&ReadField| {
        let synonyms = SYNONYMS.iter().filter(|(code, _)| *code == field.code());
        let labels = LABELS.iter().filter(|(known, _)| known == *field);
        let mut names =
            synonyms.flat_map(|(_, names)| *names).chain(labels.flat_map(|(_, names)| *names));
        fold(field.label()) == folded || names.any(|name| *name == folded)
    };
    ReadField::of(library).iter().filter(has_name).copied().collect()
}

/// A line without the number before it: 一、, （二）, 3., 4 .
pub(super) fn without_number(line: &str) -> &str {
    let open = line.strip_prefix(['（', '(']).unwrap_or(line);
    let is_bracketed = open.len() < line.len();
    let rest =
        open.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    // 2027 年 begins with no number of a point.
    let number = &open[..open.len() - rest.len()];
    let has_number = (1..=2).contains(&number.chars().count());
    let marks = if is_bracketed { ['）', ')', '）'] } else { ['、', '.', '．'] };
    match rest.strip_prefix(marks) {
        // 1.5 is no first point.
        Some(rest) if has_number && !rest.starts_with(|c: char| c.is_ascii_digit()) => {
            rest.trim_start_matches(is_blank)
        }
        _ => {
            let blank = rest.strip_prefix(is_blank).filter(|_| has_number && !is_bracketed);
            blank.map_or(line, |rest| rest.trim_start_matches(is_blank))
        }
    }
}
