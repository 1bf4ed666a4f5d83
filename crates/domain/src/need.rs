//! What a demand needs, piece by piece.

use serde::{Deserialize, Serialize};

use crate::Indicator;

/// A piece of a text: half-open range of UTF-8 byte offsets, always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The piece of `text` that this span names; `None` where it does not lie in `text`.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }

    /// This span as seen from a text in which the spanned text starts `offset` bytes later.
    #[must_use]
    pub const fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }
}

/// What kind of thing a need asks for (after 材料—方法—功效—产品—应用).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// 指标: a measured target.
    Indicator,
    /// 材料: what it is made of or from.
    Material,
    /// 方法: a process, a technique, a design.
    Method,
    /// 功效: an effect to reach or a trouble to remove.
    Effect,
    /// 产品: a thing to be delivered.
    Product,
    /// 应用: where it must work.
    Application,
}

impl NeedKind {
    /// The Chinese name on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Indicator => "指标",
            Self::Material => "材料",
            Self::Method => "方法",
            Self::Effect => "功效",
            Self::Product => "产品",
            Self::Application => "应用",
        }
    }
}

/// One need, with its place in the demand's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// What kind of thing is asked for.
    pub kind: NeedKind,
    /// The words of the demand, verbatim.
    pub text: String,
    /// Where those words stand in the demand's text (see `MatchedSource::text`).
    pub span: Span,
    /// The quantities asked for in these words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<Indicator>,
}
