//! What a solution has to keep to.

use kechuang_domain::TextField;

use super::{
    ReadField, Said,
    passage::{Passage, Piece, clauses, holds, without_number},
    title::is_blank_mark,
};

/// The longest clause that says what must be kept to, in characters.
const LONGEST_CHARS: usize = 40;
/// A shorter clause says it only of what the clause before it names: 不新建.
const SHORT_CHARS: usize = 4;

const FIELD: ReadField = ReadField::Text(TextField::Constraints);

/// Words of what must not be, or must stay.
#[rustfmt::skip]
const KEEPS: &[&str] = &[
    "不得", "不能", "不允许", "不许", "不准", "不可", "不动", "不改", "不换", "不变", "不作", "不做变", "不新建",
    "不新增", "不添", "不上新", "不使用", "不用", "不停", "不增加", "不加", "沿用", "保留", "仍用", "还用", "须由",
    "必须", "须闭路", "禁止", "严禁", "只能用", "不再", "不产生", "不改变", "不更换", "不引入", "照旧", "维持",
    "不外排", "须", "不拆", "不碰",
];
/// Words by which such a clause says something else.
#[rustfmt::skip]
const OTHER: &[&str] = &[
    "不能满足", "不能再谈", "不用写", "不用管", "外传", "不可能", "不得不", "目前", "现在", "已经", "已完成",
    "已建", "已与", "以前", "不能做", "用不上", "不敢要", "不变质", "不用说", "只能处理", "只能做", "另行",
    "不能稳定", "能不能", "没有", "不可用", "过去", "反复", "不可靠", "不可避免", "超过", "低于", "高于", "大于",
    "小于", "不少于", "≥", "≤", "完成", "报送", "签字", "保密协议", "价格", "预算", "联系", "会议", "不用担心",
    "不能达标", "不得而知", "必须靠", "不能用了", "急", "不能长期", "无法", "不可再生", "合作", "费用",
];
/// Words that lead up to it.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "前提是", "条件是", "备注：", "另外", "但是", "但", "且", "同时", "还有", "一是", "二是", "三是", "要求",
    "矿方的条件是", "其中", "需要注意的是", "注意", "就是",
];

/// The values of 约束条件 and the like, and the clauses elsewhere that say what must stay or must not be.
pub(super) fn read(passages: &[Passage<'_>]) -> Vec<Said> {
    let mut found = Vec::new();
    for passage in passages {
        if passage.is_of(FIELD) {
            let parts =
                passage.sentences().into_iter().filter(|part| !is_blank_mark(bare(part.text)));
            found.extend(parts.map(|part| Said {
                // The first with its label.
                start: if part.start == passage.start { passage.line_start } else { part.start },
                ..said(part, part.end())
            }));
        } else if passage.is_open() && !passage.is_background() {
            found.extend(passage.sentences().into_iter().flat_map(of_sentence));
        }
    }
    found
}

/// The clauses of a sentence that keep something; 沿用现有管路，管径不变 is one.
fn of_sentence(sentence: Piece<'_>) -> Vec<Said> {
    let mut found: Vec<(Piece<'_>, usize)> = Vec::new();
    for clause in clauses(sentence) {
        let chars = clause.text.chars().count();
        let is_short = chars <= SHORT_CHARS && holds(clause.text, KEEPS);
        let last = found.last_mut().filter(|(_, end)| clause.start - *end <= '，'.len_utf8());
        match last {
            Some((_, end)) if is_short => *end = clause.end(),
            _ if keeps(clause.text) => found.push((clause, clause.end())),
            _ => {}
        }
    }
    let whole = found.into_iter().map(|(first, end)| {
        let text = &sentence.text[first.start - sentence.start..end - sentence.start];
        said(Piece { text, start: first.start }, end)
    });
    whole.collect()
}

fn said(piece: Piece<'_>, end: usize) -> Said {
    Said { field: FIELD, value: bare(piece.text).to_owned(), start: piece.start, end }
}

fn keeps(clause: &str) -> bool {
    // 比现在不能再降 says what must hold.
    let clause = &clause.replace("比现在", "");
    let chars = clause.chars().count();
    (SHORT_CHARS..=LONGEST_CHARS).contains(&chars) && holds(clause, KEEPS) && !holds(clause, OTHER)
}

/// A clause without the words that lead up to it.
fn bare(clause: &str) -> &str {
    let mut bare = without_number(clause.trim());
    while let Some(rest) = LEADS.iter().find_map(|lead| bare.strip_prefix(lead)) {
        bare = rest.trim_start_matches([' ', '，', ',', '：']);
    }
    bare.trim_end_matches(['。', '；', '，', ' '])
}
