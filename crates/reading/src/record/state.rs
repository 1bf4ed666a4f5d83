//! How far a technology has come, and how it stands against others.

use kechuang_domain::{Fact, Library};

use super::{
    ReadField, Said,
    passage::{Passage, Piece, clauses},
};

#[rustfmt::skip]
const TRL_WORDS: &[&str] = &[
    "成熟度", "就绪度", "TRL", "trl",
];

/// Stages with the words that name them, the latest first.
#[rustfmt::skip]
const STAGES: &[(&str, &[&str])] = &[
    ("成熟应用", &["批量生产", "产业化", "工业化应用", "量产", "规模化应用", "工程应用", "推广应用", "成熟应用", "商业化", "批量供货", "批量应用"]),
    ("中期", &["中试"]),
    ("初期", &["小试", "实验室", "小批量", "样机", "原理样", "初期", "百克级"]),
];

/// Words by which a stage is a plan, a wish, or somebody else's.
#[rustfmt::skip]
const NOT_YET: &[&str] = &[
    "拟", "计划", "将", "还没有", "没有", "未", "尚未", "准备", "下一步", "希望", "有望", "争取", "若", "待",
    "预计", "目标", "条件", "对照", "进入量产后", "设想", "五年内", "面积", "重点实验室", "可用于", "不具备", "缺",
    "后续", "可进行", "适合", "国内外", "想", "寻求", "需要", "曾", "打算", "建一条", "首版", "届时",
];

/// How an achievement stands, as evaluations word it.
#[rustfmt::skip]
const STANDINGS: &[&str] = &[
    "国际领先", "国际先进", "国内领先", "国内先进", "省内领先", "省内先进",
];
/// Words of a standing that is of a part, a hope, or of others.
#[rustfmt::skip]
const NOT_ITS_STANDING: &[&str] = &[
    "其中", "想", "力争", "争取", "目标", "有望", "希望", "计划", "将达到", "部分指标", "接近", "国外", "对标",
    "做到", "进口", "未来", "年内", "以后", "肯定能", "能到", "未", "并非", "不及", "不是", "没有达到", "尚",
];

/// The readiness level, 1 to 9; of 8级以上 the 8.
pub(super) fn trl(library: Library, passages: &[Passage<'_>]) -> Option<Said> {
    let fact = if library == Library::Demand { Fact::ExpectedTrl } else { Fact::Trl };
    let field = ReadField::Fact(fact);
    let labelled = passages.iter().filter(|passage| passage.is_of(field)).find_map(|passage| {
        let levels = passage.clauses().into_iter().filter_map(|clause| level(clause.text));
        // 现为TRL4，结题时达到TRL7 expects the latter.
        Some(Said::of_line(field, levels.max()?.to_string(), passage))
    });
    labelled.or_else(|| {
        passages
            .iter()
            .filter(|passage| passage.is_open())
            .flat_map(Passage::sentences)
            .flat_map(by_comma)
            .find_map(|clause| {
                let (at, word) =
                    TRL_WORDS.iter().find_map(|word| Some((clause.text.find(word)?, word)))?;
                let is_present = library == Library::Demand
                    && ["现有", "目前", "现在", "当前"]
                        .iter()
                        .any(|word| clause.text.contains(word));
                let value = level(&clause.text[at + word.len()..]).filter(|_| !is_present)?;
                Some(Said::of_piece(field, value.to_string(), clause))
            })
    })
}

/// The levels that words about readiness state.
pub(super) fn stated_levels(library: Library, words: &str) -> Vec<String> {
    let passage = Passage::of(words);
    let levels = passage.clauses().into_iter().filter_map(|clause| level(clause.text));
    let read = trl(library, &[passage]).map(|said| said.value);
    let is_about = words.contains('级') || TRL_WORDS.iter().any(|word| words.contains(word));
    read.into_iter().chain(levels.map(|level| level.to_string())).filter(|_| is_about).collect()
}

/// The stages that words name.
pub(super) fn stated_stages(words: &str) -> Vec<String> {
    let names = |names: &[&str]| names.iter().any(|name| words.contains(name));
    STAGES.iter().filter(|(_, words)| names(words)).map(|(stage, _)| (*stage).to_owned()).collect()
}

/// The standings that words name.
pub(super) fn stated_standings(words: &str) -> Vec<String> {
    STANDINGS.iter().filter(|one| words.contains(**one)).map(|one| (*one).to_owned()).collect()
}

/// A sentence parted at commas only: TRL么 老师说4 is one clause.
fn by_comma(sentence: Piece<'_>) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in sentence.text.split_inclusive(['，', ',']) {
        found.push(Piece { text: part, start: sentence.start + start });
        start += part.len();
    }
    found
}

/// The first level in `text` that stands by itself.
fn level(text: &str) -> Option<u32> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let before_fits = text[..at].chars().count() <= 12;
    let digits = text[at..]
        .find(|c: char| !c.is_ascii_digit())
        .map_or(&text[at..], |end| &text[at..at + end]);
    let is_other = text[at + digits.len()..].starts_with(['.', '%', '年', '月']);
    digits.parse().ok().filter(|level| before_fits && (1..=9).contains(level) && !is_other)
}

/// 所处阶段, as it is now: the latest that is reached.
pub(super) fn stage(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Stage);
    let labelled = passages.iter().filter(|passage| passage.is_of(field)).find_map(|passage| {
        Some(Said::of_line(field, stage_of(passage.text)?.to_owned(), passage))
    });
    labelled.or_else(|| {
        let open = passages.iter().filter(|passage| passage.is_open());
        let reached = open.flat_map(Passage::sentences).flat_map(clauses).filter_map(|clause| {
            let is_reached = !NOT_YET.iter().any(|not| clause.text.contains(not));
            Some((stage_of(clause.text).filter(|_| is_reached)?, clause))
        });
        let rank = |stage: &str| STAGES.iter().rposition(|(known, _)| *known == stage);
        let (value, clause) = reached.min_by_key(|(stage, _)| rank(stage))?;
        Some(Said::of_piece(field, value, clause))
    })
}

fn stage_of(words: &str) -> Option<&'static str> {
    // 评估中试用 has no 中试.
    let words = words.replace("中试用", "");
    let stage = STAGES.iter().find(|(_, names)| names.iter().any(|name| words.contains(name)))?;
    Some(stage.0)
}

/// 成果水平 of the whole.
pub(super) fn standing(passages: &[Passage<'_>]) -> Option<Said> {
    let field = ReadField::Fact(Fact::Standing);
    let own = passages.iter().filter(|passage| passage.is_of(field));
    let open = passages.iter().filter(|passage| passage.is_open());
    own.chain(open).flat_map(Passage::clauses).find_map(|clause| {
        let value = STANDINGS.iter().find(|standing| clause.text.contains(**standing))?;
        let is_own = !NOT_ITS_STANDING.iter().any(|not| clause.text.contains(not));
        is_own.then(|| Said::of_piece(field, *value, clause))
    })
}
