//! 成果批准登记号, the number under which a result is registered.

use super::{all_digits, compact, identifier, not_defined};

const LENGTH: usize = 12;

identifier! {
    /// Three characters for the place or ministry, four digits of the year, a letter for the class and
    /// four digits, such as 9142023Y0156. It has no check digit.
    AchievementRegistration, "成果批准登记号", "9142023Y0156", normal_form, not_defined
}

impl AchievementRegistration {
    /// The year of registration.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.0[3..7].bytes().fold(0, |year, digit| year * 10 + u16::from(digit - b'0'))
    }

    /// Whether the result is registered as applied technology (应用技术类), letter Y. What other
    /// letters mean is not published in the forms that this was written from.
    #[must_use]
    pub fn is_applied_technology(&self) -> bool {
        self.0.as_bytes()[7] == b'Y'
    }
}

fn normal_form(text: &str) -> Result<String, String> {
    let number = compact(text);
    let length = number.chars().count();
    if length != LENGTH || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(format!("应为 {LENGTH} 位数字和字母，现为 {length} 个字符"));
    }
    if !all_digits(&number[3..7]) {
        return Err("第 4 至 7 位应为四位年份".to_owned());
    }
    if !number.as_bytes()[7].is_ascii_uppercase() {
        return Err("第 8 位应为类别字母（应用技术类为 Y）".to_owned());
    }
    if !all_digits(&number[8..]) {
        return Err("最后四位应为数字流水号".to_owned());
    }
    Ok(number)
}
