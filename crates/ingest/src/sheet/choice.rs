//! Entries of drop-down lists that stand for a code: 吕梁市（141100）.

/// The entry of a code.
pub(super) fn entry(name: &str, code: &str) -> String {
    format!("{name}（{code}）")
}

/// The code of an entry; of any other text, the text itself.
pub(crate) fn code_of(text: &str) -> &str {
    let bracket = |text: &'_ str| text.rfind('（').map(|at| at + '（'.len_utf8());
    match text.strip_suffix('）') {
        Some(open) => bracket(open).map_or(text, |start| &open[start..]),
        None => text,
    }
}
