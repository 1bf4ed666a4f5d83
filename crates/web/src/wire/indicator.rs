//! Figures: as they are asked for, and beside what records say of them.

use kechuang_domain::{AskedIn, Comparison, Fulfilment, Indicator, IndicatorCheck};
use serde::Serialize;
use utoipa::ToSchema;

use super::beside::BasisWire;

/// A named quantity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Indicator)]
pub struct IndicatorWire {
    /// What is measured; may be empty.
    pub name: String,
    /// `at_least`, `at_most`, `above`, `below`, `equal`, `about` or `between`.
    #[schema(value_type = String)]
    pub comparison: Comparison,
    /// The value, or the lower end of a range.
    pub value: f64,
    /// The upper end of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// The canonical unit; empty for a bare number.
    pub unit: String,
    /// Under what it holds, in the words of the text; empty where it does not say.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
}

/// A figure that is asked for, beside what a record says of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndicatorCheck)]
pub struct IndicatorCheckWire {
    /// Index into `needs`; absent where a fact asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<usize>,
    /// The source's fact that asks for it, such as `targets`; absent where a need does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<&'static str>,
    /// The words that ask for it, verbatim.
    pub asked: String,
    /// Where they begin in the source's text, in UTF-8 bytes; absent for a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// Where they end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    /// `met`, `unmet` or `unknown`.
    #[schema(value_type = String)]
    pub fulfilment: Fulfilment,
    /// What the record says of the same; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<BasisWire>,
}

impl From<Indicator> for IndicatorWire {
    fn from(indicator: Indicator) -> Self {
        Self {
            name: indicator.name,
            comparison: indicator.comparison,
            value: indicator.quantity.value,
            upper: indicator.quantity.upper,
            unit: indicator.quantity.unit,
            condition: indicator.condition,
        }
    }
}

impl From<IndicatorCheck> for IndicatorCheckWire {
    fn from(check: IndicatorCheck) -> Self {
        let (need, at, fact) = match check.asked_in {
            AskedIn::Need { need, at } => (Some(need), Some(at), None),
            AskedIn::Fact { fact } => (None, None, Some(fact.code())),
        };
        Self {
            need,
            fact,
            asked: check.asked,
            start: at.map(|at| at.start),
            end: at.map(|at| at.end),
            fulfilment: check.fulfilment,
            said: check.said.map(BasisWire::from),
        }
    }
}
