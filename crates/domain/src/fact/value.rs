//! Values of facts.
//!
//! A value is kept in one of a few plain shapes, which JSON tells apart without a tag: days, months and
//! codes are texts in their one canonical form, money is a whole number of 分.
//! [`Details`](crate::Details) sees to it that a fact's value has the shape of its kind.

use serde::{Deserialize, Serialize};

use crate::{Date, Money, Span};

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    /// Yes or no.
    Flag(bool),
    /// A count, or an amount of money in 分.
    Whole(i64),
    /// A number in the unit of its kind.
    Number(f64),
    /// A text, code, day (`2027-06-30`) or month (`2027-06`).
    Text(String),
    /// Several texts or codes, in order.
    List(Vec<String>),
    /// Intellectual property.
    Rights(Vec<Right>),
    /// Named quantities.
    Indicators(Vec<MeasuredIndicator>),
    /// Clauses of a policy.
    Clauses(Vec<Clause>),
}

/// One right: a patent, a software registration, a standard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// 类型, such as 发明专利.
    pub right: String,
    /// 号码.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// 权利人.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holder: String,
    /// 法律状态.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub legal_status: String,
    /// 日期, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub date: String,
}

/// A named quantity as its source states it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredIndicator {
    /// What is measured.
    pub indicator: String,
    /// Comparison, value and unit as written: `≥320 MPa`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stated: String,
    /// Test condition of a result; 必须 or 期望 of a target.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
}

impl MeasuredIndicator {
    /// The row as it is read in one: 抗拉强度 ≥320 MPa（T6）.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { indicator, stated, condition } = self;
        let condition =
            if condition.is_empty() { String::new() } else { format!("（{condition}）") };
        format!("{indicator} {stated}{condition}")
    }
}

/// A clause or task of a policy, with its place in the policy's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its number as written, with the numbers around it: `六、(一)1`.
    pub clause: String,
    /// Its heading.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where it stands in the policy's 内容简介, in bytes.
    pub span: Span,
    /// 责任单位, those that lead first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responsible: Vec<String>,
    /// Ways in which it supports, of [`SUPPORT_KINDS`](super::SUPPORT_KINDS).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub support: Vec<String>,
    /// The most it grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
    /// First day to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_from: Option<Date>,
    /// Last day to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_until: Option<Date>,
    /// Conditions that can be checked, each with its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ClauseRule>,
}

/// A condition that can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseRule {
    /// What it looks at.
    pub rule: RuleKind,
    /// Any one of these is enough.
    pub any_of: Vec<String>,
    /// The words it was read from, in the policy's 内容简介, in bytes.
    pub span: Span,
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Kinds of organisations, of [`AUDIENCES`](super::AUDIENCES).
    Audience,
    /// Sizes of firms, of [`FIRM_SIZES`](super::FIRM_SIZES).
    FirmSize,
    /// Industry chains, by code.
    Chain,
    /// Industries, by code of GB/T 4754.
    Industry,
    /// Divisions, by six digits.
    Region,
    /// Something only a person can check.
    Other,
}

impl FactValue {
    /// The same rows with U+0000 stripped from each of their words: databases and files refuse it.
    pub(super) fn without_nul(mut self) -> Self {
        let strip = |words: &mut String| words.retain(|c| c != '\0');
        match &mut self {
            Self::Rights(rows) => {
                for row in rows {
                    let Right { right, number, holder, legal_status, date } = row;
                    [right, number, holder, legal_status, date].into_iter().for_each(strip);
                }
            }
            Self::Indicators(rows) => {
                for row in rows {
                    let MeasuredIndicator { indicator, stated, condition } = row;
                    [indicator, stated, condition].into_iter().for_each(strip);
                }
            }
            Self::Clauses(rows) => {
                for row in rows {
                    [&mut row.clause, &mut row.title].into_iter().for_each(strip);
                    row.responsible.iter_mut().chain(&mut row.support).for_each(strip);
                    row.rules.iter_mut().flat_map(|rule| &mut rule.any_of).for_each(strip);
                }
            }
            Self::List(items) => items.iter_mut().for_each(strip),
            Self::Text(text) => strip(text),
            Self::Whole(_) | Self::Number(_) | Self::Flag(_) => {}
        }
        self
    }
}

impl From<&str> for FactValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Date> for FactValue {
    fn from(date: Date) -> Self {
        Self::Text(date.to_string())
    }
}

impl From<Money> for FactValue {
    fn from(money: Money) -> Self {
        Self::Whole(money.fen())
    }
}
