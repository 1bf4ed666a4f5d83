//! ORCID iDs of researchers.

use super::{CheckDigit, all_digits, compact, identifier, without_prefix};

const LENGTH: usize = 16;

identifier! {
    /// Four groups of four, the last character a check digit by ISO 7064 mod 11-2, X for ten.
    ///
    /// The check finds every single wrong digit and every two neighbours changed round.
    Orcid, "ORCID", "0000-0002-1825-0097", normal_form, check
}

fn normal_form(text: &str) -> Result<String, String> {
    let written = compact(text);
    let bare = without_prefix(&written, &["HTTPS://ORCID.ORG/", "HTTP://ORCID.ORG/", "ORCID:"]);
    // Word processors make dashes of hyphens.
    let id: String =
        bare.chars().filter(|c| !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')).collect();
    let length = id.chars().count();
    if length != LENGTH {
        return Err(format!("应为 {LENGTH} 位，现为 {length} 位"));
    }
    if !id.is_ascii() || !all_digits(&id[..15]) || !all_digits(&id[15..]) && &id[15..] != "X" {
        return Err("应为数字，只有最后一位可以是 X".to_owned());
    }
    Ok([&id[..4], &id[4..8], &id[8..12], &id[12..]].join("-"))
}

fn check(id: &str) -> CheckDigit {
    let digits = id.chars().filter_map(|c| c.to_digit(10)).take(15);
    let total = digits.fold(0, |total, digit| (total + digit) * 2 % 11);
    let expected = char::from_digit((12 - total) % 11, 10).unwrap_or('X');
    id.chars().last().map_or(CheckDigit::NotDefined, |c| CheckDigit::compare(c, expected))
}
