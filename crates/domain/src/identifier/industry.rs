//! Codes of 国民经济行业分类 (GB/T 4754).

use super::{all_digits, compact, identifier, not_defined};

identifier! {
    /// A section letter from A to T, alone or with two to four digits: C, C32, C325, C3252. Many files
    /// have the digits alone; [`crate::CodeTable`] finds those too. Whether a code exists is for the
    /// table of a version to say.
    IndustryCode, "行业代码", "C3252", normal_form, not_defined
}

impl IndustryCode {
    /// 门类 1, 大类 2, 中类 3, 小类 4.
    #[must_use]
    pub fn level(&self) -> usize {
        self.0.bytes().filter(u8::is_ascii_digit).count().max(1)
    }
}

fn normal_form(text: &str) -> Result<String, String> {
    let code = compact(text);
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = &code[..code.len() - digits.len()];
    if !matches!(letters.as_bytes(), [] | [b'A'..=b'T']) {
        return Err("门类应为 A 至 T 中的一个字母".to_owned());
    }
    let well_formed = match digits.len() {
        0 => !letters.is_empty(),
        length => (2..=4).contains(&length) && all_digits(digits),
    };
    if !well_formed {
        return Err("应为一个门类字母，可接 2 至 4 位数字".to_owned());
    }
    Ok(code)
}
