//! JSON Lines: one object a line.

use kechuang_domain::Place;
use serde_json::Value;

use super::{ROW_LIMIT_BYTES, Row, json::values, limits::Budget};
use crate::Result;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>> {
    let mut budget = Budget::of_lines();
    let mut rows = Vec::new();
    for (raw, line) in bytes.split(|byte| *byte == b'\n').zip(1..) {
        if raw.trim_ascii().is_empty() {
            continue;
        }
        let row = row(raw, line);
        budget.spend_row(match &row {
            Row::Fields { fields, .. } => fields.values().map(values).sum(),
            Row::Text { .. } | Row::Broken { .. } => 1,
        })?;
        rows.push(row);
    }
    Ok(rows)
}

fn row(raw: &[u8], line: u64) -> Row {
    if raw.len() > ROW_LIMIT_BYTES {
        return Row::broken(line, raw, format!("这一行超过 {} MB；请拆开", ROW_LIMIT_BYTES >> 20));
    }
    if std::str::from_utf8(raw).is_err() {
        return Row::broken(line, raw, "这一行不是 UTF-8 编码（可能是 GBK）；请转为 UTF-8");
    }
    match serde_json::from_slice(raw) {
        Ok(Value::Object(fields)) => Row::Fields { place: Place::line(line), fields },
        Ok(_) => Row::broken(line, raw, "这一行不是 JSON 对象；应形如 {\"title\": \"…\", …}"),
        Err(error) => Row::broken(
            line,
            raw,
            format!(
                "这一行不是完整的 JSON（第 {} 列附近）；请检查引号、逗号和括号",
                error.column()
            ),
        ),
    }
}
