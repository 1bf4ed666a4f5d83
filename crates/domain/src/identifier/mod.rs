//! Identifiers that others give out: of firms, patents, results, contracts, papers, resources,
//! policies, industries and disciplines. One file each.
//!
//! Reading one is strict about its form and says in Chinese what is wrong. A check digit that does not
//! fit is another matter: codes of the early pilots fail it and are legal. So that is asked for
//! separately, with `check()`, and is worth a warning that a person confirms, never a rejection.

mod achievement;
mod contract;
mod credit_code;
mod cstr;
mod discipline;
mod document;
mod doi;
mod industry;
mod orcid;
mod patent;

pub use achievement::AchievementRegistration;
pub use contract::{ContractForm, ContractRegistration};
pub use credit_code::CreditCode;
pub use cstr::Cstr;
pub use discipline::DisciplineCode;
pub use document::DocumentNumber;
pub use doi::Doi;
pub use industry::IndustryCode;
pub use orcid::Orcid;
pub use patent::{PatentKind, PatentNumber};

/// What the check digit of an identifier says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckDigit {
    /// It fits.
    Passes,
    /// It does not fit. Worth a warning: some legal codes fail.
    Fails {
        /// What would fit.
        expected: char,
    },
    /// Identifiers of this kind, or of this age, have none.
    NotDefined,
}

impl CheckDigit {
    fn compare(found: char, expected: char) -> Self {
        if found == expected { Self::Passes } else { Self::Fails { expected } }
    }
}

/// The text can never be such an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("「{text}」不是{name}：{what}（例如 {example}）")]
pub struct BadIdentifier {
    /// What the identifier is called.
    pub name: &'static str,
    /// One that is well formed.
    pub example: &'static str,
    /// The text as it was given.
    pub text: String,
    /// What is wrong with it.
    pub what: String,
}

/// Declares an identifier that is kept as its normal form: its name, an example, the function from a
/// text to the normal form or to what is wrong, and the function that checks a normal form.
macro_rules! identifier {
    ($(#[$doc:meta])* $type:ident, $name:literal, $example:literal, $form:path, $check:path) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Reads it as people write it, and keeps its normal form.
            ///
            /// # Errors
            /// What is wrong with a text that can never be one.
            pub fn parse(text: &str) -> Result<Self, $crate::identifier::BadIdentifier> {
                $form(text).map(Self).map_err(|what| $crate::identifier::BadIdentifier {
                    name: $name,
                    example: $example,
                    text: text.trim().to_owned(),
                    what,
                })
            }

            /// The normal form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether the check digit fits.
            #[must_use]
            pub fn check(&self) -> $crate::identifier::CheckDigit {
                $check(&self.0)
            }

            /// What a person should be asked to confirm.
            #[must_use]
            pub fn warning(&self) -> Option<String> {
                match self.check() {
                    $crate::identifier::CheckDigit::Fails { expected } => Some(format!(
                        concat!($name, "「{}」的校验位应为 {}，请与原件核对"),
                        self.0, expected,
                    )),
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::identifier::BadIdentifier;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::identifier::BadIdentifier;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(identifier: $type) -> Self {
                identifier.0
            }
        }
    };
}
use identifier;

/// For kinds without a check digit.
fn not_defined(_: &str) -> CheckDigit {
    CheckDigit::NotDefined
}

/// Full-width letters, digits and marks as half-width ones, and no blanks around.
fn half_width(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect();
    folded.trim().to_owned()
}

/// Half-width capitals without any blank.
fn compact(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Cuts off the first of the prefixes that the text begins with, whatever its case.
fn without_prefix<'a>(text: &'a str, prefixes: &[&str]) -> &'a str {
    let begins = |prefix: &&&str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    prefixes.iter().find(begins).map_or(text, |prefix| text[prefix.len()..].trim_start())
}
