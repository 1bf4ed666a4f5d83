//! Facts in JSON, as rows of files and callers of the API write them: money in 万元, everything else in
//! its natural shape. A text is read as a cell is.

use serde_json::{Value, json};

use super::{CellError, Fact, FactKind, FactValue};
use crate::Money;

impl Fact {
    /// The fact's name in JSON; amounts of money tell their unit: `budget_wan`.
    #[must_use]
    pub fn json_name(self) -> String {
        match self.kind() {
            FactKind::Money => format!("{}_wan", self.code()),
            _ => self.code().to_owned(),
        }
    }

    /// The fact with this name in JSON.
    #[must_use]
    pub fn of_json_name(name: &str) -> Option<Self> {
        let is_money = |fact: &Self| fact.kind() == FactKind::Money;
        match name.strip_suffix("_wan") {
            Some(code) => code.parse().ok().filter(is_money),
            None => name.parse().ok().filter(|fact| !is_money(fact)),
        }
    }

    /// Reads a JSON value. Nothing and blank texts say nothing.
    ///
    /// # Errors
    /// [`CellError`] for what can never be right.
    pub fn parse_json(self, value: &Value) -> Result<Option<FactValue>, CellError> {
        let wrong =
            || CellError::new(self, &value.to_string(), format!("应为{}", self.kind().label()));
        let given = match (self.kind(), value) {
            (_, Value::Null) => return Ok(None),
            (_, Value::String(text)) => return self.parse_cell(text),
            (FactKind::Money, Value::Number(number)) => {
                number.as_f64().and_then(Money::from_wan_yuan).map(FactValue::from).ok_or_else(
                    || CellError::new(self, &number.to_string(), "应为不小于 0 的万元数"),
                )?
            }
            (FactKind::Whole { .. } | FactKind::Number { .. }, Value::Number(number)) => number
                .as_i64()
                .map(FactValue::Whole)
                .or_else(|| number.as_f64().map(FactValue::Number))
                .ok_or_else(wrong)?,
            (FactKind::Flag, Value::Bool(flag)) => FactValue::Flag(*flag),
            (_, Value::Number(number)) => return self.parse_cell(&number.to_string()),
            (FactKind::Text | FactKind::Choice { .. } | FactKind::Code(_), Value::Array(items)) => {
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                return self.parse_cell(&texts.ok_or_else(wrong)?.join("；"));
            }
            (_, Value::Array(items)) if items.is_empty() => return Ok(None),
            (_, Value::Array(_)) => serde_json::from_value(value.clone()).map_err(|_| wrong())?,
            (_, Value::Bool(_) | Value::Object(_)) => return Err(wrong()),
        };
        self.accept(given).map(Some)
    }

    /// Writes a value as JSON.
    #[must_use]
    pub fn to_json(self, value: &FactValue) -> Value {
        match (self.kind(), value) {
            (FactKind::Money, FactValue::Whole(fen)) => {
                Money::from_fen(*fen).map_or(Value::Null, |money| json!(money.wan_yuan()))
            }
            // Plain data with text keys always becomes JSON.
            _ => serde_json::to_value(value).unwrap_or(Value::Null),
        }
    }
}
