//! Lists of objects as text, such as the articles of a statute.

use serde_json::{Map, Value};

use crate::draft::shown;

/// One line an item. Of objects, the values stand on their line one after the other; a value that
/// several neighbours share, such as a chapter, stands above them once.
pub(crate) fn lines(items: &[Value]) -> String {
    let mut text = String::new();
    let mut last: Option<&Map<String, Value>> = None;
    let shared = shared(items);
    for item in items {
        let Value::Object(object) = item else {
            push(&mut text, shown(item));
            last = None;
            continue;
        };
        for key in &shared {
            let value = object.get(*key);
            if value != last.and_then(|last| last.get(*key)) {
                push(&mut text, value.and_then(shown));
            }
        }
        let own = object.iter().filter(|(key, _)| !shared.contains(&key.as_str()));
        let own: Vec<String> = own.filter_map(|(_, value)| shown(value)).collect();
        push(&mut text, Some(own.join("　")));
        last = Some(object);
    }
    text
}

/// The keys whose value some item has in common with the one before it.
fn shared(items: &[Value]) -> Vec<&str> {
    let mut shared: Vec<&str> = Vec::new();
    for pair in items.windows(2) {
        let [Value::Object(first), Value::Object(second)] = pair else { continue };
        for (key, value) in second {
            let is_said = shown(value).is_some();
            if is_said && first.get(key) == Some(value) && !shared.contains(&key.as_str()) {
                shared.push(key);
            }
        }
    }
    shared
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

    use super::lines;

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
        assert_eq!(lines(&[json!("甲"), json!(""), json!(2)]), "甲\n2");
        assert_eq!(lines(&[json!({ "no": 1, "text": "甲" })]), "1　甲");
    }
}
