//! Codes of 学科分类与代码 (GB/T 13745).

use super::{all_digits, compact, identifier, not_defined};

identifier! {
    /// Three, five or seven digits for the three levels. The standard prints 430.45 and 430.4530; the
    /// normal form has digits only.
    DisciplineCode, "学科代码", "430.45", normal_form, not_defined
}

impl DisciplineCode {
    /// 一级 1, 二级 2, 三级 3.
    #[must_use]
    pub fn level(&self) -> usize {
        (self.0.len() - 1) / 2
    }

    /// The code of the first level that this one lies in.
    #[must_use]
    pub fn first_level(&self) -> &str {
        &self.0[..3]
    }
}

fn normal_form(text: &str) -> Result<String, String> {
    let written = compact(text);
    let digits: String = written.chars().filter(|c| *c != '.').collect();
    if !matches!(digits.len(), 3 | 5 | 7) || !all_digits(&digits) || digits.starts_with('0') {
        return Err("应为 3、5 或 7 位数字".to_owned());
    }
    let mut dots = written.match_indices('.').map(|(at, _)| at);
    let well_placed = match (dots.next(), dots.next(), dots.next()) {
        (None, ..) => true,
        (Some(first), None, _) => first == 3 && digits.len() > 3,
        (Some(first), Some(second), None) => first == 3 && second == 6 && digits.len() == 7,
        _ => false,
    };
    if well_placed { Ok(digits) } else { Err("点应在第三位之后".to_owned()) }
}
