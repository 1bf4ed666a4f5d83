//! 科技资源标识 CSTR (GB/T 32843).

use super::{all_digits, half_width, identifier, not_defined, without_prefix};

const PREFIXES: [&str; 4] =
    ["https://cstr.cn/", "http://cstr.cn/", "https://www.cstr.cn/", "cstr:"];

identifier! {
    /// CSTR, five digits of the registrar, two of the kind of resource, and a name that the registrar
    /// chose, such as CSTR:11738.11.dataset.1. It has no check digit.
    ///
    /// Written from identifiers in use; what a registrar may put into a name is taken widely.
    Cstr, "科技资源标识", "CSTR:11738.11.dataset.1", normal_form, not_defined
}

fn normal_form(text: &str) -> Result<String, String> {
    let written = half_width(text);
    // An address may hold the whole identifier: https://cstr.cn/CSTR:11738.11.…
    let behind_address = without_prefix(&written, &PREFIXES[..3]);
    let id = without_prefix(behind_address, &PREFIXES[3..]);
    let mut parts = id.splitn(3, '.');
    let mut digits =
        |length: usize| parts.next().is_some_and(|part| part.len() == length && all_digits(part));
    if !digits(5) || !digits(2) {
        return Err("应为五位注册机构代码、两位资源类型代码和内部标识，以「.」分隔".to_owned());
    }
    let name = parts.next().unwrap_or_default();
    if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("内部标识不能为空，也不能有空格".to_owned());
    }
    Ok(format!("CSTR:{id}"))
}
