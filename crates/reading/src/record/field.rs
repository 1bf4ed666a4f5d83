//! Which fields are read of free texts.

use kechuang_domain::{Fact, Library, TextField};

/// A field that is read of free texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadField {
    /// A text of the record.
    Text(TextField),
    /// Whose it is.
    Owner,
    /// A fact of the record.
    Fact(Fact),
}

const CONSTRAINTS: ReadField = ReadField::Text(TextField::Constraints);

const DEMAND: &[ReadField] = &[
    ReadField::TITLE,
    ReadField::Owner,
    ReadField::Fact(Fact::Category),
    ReadField::Fact(Fact::Targets),
    CONSTRAINTS,
    ReadField::Fact(Fact::ExpectedTrl),
    ReadField::Fact(Fact::Deadline),
    ReadField::Fact(Fact::Budget),
    ReadField::Fact(Fact::Cooperation),
];

const ACHIEVEMENT: &[ReadField] = &[
    ReadField::TITLE,
    ReadField::Owner,
    ReadField::Fact(Fact::Stage),
    ReadField::Fact(Fact::Trl),
    ReadField::Fact(Fact::Standing),
    ReadField::Fact(Fact::Year),
    ReadField::Fact(Fact::Measured),
    ReadField::Fact(Fact::AskingPrice),
    ReadField::Fact(Fact::Cooperation),
];

impl ReadField {
    /// What the record is called.
    pub const TITLE: Self = Self::Text(TextField::Title);

    /// The fields that are read for records of `library`.
    #[must_use]
    pub const fn of(library: Library) -> &'static [Self] {
        match library {
            Library::Demand => DEMAND,
            Library::Achievement => ACHIEVEMENT,
            Library::Equipment | Library::Policy => &[],
        }
    }

    /// The field of `library` with this code, if it is read.
    #[must_use]
    pub fn of_code(library: Library, code: &str) -> Option<Self> {
        Self::of(library).iter().copied().find(|field| field.code() == code)
    }

    /// The stable code, as in the API and in import files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text(field) => field.code(),
            Self::Owner => "owner",
            Self::Fact(fact) => fact.code(),
        }
    }

    /// The Chinese name, as on pages and in templates.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Text(field) => field.label(),
            Self::Owner => "单位",
            Self::Fact(fact) => fact.label(),
        }
    }

    /// Whether a text can state several of it.
    #[must_use]
    pub fn is_list(self) -> bool {
        self == CONSTRAINTS || matches!(self, Self::Fact(Fact::Targets | Fact::Measured))
    }

    /// Whether its value is words of the text, rather than what they mean.
    pub(super) const fn is_verbatim(self) -> bool {
        matches!(self, Self::Text(_) | Self::Owner | Self::Fact(Fact::AskingPrice))
    }
}
