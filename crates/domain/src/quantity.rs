//! Quantities and indicators as firms and researchers write them.

use serde::{Deserialize, Serialize};

/// How a value is compared with what is asked or reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// ≥, 不低于, 不小于, 以上.
    AtLeast,
    /// ≤, 不高于, 不超过, 以下, 以内.
    AtMost,
    /// >, 大于, 高于, 超过.
    Above,
    /// <, 小于, 低于.
    Below,
    /// = or no word at all: the value is simply stated.
    Equal,
    /// 约, 左右, ~ before a single value.
    About,
    /// From one value to another.
    Between,
}

/// A value with its unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The value, or the lower end of a range.
    pub value: f64,
    /// The upper end, for a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// The canonical unit, such as `MPa`; empty for a bare number.
    pub unit: String,
}

/// A named quantity with its comparison: 抗拉强度 ≥ 310 MPa.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// What is measured; empty where the text does not say.
    pub name: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// The value and unit.
    pub quantity: Quantity,
    /// Under what it holds, in the words of the text: 85℃、4000A/m²条件下; empty where the text does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
}

/// Whether what is asked for is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// 达到.
    Met,
    /// 未达到.
    Unmet,
    /// 无法判断: nothing comparable is said, or not under the same conditions.
    Unknown,
}

impl Fulfilment {
    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Met => "达到",
            Self::Unmet => "未达到",
            Self::Unknown => "无法判断",
        }
    }
}
