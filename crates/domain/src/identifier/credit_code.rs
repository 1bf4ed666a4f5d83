//! 统一社会信用代码 (GB 32100-2015).

use super::{CheckDigit, compact, identifier};

/// All characters that a code can hold, by their values: no I, O, S, V, Z.
const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Powers of 3 modulo 31, for the first 17 places (GB 32100-2015, 5.2).
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const LENGTH: usize = 18;

identifier! {
    /// A unified social credit code: 18 characters, the last a check character.
    ///
    /// The check finds every single wrong character and every two neighbours changed round. Codes of
    /// the early pilots, such as 91350100M0001TGQXM, are legal and fail it.
    CreditCode, "统一社会信用代码", "91350200776049653A", normal_form, check
}

fn normal_form(text: &str) -> Result<String, String> {
    let code = compact(text);
    let length = code.chars().count();
    if length != LENGTH {
        return Err(format!("应为 {LENGTH} 位，现为 {length} 位"));
    }
    match (1..).zip(code.chars()).find(|(_, c)| value(*c).is_none()) {
        Some((place, c)) => {
            Err(format!("第 {place} 位「{c}」不可用，只用数字和除 I、O、S、V、Z 外的大写字母"))
        }
        None => Ok(code),
    }
}

fn check(code: &str) -> CheckDigit {
    let values = code.chars().filter_map(value);
    let sum: usize = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let expected = CHARACTERS.chars().nth((31 - sum % 31) % 31);
    match (code.chars().last(), expected) {
        (Some(found), Some(expected)) => CheckDigit::compare(found, expected),
        _ => CheckDigit::NotDefined,
    }
}

fn value(c: char) -> Option<usize> {
    CHARACTERS.chars().position(|known| known == c)
}
