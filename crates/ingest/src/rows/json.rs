//! One JSON value that holds the rows: an array of objects, or an object with such an array.

use kechuang_domain::Place;
use serde_json::{Map, Value};

use super::{
    Row,
    limits::{Budget, CELL_BYTES, JSON_BYTES, over},
};
use crate::{IngestError, Result};

/// Where services put their rows.
const LISTS: [&str; 3] = ["items", "data", "records"];

/// Rows in order; the place is the row's number in the array.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>> {
    if bytes.len() > JSON_BYTES {
        return Err(over(
            "JSON 文件",
            &format!("{} MB（更大的数据请用 .jsonl）", JSON_BYTES >> 20),
        ));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        IngestError::File(format!(
            "第 {} 行第 {} 列附近不是完整的 JSON；请检查引号、逗号和括号",
            error.line(),
            error.column()
        ))
    })?;
    let mut budget = Budget::of_lines();
    let mut rows = Vec::new();
    for (item, number) in list(value)?.into_iter().zip(1..) {
        budget.spend(CELL_BYTES * values(&item))?;
        rows.push(match item {
            Value::Object(fields) => Row::Fields { place: Place::line(number), fields },
            other => {
                let reason = "数组中的这一项不是对象；应形如 {\"title\": \"…\", …}";
                Row::broken(number, other.to_string().as_bytes(), reason)
            }
        });
    }
    Ok(rows)
}

fn list(value: Value) -> Result<Vec<Value>> {
    let listed = |fields: &mut Map<String, Value>| {
        LISTS.iter().find_map(|name| match fields.get_mut(*name) {
            Some(Value::Array(items)) => Some(std::mem::take(items)),
            _ => None,
        })
    };
    match value {
        Value::Array(items) => Some(items),
        Value::Object(mut fields) => listed(&mut fields),
        _ => None,
    }
    .ok_or_else(|| {
        IngestError::File(
            "JSON 里没有记录数组；应为 [{…}, {…}]，或对象中的 items、data、records".to_owned(),
        )
    })
}

/// How many values a value is made of.
pub(super) fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}
