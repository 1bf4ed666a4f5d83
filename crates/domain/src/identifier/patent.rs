//! Chinese patent application numbers (专利申请号标准 ZC 0006-2003 and its forerunner).

use super::{CheckDigit, all_digits, compact, identifier, without_prefix};

/// Repeated over the digits in front of the check digit.
const WEIGHTS: [u32; 8] = [2, 3, 4, 5, 6, 7, 8, 9];
/// Two digits of the year, kind, five digits: until September 2003.
const OLD_LENGTH: usize = 8;
/// Four digits of the year, kind, seven digits: since October 2003.
const NEW_LENGTH: usize = 12;

identifier! {
    /// A patent application number, which a granted patent keeps behind ZL. Its normal form has a dot
    /// before the check digit and no CN or ZL.
    ///
    /// The check finds every single wrong digit and every two neighbours changed round. Numbers of
    /// 1985 to 1988 have no check digit.
    PatentNumber, "专利申请号", "202011351308.2", normal_form, check
}

/// What a patent protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PatentKind {
    /// 发明, also by way of an international application.
    Invention,
    /// 实用新型, also by way of an international application.
    UtilityModel,
    /// 外观设计.
    Design,
}

impl PatentNumber {
    /// What the number says the patent protects.
    #[must_use]
    pub fn kind(&self) -> PatentKind {
        match kind_digit(self.0.split('.').next().unwrap_or_default()) {
            Some(b'1' | b'8') => PatentKind::Invention,
            Some(b'2' | b'9') => PatentKind::UtilityModel,
            // Reading lets only 3 pass beside these.
            _ => PatentKind::Design,
        }
    }
}

fn normal_form(text: &str) -> Result<String, String> {
    let written = compact(text);
    let number = without_prefix(&written, &["CN", "ZL"]);
    let (digits, check) = match number.split_once('.') {
        Some(cut) => cut,
        None if number.is_ascii() && matches!(number.len(), 9 | 13) => {
            number.split_at(number.len() - 1)
        }
        None => (number, ""),
    };
    if !all_digits(digits) || !matches!(digits.len(), OLD_LENGTH | NEW_LENGTH) {
        return Err("应为 8 位或 12 位数字，再加一位校验位".to_owned());
    }
    if !year_is_possible(digits) {
        return Err(
            "年份不对：8 位号的年份在 1985 至 2003 之间，12 位号的年份自 2003 起".to_owned()
        );
    }
    if !matches!(kind_digit(digits), Some(b'1' | b'2' | b'3' | b'8' | b'9')) {
        return Err("种类位（年份后的一位）应为 1、2、3、8 或 9".to_owned());
    }
    match check {
        "" if digits.len() == OLD_LENGTH && ("85".."89").contains(&&digits[..2]) => {
            Ok(digits.to_owned())
        }
        "" => Err("缺少最后一位校验位".to_owned()),
        check if check == "X" || check.len() == 1 && all_digits(check) => {
            Ok(format!("{digits}.{check}"))
        }
        check => Err(format!("校验位「{check}」应为一位数字或 X")),
    }
}

fn year_is_possible(digits: &str) -> bool {
    if digits.len() == OLD_LENGTH {
        ("85"..="99").contains(&&digits[..2]) || ("00"..="03").contains(&&digits[..2])
    } else {
        ("2003".."2100").contains(&&digits[..4])
    }
}

fn kind_digit(digits: &str) -> Option<u8> {
    digits.as_bytes().get(if digits.len() == OLD_LENGTH { 2 } else { 4 }).copied()
}

fn check(number: &str) -> CheckDigit {
    let Some((digits, check)) = number.split_once('.') else { return CheckDigit::NotDefined };
    let weights = WEIGHTS.into_iter().cycle();
    let sum: u32 =
        digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = char::from_digit(sum % 11, 10).unwrap_or('X');
    check.chars().next().map_or(CheckDigit::NotDefined, |c| CheckDigit::compare(c, expected))
}
