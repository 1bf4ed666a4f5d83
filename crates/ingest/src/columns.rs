//! Column names: which header means which field of a record.
//!
//! A header is known by its field's code or Chinese name, both from the registries of `domain`, or by a
//! [synonym](SYNONYMS); case, spaces and what stands in brackets do not matter. A source can
//! say otherwise, header by header, with a [`Mapping`].

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use kechuang_domain::{Fact, Library, TextField};
use kechuang_reading::label::{SYNONYMS, fold};
use serde::{Deserialize, Serialize};

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The row's own key.
    Key,
    /// A text of the record.
    Text(TextField),
    /// A fact of the record.
    Fact(Fact),
    /// The owner's name.
    Owner,
    /// Administrative division.
    Region,
    /// Industry chain.
    Chain,
    /// `active`, `closed`, `withdrawn` or `suspect`.
    Status,
    /// Whether the record is demonstration data.
    Sample,
    /// Tiers of fields, as an object.
    Tiers,
    /// Where an exported record was read at first, as an object.
    Provenance,
    /// The name of an exported record's source; taken by a [`Mapping`] that keeps sources.
    SourceName,
    /// What this program wrote into a sheet that it gave back; never read.
    Errors,
    /// Which fields of an exported record a large model has read, for people; never read, 出处 tells it.
    ReadByModel,
}

/// Columns that are neither text nor fact, with their codes and Chinese names.
const OTHERS: [(Column, &str, &str); 11] = [
    (Column::Key, "id", "编号"),
    (Column::Owner, "owner", "单位"),
    (Column::Region, "region", "行政区划"),
    (Column::Chain, "chain", "产业链"),
    (Column::Status, "status", "状态"),
    (Column::Sample, "sample", "示例"),
    (Column::Tiers, "tiers", "可见范围"),
    (Column::Provenance, "provenance", "出处"),
    (Column::SourceName, "source_name", "来源名称"),
    (Column::Errors, "errors", "错误说明"),
    (Column::ReadByModel, "read_by_model", "由大模型读取的栏目"),
];

impl Column {
    /// The column with this code in rows of `library`; facts of other libraries are none of theirs.
    #[must_use]
    pub fn of_code(library: Library, code: &str) -> Option<Self> {
        let other = OTHERS.iter().find(|(_, known, _)| *known == code);
        let text = || code.parse().ok().map(Self::Text);
        let fact = || {
            let fact: Fact = code.parse().ok().or_else(|| Fact::of_json_name(code))?;
            fact.libraries().contains(&library).then_some(Self::Fact(fact))
        };
        other.map(|(column, ..)| *column).or_else(text).or_else(fact)
    }

    /// Whether it is written for people only, and taken from no file.
    #[must_use]
    pub const fn is_written_only(self) -> bool {
        matches!(self, Self::Errors | Self::ReadByModel)
    }

    /// The stable code, as in a [`Mapping`].
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Text(field) => field.code(),
            Self::Fact(fact) => fact.code(),
            other => Self::other(other).map_or("", |(_, code, _)| code),
        }
    }

    /// The Chinese name, as in templates and exports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Text(field) => field.label(),
            Self::Fact(fact) => fact.label(),
            other => Self::other(other).map_or("", |(.., label)| label),
        }
    }

    fn other(column: Self) -> Option<(Self, &'static str, &'static str)> {
        OTHERS.into_iter().find(|(known, ..)| *known == column)
    }

    /// Every column that rows of `library` can have, in the order of a record's page.
    pub fn of(library: Library) -> impl Iterator<Item = Self> {
        let texts = TextField::ALL.iter().copied();
        let texts = texts.filter(move |field| field.libraries().contains(&library)).map(Self::Text);
        let place = [Self::Owner, Self::Region, Self::Chain];
        let rest = [Self::Status, Self::Sample, Self::Tiers, Self::Provenance];
        [Self::Key]
            .into_iter()
            .chain(texts)
            .chain(place)
            .chain(Fact::of(library).map(Self::Fact))
            .chain(rest)
    }
}

/// The field that a header means in rows of `library`, if any.
#[must_use]
pub fn column(library: Library, header: &str) -> Option<Column> {
    let folded = fold(header);
    NAMES.get(&library)?.get(&folded).copied()
}

/// What each folded name means in rows of each library. Long documents ask for every line of theirs.
static NAMES: LazyLock<BTreeMap<Library, HashMap<String, Column>>> =
    LazyLock::new(|| Library::ALL.map(|library| (library, names(library))).into());

/// Of two meanings, the first stands: a code's before a label's before a synonym's.
fn names(library: Library) -> HashMap<String, Column> {
    let mut names = HashMap::new();
    let mut add = |name: &str, column: Option<Column>| {
        if let Some(column) = column.filter(|_| !name.is_empty()) {
            names.entry(name.to_owned()).or_insert(column);
        }
    };
    let texts = TextField::ALL.iter().map(|field| field.code().to_owned());
    let facts = Fact::ALL.iter().flat_map(|fact| [fact.code().to_owned(), fact.json_name()]);
    let others = OTHERS.iter().map(|(_, code, _)| (*code).to_owned());
    for code in others.chain(texts).chain(facts) {
        add(&code, Column::of_code(library, &code));
    }
    for column in Column::of(library) {
        add(&fold(column.label()), Some(column));
    }
    for (code, synonyms) in SYNONYMS {
        for name in *synonyms {
            add(name, Column::of_code(library, code));
        }
    }
    for column in [Column::SourceName, Column::Errors, Column::ReadByModel] {
        add(column.label(), Some(column));
    }
    names
}

/// What a source says about its own headers: the code of the field each means, or nothing for a column
/// that is not taken. Headers that it does not name are understood as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<String, String>);

impl Mapping {
    /// The same, and rows that name the source they were exported from go back there. Only for files
    /// of this program's own: such a row writes over that source's record.
    #[must_use]
    pub fn keeping_sources(mut self) -> Self {
        let column = Column::SourceName;
        self.0.insert(column.label().to_owned(), column.code().to_owned());
        self.0.insert(column.code().to_owned(), column.code().to_owned());
        self
    }

    /// Whether rows go back to the sources that they name.
    #[must_use]
    pub fn keeps_sources(&self) -> bool {
        self.0.values().any(|code| code == Column::SourceName.code())
    }

    /// The field that a header means.
    #[must_use]
    pub fn column(&self, library: Library, header: &str) -> Option<Column> {
        match self.0.get(header.trim()) {
            Some(code) => Column::of_code(library, code),
            None => column(library, header),
        }
    }

    /// Headers whose code names no field of `library`, with that code.
    pub fn mistakes(&self, library: Library) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(move |(_, code)| !code.is_empty() && Column::of_code(library, code).is_none())
            .map(|(header, code)| (header.as_str(), code.as_str()))
    }
}
