//! Whether a policy is for somebody, point by point, each with the words it was read from.

use serde::{Deserialize, Serialize};

use crate::{ChainCode, Date, Fact, Money, PartyKind, Quote, Region};

/// Who would apply: the firm behind a demand, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// Where it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Its industry chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainCode>,
    /// What kind of organisation it is; `None` where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PartyKind>,
    /// Its size, of [`FIRM_SIZES`](crate::fact::FIRM_SIZES).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Its industry, GB/T 4754.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
}

impl Applicant {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// What a check or a need rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Words of a text.
    Text(Quote),
    /// A fact as the record states it.
    Fact {
        /// Which fact.
        fact: Fact,
        /// What it says, as in a cell of a file.
        value: String,
    },
    /// The division a policy applies to.
    Region(Region),
    /// The industry chain a policy is for.
    Chain(ChainCode),
}

impl Basis {
    /// The words themselves, codes as they are.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text(quote) => quote.text().to_owned(),
            Self::Fact { fact, value } => format!("{}：{value}", fact.label()),
            Self::Region(region) => region.to_string(),
            Self::Chain(chain) => chain.as_str().to_owned(),
        }
    }
}

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// 有效性: in force today.
    Validity,
    /// 区域.
    Region,
    /// 产业链.
    Chain,
    /// 企业类型.
    Audience,
    /// 行业.
    Industry,
    /// 规模.
    Size,
    /// 资质.
    Qualification,
    /// 申报时间.
    Window,
    /// 其他条件, which only a person can check.
    Condition,
}

impl CheckKind {
    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Validity => "有效性",
            Self::Region => "适用区域",
            Self::Chain => "产业链",
            Self::Audience => "适用对象",
            Self::Industry => "行业",
            Self::Size => "企业规模",
            Self::Qualification => "资质",
            Self::Window => "申报时间",
            Self::Condition => "申报条件",
        }
    }
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It fits.
    Pass,
    /// It does not: the policy is not for them.
    Fail,
    /// What is known does not tell; a person has to look.
    Unknown,
}

impl Verdict {
    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "符合",
            Self::Fail => "不符合",
            Self::Unknown => "待核实",
        }
    }
}

/// One point of eligibility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EligibilityCheck {
    /// What was checked.
    pub check: CheckKind,
    /// How it came out.
    pub verdict: Verdict,
    /// What was found, or what has to be looked at, in Chinese.
    pub message: String,
    /// What the policy says; `None` where it says nothing or the viewer may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
}

/// The words of a policy that grant something for this demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseQuote {
    /// Its number as written; empty where the policy is not split into clauses.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub clause: String,
    /// Its heading.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The words.
    pub quote: Quote,
    /// The most it grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
    /// First day to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_from: Option<Date>,
    /// Last day to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_until: Option<Date>,
}
