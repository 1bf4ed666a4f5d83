//! The title of a document that someone hands in, and the words below it.

/// The longest line that is taken for a title, in characters.
const TITLE_LIMIT_CHARS: usize = 60;
/// What stands before a title in forms.
const LABELS: &[&str] = &[
    "需求名称",
    "技术需求名称",
    "成果名称",
    "项目名称",
    "设备名称",
    "难题名称",
    "题目",
    "标题",
    "名称",
];

/// The title of a demand's or result's document, and the words below it. The title is the value of
/// 需求名称： or the like on the first line, else the first line where it is short and no sentence and
/// something follows it; it is empty where there is none, and the body is then the whole text.
#[must_use]
pub fn title_and_body(text: &str) -> (String, String) {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = text.trim_matches(blank);
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (line, rest) = (line.trim_matches(blank), rest.trim_matches(blank));
    let named = LABELS.iter().find_map(|label| {
        let value =
            line.strip_prefix(label)?.trim_start_matches(blank).strip_prefix([':', '：'])?;
        Some(value.trim_matches(blank)).filter(|value| !value.is_empty())
    });
    let is_title = line.chars().any(char::is_alphanumeric)
        && !rest.is_empty()
        && line.chars().take(TITLE_LIMIT_CHARS + 1).count() <= TITLE_LIMIT_CHARS
        && !line.ends_with(['。', '；', ';', '：', ':']);
    match named.or(Some(line).filter(|_| is_title)) {
        Some(title) => (title.to_owned(), rest.to_owned()),
        None => (String::new(), text.to_owned()),
    }
}
