//! The four libraries.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Which of the four libraries a record lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Library {
    /// 成果库: research results that answer.
    Achievement,
    /// 需求库: technical demands that ask.
    Demand,
    /// 设备库: instruments, pilot lines, laboratories, computing, services.
    Equipment,
    /// 政策库: policies with their conditions and support.
    Policy,
}

impl Library {
    /// All four, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Achievement, Self::Demand, Self::Equipment, Self::Policy];

    /// The stable name in the API, the store and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Achievement => "achievement",
            Self::Demand => "demand",
            Self::Equipment => "equipment",
            Self::Policy => "policy",
        }
    }

    /// The Chinese name of the library.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Achievement => "成果库",
            Self::Demand => "需求库",
            Self::Equipment => "设备库",
            Self::Policy => "政策库",
        }
    }

    /// What the public numbers of its records begin with.
    #[must_use]
    pub const fn number_prefix(self) -> &'static str {
        match self {
            Self::Achievement => "CG",
            Self::Demand => "XQ",
            Self::Equipment => "SB",
            Self::Policy => "ZC",
        }
    }

    /// The library and the number of a record that people call so: `CG-000012`, in any case.
    #[must_use]
    pub fn of_public_number(text: &str) -> Option<(Self, i64)> {
        let (prefix, digits) = text.trim().split_once('-')?;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let library =
            Self::ALL.into_iter().find(|one| one.number_prefix().eq_ignore_ascii_case(prefix))?;
        Some((library, digits.parse().ok().filter(|_| is_number)?))
    }

    /// What one record of the library is called on a page.
    #[must_use]
    pub const fn record_label(self) -> &'static str {
        match self {
            Self::Achievement => "成果",
            Self::Demand => "需求",
            Self::Equipment => "设备",
            Self::Policy => "政策",
        }
    }
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text names none of the four libraries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "没有名为「{0}」的库；可用：achievement（成果）、demand（需求）、equipment（设备）、policy（政策）"
)]
pub struct UnknownLibrary(pub String);

impl FromStr for Library {
    type Err = UnknownLibrary;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|library| library.code() == text.trim())
            .ok_or_else(|| UnknownLibrary(text.to_owned()))
    }
}
