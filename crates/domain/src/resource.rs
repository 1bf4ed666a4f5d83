//! Resources that an answer needs before it can be used: a pilot line, an instrument, a laboratory.

use serde::{Deserialize, Serialize};

use crate::{Basis, Fact, Quote, RecordId, Span};

/// Kinds of resources in the equipment library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// 仪器: measures or makes single pieces.
    Instrument,
    /// 中试线: makes by the tonne what a bench made by the gram.
    PilotLine,
    /// 实验室: tests under conditions of its own, with people and qualifications.
    Laboratory,
    /// 算力: computes.
    Computing,
    /// 服务: people who come.
    Service,
}

impl ResourceKind {
    /// All of them, in the order of [`RESOURCE_KINDS`](crate::fact::RESOURCE_KINDS).
    pub const ALL: [Self; 5] =
        [Self::Instrument, Self::PilotLine, Self::Laboratory, Self::Computing, Self::Service];

    /// The stable name in the API and in tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Instrument => "instrument",
            Self::PilotLine => "pilot_line",
            Self::Laboratory => "laboratory",
            Self::Computing => "computing",
            Self::Service => "service",
        }
    }

    /// The Chinese name on pages, as [`Fact::Kind`] has it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Instrument => "仪器",
            Self::PilotLine => "中试线",
            Self::Laboratory => "实验室",
            Self::Computing => "算力",
            Self::Service => "服务",
        }
    }

    /// The kind with this Chinese name.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }

    /// The kind with this stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Why a resource is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceReason {
    /// The text asks for it.
    Asked,
    /// An indicator has to be measured.
    Measured,
    /// The result has not left the laboratory yet.
    Readiness,
}

impl ResourceReason {
    /// The same for a reader.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asked => "原文提出",
            Self::Measured => "指标须测定",
            Self::Readiness => "成熟度尚低，推广前须经中试",
        }
    }
}

/// Who needs a resource, with the words that say so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedBy {
    /// The matched source, in its text.
    Source {
        /// Where, in `MatchedSource::text`.
        span: Span,
        /// The words there.
        text: String,
    },
    /// The matched source, in one of its facts.
    SourceFact {
        /// Which fact.
        fact: Fact,
        /// What it says.
        value: String,
    },
    /// One of the achievements that answer best.
    Achievement {
        /// The record.
        record: RecordId,
        /// The revision that was read.
        revision: i64,
        /// Its title.
        title: String,
        /// What it says.
        basis: Basis,
    },
}

impl AskedBy {
    /// The words themselves.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Source { text, .. } => text.clone(),
            Self::SourceFact { fact, value } => format!("{}：{value}", fact.label()),
            Self::Achievement { basis, .. } => basis.words(),
        }
    }
}

/// One resource that is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceNeed {
    /// What kind of resource.
    pub kind: ResourceKind,
    /// What it is called: the words of the text, or the instrument that measures an indicator.
    pub what: String,
    /// Qualifications its results must have (CMA, CNAS).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<String>,
    /// Why.
    pub reason: ResourceReason,
    /// Who says so, in which words.
    pub asked_by: AskedBy,
}

/// A need that a piece of equipment serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServedNeed {
    /// Index into the outcome's resource needs.
    pub need: usize,
    /// What the equipment's record says to it.
    pub quote: Quote,
    /// The words in common, heaviest first.
    pub shared: Vec<String>,
    /// How well it fits, 0 to 1; compares within one run only.
    pub fit: f64,
}
