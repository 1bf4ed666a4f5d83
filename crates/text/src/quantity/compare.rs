//! Whether what is said of a record fulfils what a demand asks for.
//!
//! Both are sets of values in one unit. The asked value is met where every value that may have been reached is asked
//! for, unmet where none is, and open otherwise. It is open, too, where names or conditions do not say that both are
//! about the same: a wrong answer costs more than none.

use kechuang_domain::{Comparison, Fulfilment, Indicator};

use crate::{Lexicon, unit::to_base};

/// What 约 leaves open, as a part of the value.
const ABOUT: f64 = 0.1;
/// Values closer than so, as a part of the value, are the same.
const SAME: f64 = 1e-9;

/// What says nothing without what it is measured on: 温度 may be that of anything.
const GENERIC: &[&str] = &[
    "温度",
    "厚度",
    "长度",
    "宽度",
    "高度",
    "深度",
    "直径",
    "尺寸",
    "含量",
    "浓度",
    "质量分数",
    "效率",
    "精度",
    "误差",
    "强度",
    "密度",
    "时间",
    "压力",
    "速度",
    "速率",
    "流量",
    "功率",
    "面积",
    "体积",
    "重量",
    "质量",
    "成本",
    "比例",
    "占比",
    "增长率",
    "发生率",
    "范围",
    "容量",
    "距离",
    "角度",
    "电压",
    "电流",
    "频率",
    "数量",
    "水平",
    "寿命",
    "规模",
    "产能",
    "投资",
    "总投资",
    "增幅",
    "降幅",
    "升温",
    "加热",
    "保温",
    "冷却",
    "干燥",
    "搅拌",
    "静置",
    "准确率",
    "阳性率",
    "比值",
    "用量",
    "加入量",
    "添加量",
];

/// Words by which a name speaks of a change.
const CHANGES: &[&str] = &[
    "提高", "提升", "降低", "减少", "增加", "下降", "上升", "缩短", "延长", "节约", "节省", "增长",
    "减低", "改善", "衰减", "波动", "减产", "增产", "节能", "节材",
];

/// Whether `said` fulfils `asked`; `None` where they are not about the same.
#[must_use]
pub fn fulfils(lexicon: &Lexicon, asked: &Indicator, said: &Indicator) -> Option<Fulfilment> {
    if !is_same_subject(asked, said) {
        return None;
    }
    let (wanted, reached) = (Range::of(lexicon, asked)?, Range::of(lexicon, said)?);
    if wanted.dimension != reached.dimension {
        return None;
    }
    Some(match conditions_agree(asked, said) {
        true => compared(asked, &wanted, &reached),
        false => Fulfilment::Unknown,
    })
}

fn compared(asked: &Indicator, wanted: &Range, reached: &Range) -> Fulfilment {
    if reached.is_within(wanted) {
        return Fulfilment::Met;
    }
    // A value that is stated without a side may be better for being more, or for being less.
    let has_side = asked.comparison != Comparison::Equal;
    if has_side && reached.is_apart_from(wanted) { Fulfilment::Unmet } else { Fulfilment::Unknown }
}

/// Whether two names are of one thing: the same, or one the other with more before it; and neither so general that
/// it could be of anything.
fn is_same_subject(asked: &Indicator, said: &Indicator) -> bool {
    let (asked_name, said_name) = (plain(&asked.name), plain(&said.name));
    let shorter = if asked_name.len() <= said_name.len() { &asked_name } else { &said_name };
    let longer = if asked_name.len() <= said_name.len() { &said_name } else { &asked_name };
    let (subject, change) = split_change(shorter);
    let subject = subject.rsplit('在').next().unwrap_or_default();
    // P<0.05 is a probability, P≤0.05% phosphorus.
    let is_symbol = subject.chars().count() == 1 && asked.quantity.unit.is_empty();
    // 成本降低 beside 成本降低 is about the same; 成本 alone may be anything's.
    let is_same_change = !change.is_empty() && shorter == longer;
    let is_general =
        subject.is_empty() || is_symbol || GENERIC.contains(&subject) && !is_same_change;
    let has_more_before = longer
        .strip_suffix(shorter.as_str())
        .is_some_and(|more| !more.ends_with(|c: char| c.is_ascii_alphanumeric()));
    !is_general && change == split_change(longer).1 && (shorter == longer || has_more_before)
}

/// A name without what may stand or not.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != '的').flat_map(char::to_lowercase).collect()
}

/// A name without the change it speaks of, and that change.
fn split_change(name: &str) -> (&str, &str) {
    let change = CHANGES.iter().find(|change| name.ends_with(**change));
    change.map_or((name, ""), |change| (&name[..name.len() - change.len()], change))
}

/// Whether what is asked under a condition was reached under it: every number of the condition is there, also where
/// it stands before the name (30%负荷氧中氢).
fn conditions_agree(asked: &Indicator, said: &Indicator) -> bool {
    let numbers = |text: &str| -> Vec<String> {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        text.split(|c| !is_number(c)).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut said_numbers = numbers(&said.condition);
    said_numbers.extend(numbers(&said.name));
    numbers(&asked.condition).iter().all(|number| said_numbers.contains(number))
}

/// The values that an indicator leaves open, in the base unit of their dimension.
struct Range {
    dimension: String,
    low: f64,
    high: f64,
    /// Whether the ends themselves are left out.
    is_open: bool,
}

impl Range {
    fn of(lexicon: &Lexicon, indicator: &Indicator) -> Option<Self> {
        let quantity = &indicator.quantity;
        let base = |value: f64| {
            let unit = quantity.unit.as_str();
            // A unit of its own kind, such as none at all, compares with itself.
            to_base(lexicon, value, unit).unwrap_or_else(|| (value, unit.to_owned()))
        };
        let (value, dimension) = base(quantity.value);
        let is_open = matches!(indicator.comparison, Comparison::Above | Comparison::Below);
        let (low, high) = match (indicator.comparison, quantity.upper) {
            (_, Some(upper)) => (value, base(upper).0),
            (Comparison::AtLeast | Comparison::Above, None) => (value, f64::INFINITY),
            (Comparison::AtMost | Comparison::Below, None) => (f64::NEG_INFINITY, value),
            (Comparison::About, None) => (value - ABOUT * value.abs(), value + ABOUT * value.abs()),
            (Comparison::Equal | Comparison::Between, None) => (value, value),
        };
        (low <= high).then_some(Self { dimension, low, high, is_open })
    }

    fn is_within(&self, other: &Self) -> bool {
        // An end that is left out of the other must be left out here, too, or lie inside.
        let ends_fit = |end: f64, of: f64| !other.is_open || self.is_open || !is_same(end, of);
        let above = self.low >= other.low || is_same(self.low, other.low);
        let below = self.high <= other.high || is_same(self.high, other.high);
        above && below && ends_fit(self.low, other.low) && ends_fit(self.high, other.high)
    }

    fn is_apart_from(&self, other: &Self) -> bool {
        let is_beside = |low: f64, high: f64| {
            low > high && !is_same(low, high)
                || is_same(low, high) && (self.is_open || other.is_open)
        };
        is_beside(self.low, other.high) || is_beside(other.low, self.high)
    }
}

fn is_same(a: f64, b: f64) -> bool {
    a.is_finite() && b.is_finite() && (a - b).abs() <= SAME * a.abs().max(b.abs())
}
