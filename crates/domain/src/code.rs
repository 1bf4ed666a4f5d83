//! Codes that come from tables outside the program.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An administrative division by its six digits (GB/T 2260): two for the province, two for the
/// prefecture, two for the county; trailing zeros mean the wider unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(u32);

impl Region {
    /// The six digits as a number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// From the number that [`Region::number`] gave.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        (100_000..1_000_000).contains(&number).then_some(Self(number))
    }

    /// The half-open range of numbers that this division and everything within it occupy.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<u32> {
        let width = if self.0.is_multiple_of(10_000) {
            10_000
        } else if self.0.is_multiple_of(100) {
            100
        } else {
            1
        };
        self.0..self.0 + width
    }

    /// Whether `other` is this division or lies within it. 100000 is the whole country.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 == 100_000 || self.range().contains(&other.0)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// The text is not an administrative division code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("「{0}」不是六位行政区划代码（例如 141100）")]
pub struct BadRegion(pub String);

impl FromStr for Region {
    type Err = BadRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim();
        let well_formed = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        well_formed
            .then(|| digits.parse().ok().and_then(Self::from_number))
            .flatten()
            .ok_or_else(|| BadRegion(text.to_owned()))
    }
}

impl TryFrom<String> for Region {
    type Error = BadRegion;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.to_string()
    }
}

/// The code of an industry chain, such as `hydrogen`. Which chains there are is data, not code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChainCode(String);

impl ChainCode {
    /// The code itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a chain code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("「{0}」不是产业链代码（小写英文字母、数字和连字符，至多 40 个字符，例如 hydrogen）")]
pub struct BadChainCode(pub String);

impl FromStr for ChainCode {
    type Err = BadChainCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim();
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=40).contains(&code.len()) && code.bytes().all(allowed) {
            Ok(Self(code.to_owned()))
        } else {
            Err(BadChainCode(text.to_owned()))
        }
    }
}

impl TryFrom<String> for ChainCode {
    type Error = BadChainCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ChainCode> for String {
    fn from(code: ChainCode) -> Self {
        code.0
    }
}
