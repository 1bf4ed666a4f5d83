//! From an answer to a file of rows.

use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;

use crate::{
    Row,
    rows::{self, Format},
};

/// Types of JSON Lines; there is no registered one.
const LINES: [&str; 4] =
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"];

/// What an answer holds.
pub(super) struct Answer {
    pub(super) format: Format,
    pub(super) bytes: Vec<u8>,
    pub(super) rows: Vec<Row>,
}

/// The rows of an answer that says that it is JSON and is not too long.
pub(super) async fn read(mut response: Response, limit: usize) -> Result<Answer, String> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    let is_lines = LINES.contains(&kind.as_str());
    let is_json =
        matches!(kind.as_str(), "application/json" | "text/json") || kind.ends_with("+json");
    if !is_lines && !is_json {
        return Err(format!(
            "数据源返回的内容类型是「{kind}」；应为 application/json 或 application/x-ndjson"
        ));
    }
    let too_long = || format!("数据源返回的内容超过上限 {} MB；请对方分页提供", limit >> 20);
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|_| "数据源的内容没有传完；将自动重试".to_owned())?
        else {
            break;
        };
        if bytes.len() + chunk.len() > limit {
            return Err(too_long());
        }
        bytes.extend_from_slice(&chunk);
    }
    let format = if is_lines || holds_lines(&bytes) { Format::JsonLines } else { Format::Json };
    let rows = rows::read(format, &bytes);
    let rows = rows.map_err(|error| format!("数据源的内容无法读取：{error}"))?;
    Ok(Answer { format, bytes, rows })
}

/// Some services call JSON Lines JSON. A line that is a whole object, with another behind it, is a row.
fn holds_lines(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    let Some(end) = text.iter().position(|byte| *byte == b'\n') else { return false };
    let has_more = text[end..].trim_ascii_start().starts_with(b"{");
    has_more && matches!(serde_json::from_slice(&text[..end]), Ok(Value::Object(_)))
}
