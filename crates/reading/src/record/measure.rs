//! Figures to reach, and figures that were measured.

use kechuang_domain::{Comparison, Fact};
use kechuang_text::Lexicon;

use super::{
    ReadField, Said,
    figure::{Figure, figures},
    passage::{Passage, holds},
};

/// Words of clauses that tell how things are, were, or are elsewhere.
#[rustfmt::skip]
const PRESENT: &[&str] = &[
    "现有", "目前", "现在", "现用", "偶尔", "原来", "去年", "上年", "此前", "曾", "仅", "只有", "常规", "做出来",
    "以前", "过去", "年产", "外购", "进口", "竞品", "同行", "现为", "现状", "样品", "含硫", "返修率", "市面",
    "实际只", "一直", "当前", "早期", "已有", "据介绍", "平均",
];
/// Words of clauses that tell of others, of plans and of money.
#[rustfmt::skip]
const NOT_MEASURED: &[&str] = &[
    "商业", "进口", "常用", "同期", "计划", "拟", "立项", "经费", "投资", "累计", "课题组", "注册", "石灰石",
    "现场老", "国标", "传统", "目标", "提到", "早期", "以前", "年产", "占地面积", "处理面积", "设计压力", "管径",
    "实验室面积", "反应釜", "市场", "跑了", "运氢", "国外", "同类", "竞品", "相比之下", "后续", "下一步", "有望",
    "预计", "理论值", "供货", "撑不过", "贵厂", "贵公司", "每次", "寄", "出厂价", "租金", "售价", "届时", "力争",
    "打算", "现场", "老药剂", "据您",
];
/// Words behind which a sentence speaks of others, or of what is not yet.
#[rustfmt::skip]
const CONTRAST: &[&str] = &[
    "原来", "老工艺", "对照", "常规", "作为对比", "对比", "设想", "下一代", "早期", "以前", "传统", "国外", "同类",
    "相比之下", "竞品", "市售", "参照", "老款", "老配方", "最早", "首版", "届时", "力争", "打算", "电镀",
    "用碱法也试过", "后来放弃",
];
/// Words of labels behind which others are told of, or something else than figures.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "对照", "同类", "历程", "对比", "竞品", "传统", "经费", "备注", "其它", "其他", "市场", "应用", "推广",
];
/// Words that ask for what follows them.
#[rustfmt::skip]
const ASKS: &[&str] = &[
    "考核", "底线", "标准", "要求", "目标", "希望", "指标", "要", "想", "提出", "做到", "需", "放大后", "压到",
    "降到", "提高", "拟", "力争", "确保", "应",
];
/// Bounds that tell how things are as often as how they should be.
#[rustfmt::skip]
const WEAK: &[&str] = &[
    "以上", "以下", "以内", "之内", "上下",
];
/// What names of figures of money and size begin with or hold.
#[rustfmt::skip]
const NOT_A_MEASURE: &[&str] = &[
    "投资", "经费", "预算", "额度", "注册", "产值", "销售", "报价", "转让费", "许可费", "入门费", "资金", "要价",
    "收入", "年产", "总造价", "员工", "人员", "累计", "价格", "职工", "贷款", "售价", "项目", "专利", "机组",
    "厂房", "占地", "利润", "设备费", "处置费", "成熟度", "TRL", "就绪度", "一炉", "每炉", "新建", "购置", "产能",
    "距离", "路线", "试用", "被", "因此", "这台", "先寄", "烧掉", "花了", "已完成", "现有", "厂的", "堆场", "费用",
    "但跑", "投入",
];

/// 核心指标: what stands under its label, and the bounds that are asked for elsewhere.
pub(super) fn targets(lexicon: &Lexicon, passages: &[Passage<'_>]) -> Vec<Said> {
    let field = ReadField::Fact(Fact::Targets);
    let mut found = Vec::new();
    for passage in passages {
        let is_own = passage.is_of(field);
        if is_own || passage.is_open() && !passage.is_background() {
            let figures = figures(lexicon, passage).into_iter();
            let asked = figures.filter(|figure| is_own || is_asked(passage, figure));
            found.extend(asked.filter_map(|figure| said(field, passage, &figure)));
        }
    }
    found
}

/// Whether a figure is a bound that somebody asks for, rather than how things are.
fn is_asked(passage: &Passage<'_>, figure: &Figure<'_>) -> bool {
    let is_bound = !matches!(figure.comparison, Comparison::Equal | Comparison::About);
    let is_weak = figure.comparison == Comparison::Between || ends_with(figure.behind(), WEAK);
    let is_present = holds(figure.clause.text, PRESENT);
    let asks = || holds(figure.before(), ASKS) || holds(passage.label, ASKS);
    is_bound && !is_present && !figure.falls_short && (!is_weak || asks())
}

/// 指标明细: every figure of the achievement itself.
pub(super) fn measured(lexicon: &Lexicon, passages: &[Passage<'_>]) -> Vec<Said> {
    let field = ReadField::Fact(Fact::Measured);
    let mut found = Vec::new();
    for passage in passages {
        if passage.is_of(field) || passage.is_open() && !holds(passage.label, OTHERS) {
            let figures = figures(lexicon, passage).into_iter();
            let own = figures.filter(|figure| is_of_the_thing(lexicon, figure));
            found.extend(own.filter_map(|figure| said(field, passage, &figure)));
        }
    }
    found
}

/// Whether a figure is of the achievement: no count of things, no price, nothing of others or of plans, and nothing that
/// only describes a noun behind it, as in 幅宽1.2 m的涂布线.
fn is_of_the_thing(lexicon: &Lexicon, figure: &Figure<'_>) -> bool {
    let unit = figure.unit.as_str();
    let dimension = lexicon.unit(unit).map(|unit| unit.dimension.as_str());
    let is_count =
        matches!(dimension, Some("count" | "money")) || ["年", "月", "天"].contains(&unit);
    let is_of_others = holds(figure.clause.text, NOT_MEASURED) || holds(figure.before(), CONTRAST);
    let is_attribute = figure.rest().starts_with(['的', '级', '示']);
    !is_count && !is_of_others && !is_attribute
}

fn said(field: ReadField, passage: &Passage<'_>, figure: &Figure<'_>) -> Option<Said> {
    let name = figure.name(passage);
    let is_cost = name.starts_with(['吨', '单', '每']) || name.contains("成本");
    let is_none =
        NOT_A_MEASURE.iter().any(|word| name.contains(word) && !(is_cost && *word == "费用"));
    let has_words = name.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    let is_money = figure.unit == "万元"
        || figure.amount().ends_with(['万', '亿'])
        || ["万元", "亿元"].iter().any(|unit| figure.amount().contains(unit));
    if is_none || !has_words || is_money {
        return None;
    }
    let end = (passage.start + figure.span.end).max(figure.clause.end());
    let start = figure.clause.start.min(passage.start + figure.span.start);
    Some(Said { field, value: format!("{name}|{}", figure.stated()), start, end })
}

fn ends_with(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.ends_with(word))
}
