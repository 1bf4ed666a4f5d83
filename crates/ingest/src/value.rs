//! Values of a row as text: single ones, lists, and lists of objects such as the articles of a statute.

use kechuang_domain::Date;
use serde_json::{Map, Value};

/// A value as text; lists are joined as keywords are.
pub(crate) fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => items.iter().filter_map(shown).collect::<Vec<_>>().join("；"),
        Value::Null | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// How many days a cell names, where there are several, and the last of them: a document that was issued
/// twice has two.
pub(crate) fn several_days(value: &Value) -> Option<(usize, Date)> {
    let parts = value.as_str()?.split(['/', '、', '；', ';', '，', ',']).map(str::trim);
    let days: Result<Vec<Date>, _> =
        parts.filter(|part| !part.is_empty()).map(str::parse).collect();
    let days = days.ok().filter(|days| days.len() > 1)?;
    Some((days.len(), days.into_iter().max()?))
}

/// Keys of what stands above several items, such as a chapter.
const HEADINGS: [&str; 7] = ["chapter", "part", "section", "编", "章", "章节", "节"];
/// Keys of what stands before an item's words.
const NUMBERS: [&str; 10] =
    ["no", "num", "number", "index", "article", "编号", "序号", "条", "条号", "条款号"];
/// Keys of an item's words.
const WORDS: [&str; 8] = ["text", "content", "body", "value", "内容", "正文", "条文", "说明"];

/// One line an item. Of objects, the values stand on their line one after the other, the number first
/// and the words last whatever the keys' order; a heading stands above its items once.
pub(crate) fn lines(items: &[Value]) -> String {
    let mut text = String::new();
    let mut last: Option<&Map<String, Value>> = None;
    for item in items {
        let Value::Object(object) = item else {
            push(&mut text, shown(item));
            last = None;
            continue;
        };
        for key in HEADINGS {
            let heading = object.get(key);
            if heading != last.and_then(|last| last.get(key)) {
                push(&mut text, heading.and_then(shown));
            }
        }
        let mut own: Vec<(&String, &Value)> =
            object.iter().filter(|(key, _)| !HEADINGS.contains(&key.as_str())).collect();
        own.sort_by_key(|(key, _)| place(key));
        let own: Vec<String> = own.into_iter().filter_map(|(_, value)| shown(value)).collect();
        push(&mut text, Some(own.join("　")));
        last = Some(object);
    }
    text
}

fn place(key: &str) -> u8 {
    if NUMBERS.contains(&key) {
        0
    } else if WORDS.contains(&key) {
        2
    } else {
        1
    }
}

fn push(text: &mut String, line: Option<String>) {
    let Some(line) = line.filter(|line| !line.is_empty()) else { return };
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&line);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{lines, several_days};

    #[test]
    fn of_several_days_the_last_counts() {
        let last = |text: &str| several_days(&json!(text)).map(|(_, day)| day.to_string());
        assert_eq!(last("2023-11-17/2023-10-25").as_deref(), Some("2023-11-17"));
        for one in ["2023-10-25", "2023/10/25", "2023-10-25/待定", ""] {
            assert_eq!(last(one), None, "{one}");
        }
    }

    #[test]
    fn articles_stand_under_their_chapters() {
        let articles = json!([
            { "no": "第一条", "chapter": "第一章　总则", "text": "为了示例。" },
            { "no": "第二条", "chapter": "第一章　总则", "text": "本例适用。" },
            { "no": "第三条", "chapter": "第二章　附则", "text": "自公布之日起施行。" },
        ]);
        let text = lines(articles.as_array().expect("a list"));
        let expected = "第一章　总则\n第一条　为了示例。\n第二条　本例适用。\n第二章　附则\n第三条　自公布之日起施行。";
        assert_eq!(text, expected);
        // The number stands first in any order of the keys, and words that are repeated stay.
        let other = json!([
            { "编号": "第一条", "内容": "（删去）" }, { "编号": "第二条", "内容": "（删去）" },
        ]);
        let text = lines(other.as_array().expect("a list"));
        assert_eq!(text, "第一条　（删去）\n第二条　（删去）");
        assert_eq!(lines(&[json!("甲"), json!(""), json!(2)]), "甲\n2");
        assert_eq!(lines(&[json!({ "no": 1, "text": "甲" })]), "1　甲");
    }
}
