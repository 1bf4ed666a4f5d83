//! What the check digits guarantee, and that no text is too odd to be refused.

use std::{fmt::Display, str::FromStr};

use kechuang_domain::{
    AchievementRegistration, CheckDigit, ContractRegistration, CreditCode, Cstr, DisciplineCode,
    DocumentNumber, Doi, IndustryCode, Orcid, PatentNumber,
};
use proptest::{prelude::*, sample::Index};

/// The text with the check character that it should have had.
fn mended<T: FromStr>(text: &str, ask: fn(&T) -> CheckDigit) -> Option<String> {
    let id: T = text.parse().ok()?;
    match ask(&id) {
        CheckDigit::Passes => Some(text.to_owned()),
        CheckDigit::Fails { expected } => Some(format!("{}{expected}", &text[..text.len() - 1])),
        CheckDigit::NotDefined => None,
    }
}

/// The right text passes; with one character replaced, or two neighbours changed round, it does not.
/// All three schemes promise this: their moduli are primes, and no weight and no difference of
/// neighbouring weights is a multiple of them.
fn check_guarantee<T: FromStr>(
    wrong_end: &str,
    ask: fn(&T) -> CheckDigit,
    at: Index,
    replacement: char,
) -> Result<(), TestCaseError> {
    let right = mended(wrong_end, ask).expect("a check digit is defined");
    prop_assert_eq!(right.parse().ok().map(|id| ask(&id)), Some(CheckDigit::Passes));

    let at = at.index(right.len() - 1);
    let mut replaced: Vec<char> = right.chars().collect();
    let mut swapped = replaced.clone();
    replaced[at] = replacement;
    swapped.swap(at, at + 1);
    for changed in [replaced, swapped] {
        let changed: String = changed.into_iter().collect();
        if changed == right {
            continue;
        }
        // What can no longer be read at all is found as well.
        let said = changed.parse().ok().map(|id| ask(&id));
        prop_assert_ne!(said, Some(CheckDigit::Passes), "{} for {}", changed, right);
    }
    Ok(())
}

/// Reading never panics, and what was read is read again as the same.
fn check_reading<T>(text: &str) -> Result<(), TestCaseError>
where
    T: FromStr + Display + PartialEq + std::fmt::Debug,
{
    if let Ok(id) = text.parse::<T>() {
        prop_assert_eq!(id.to_string().parse::<T>().ok(), Some(id));
    }
    Ok(())
}

fn check_reading_of_all(text: &str) -> Result<(), TestCaseError> {
    check_reading::<CreditCode>(text)?;
    check_reading::<PatentNumber>(text)?;
    check_reading::<AchievementRegistration>(text)?;
    check_reading::<ContractRegistration>(text)?;
    check_reading::<Doi>(text)?;
    check_reading::<Orcid>(text)?;
    check_reading::<Cstr>(text)?;
    check_reading::<DocumentNumber>(text)?;
    check_reading::<IndustryCode>(text)?;
    check_reading::<DisciplineCode>(text)
}

/// Texts that come near to one of them.
fn nearly() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9A-Za-zＡ-Ｚ０-９ ]{17,19}",
        "(CN|ZL|zl ?)?(19|20)[0-9]{2} ?[12389][0-9]{7}\\.?[0-9Xx]",
        "[0-9]{2}[12389][0-9]{5}\\.?[0-9X]?",
        "[0-9A-Z]{3}20[0-9]{2}[A-Za-z][0-9]{4}",
        "[0-9 ]{13,17}",
        "(doi:|https://doi.org/)?10\\.[0-9]{3,10}(\\.[0-9]{0,3})?/\\PC{0,9}",
        "[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]{3}[0-9Xx]",
        "(CSTR[:：] ?)?[0-9]{5}\\.[0-9]{2}\\.\\PC{0,9}",
        "[京晋吕国科发政办字（()）]{1,5} ?[〔﹝(（\\[【][0-9]{4}[〕﹞)）\\]】]第?[0-9]{0,7} ?号",
        "[A-Ta-zＡ-Ｔ]?[0-9０-９]{0,5}",
        "[0-9]{3}\\.?([0-9]{2}\\.?([0-9]{2})?)?",
    ]
}

proptest! {
    #[test]
    fn a_credit_code_with_one_wrong_character_fails(
        code in "9[1-3][0-9A-HJ-NPQRTUWXY]{16}",
        at: Index,
        other in "[0-9A-HJ-NPQRTUWXY]",
    ) {
        let other = other.chars().next().expect("one character");
        check_guarantee(&code, CreditCode::check, at, other)?;
    }

    #[test]
    fn a_patent_number_with_one_wrong_digit_fails(
        number in "20[0-9]{2}[12389][0-9]{7}\\.0|9[0-9][12389][0-9]{5}\\.0",
        at: Index,
        other in proptest::char::range('0', '9'),
    ) {
        prop_assume!(number.parse::<PatentNumber>().is_ok());
        check_guarantee(&number, PatentNumber::check, at, other)?;
    }

    #[test]
    fn an_orcid_with_one_wrong_digit_fails(
        id in "[0-9]{16}",
        at: Index,
        other in proptest::char::range('0', '9'),
    ) {
        check_guarantee(&id, Orcid::check, at, other)?;
    }

    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        check_reading_of_all(&text)?;
    }

    #[test]
    fn what_is_nearly_one_is_read_or_refused(text in nearly()) {
        check_reading_of_all(&text)?;
    }
}
