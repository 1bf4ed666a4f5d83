//! 文号, the number of an official document.

use super::{all_digits, half_width, identifier, not_defined};

const OPEN: [char; 5] = ['〔', '﹝', '[', '(', '【'];
const CLOSE: [char; 5] = ['〕', '﹞', ']', ')', '】'];
/// Longer abbreviations of an issuer do not occur.
const AGENCY_LIMIT_CHARS: usize = 30;

identifier! {
    /// Abbreviation of the issuer, year and number: 京发改规〔2023〕12号. Square, round and half-width
    /// brackets, blanks and 第 are folded into this form.
    ///
    /// Not every document has such a number; to a policy without one this is a warning.
    DocumentNumber, "文号", "京发改规〔2023〕12号", normal_form, not_defined
}

impl DocumentNumber {
    /// The abbreviation of the issuer, such as 京发改规.
    #[must_use]
    pub fn agency(&self) -> &str {
        self.0.split('〔').next().unwrap_or_default()
    }

    /// The year in the brackets.
    #[must_use]
    pub fn year(&self) -> u32 {
        number_behind(&self.0, '〔')
    }

    /// The number within the year.
    #[must_use]
    pub fn number(&self) -> u32 {
        number_behind(&self.0, '〕')
    }
}

fn number_behind(text: &str, mark: char) -> u32 {
    let behind = text.split(mark).nth(1).unwrap_or_default();
    behind.chars().map_while(|c| c.to_digit(10)).fold(0, |number, digit| number * 10 + digit)
}

fn normal_form(text: &str) -> Result<String, String> {
    let written: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let (head, number) = written
        .strip_suffix('号')
        .and_then(|rest| rest.rsplit_once(CLOSE))
        .ok_or_else(|| "应有「〔年份〕」并以「号」结尾".to_owned())?;
    let (agency, year) =
        head.rsplit_once(OPEN).ok_or_else(|| "年份应在六角括号〔〕中".to_owned())?;
    if year.len() != 4 || !all_digits(year) || !("1949".."2100").contains(&year) {
        return Err(format!("「{year}」应为四位年份"));
    }
    let number = number.strip_prefix('第').unwrap_or(number).trim_start_matches('0');
    if !(1..=6).contains(&number.len()) || !all_digits(number) {
        return Err("〕与号之间应为发文顺序号".to_owned());
    }
    let of_issuer = |c: char| c.is_alphanumeric() || matches!(c, '(' | ')' | '-' | '·');
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let short = agency.chars().count() <= AGENCY_LIMIT_CHARS;
    if !short || !agency.chars().any(chinese) || !agency.chars().all(of_issuer) {
        return Err("年份之前应为发文机关代字".to_owned());
    }
    Ok(format!("{agency}〔{year}〕{number}号"))
}
