//! Digital object identifiers (ISO 26324).

use super::{all_digits, half_width, identifier, not_defined, without_prefix};

const PREFIXES: [&str; 6] = [
    "https://doi.org/",
    "http://doi.org/",
    "https://dx.doi.org/",
    "http://dx.doi.org/",
    "doi:",
    "doi ",
];

identifier! {
    /// A DOI without address or `doi:`. Case means nothing in one, so its normal form is small.
    Doi, "DOI", "10.1000/182", normal_form, not_defined
}

fn normal_form(text: &str) -> Result<String, String> {
    let written = half_width(text);
    let doi = without_prefix(&written, &PREFIXES);
    let (registrant, name) = doi
        .strip_prefix("10.")
        .and_then(|rest| rest.split_once('/'))
        .ok_or_else(|| "应以「10.」开头，并有「/」".to_owned())?;
    let mut numbers = registrant.split('.');
    let first = numbers.next().unwrap_or_default();
    let well_formed = (4..=9).contains(&first.len()) && all_digits(first);
    if !well_formed || !numbers.all(|number| !number.is_empty() && all_digits(number)) {
        return Err("「10.」与「/」之间应为 4 至 9 位数字".to_owned());
    }
    if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("「/」之后不能为空，也不能有空格".to_owned());
    }
    Ok(doi.to_ascii_lowercase())
}
