//! Figures: as they are asked for, and beside what records say of them.

use kechuang_domain::{Comparison, Fulfilment, Indicator, IndicatorCheck, Quote, Span};
use serde::Serialize;
use utoipa::ToSchema;

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

/// Words cut verbatim from a text field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quote)]
pub struct QuoteWire {
    /// The field that is quoted.
    pub field: &'static str,
    /// The words.
    pub quote: String,
    /// Where they begin in the field's text, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

impl From<Quote> for QuoteWire {
    fn from(quote: Quote) -> Self {
        let Span { start, end } = quote.span;
        Self { field: quote.field.code(), quote: quote.text().to_owned(), start, end }
    }
}

/// A figure that is asked for, beside what a record says of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndicatorCheck)]
pub struct IndicatorCheckWire {
    /// Index into `needs`.
    pub need: usize,
    /// The words that ask for it, verbatim.
    pub asked: String,
    /// Where they begin in the source's text, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// `met`, `unmet` or `unknown`.
    #[schema(value_type = String)]
    pub fulfilment: Fulfilment,
    /// What the record says of the same; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<QuoteWire>,
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
        Self {
            need: check.need,
            asked: check.asked,
            start: check.at.start,
            end: check.at.end,
            fulfilment: check.fulfilment,
            said: check.said.map(QuoteWire::from),
        }
    }
}
