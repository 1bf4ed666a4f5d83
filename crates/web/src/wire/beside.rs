//! What stands beside the achievements, as JSON: resource needs, served needs, eligibility.

use kechuang_domain::{AskedBy, Basis, ClauseQuote, EligibilityCheck, ResourceNeed, ServedNeed};
use serde::Serialize;
use utoipa::ToSchema;

/// A resource that the demand or one of its best achievements needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResourceNeed)]
pub struct ResourceNeedWire {
    /// `instrument`, `pilot_line`, `laboratory`, `computing` or `service`.
    pub kind: &'static str,
    /// What it is called.
    pub what: String,
    /// Qualifications that its reports must carry, such as CMA.
    pub qualifications: Vec<String>,
    /// `asked`, `measured` or `readiness`.
    #[schema(value_type = String)]
    pub reason: kechuang_domain::ResourceReason,
    /// The words that say so.
    pub quote: String,
    /// Where they begin in the source's text, in UTF-8 bytes; absent where they stand elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// Where they end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    /// The achievement that needs it; absent where the demand does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<String>,
    /// What of the achievement says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<BasisWire>,
    /// Whether nothing in the library serves it.
    pub unmet: bool,
}

/// A need that a piece of equipment serves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServedNeed)]
pub struct ServedNeedWire {
    /// Index into `resource_needs`.
    pub need: usize,
    /// The quoted field of the equipment.
    pub field: &'static str,
    /// Verbatim words of that field.
    pub quote: String,
    /// Where they begin in the field, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Words in common, heaviest first.
    pub shared: Vec<String>,
    /// How well it fits, 0 to 1; compares within one run only.
    pub fit: f64,
}

/// One point of a policy's eligibility. A policy with a failed one is not among the answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EligibilityCheck)]
pub struct EligibilityWire {
    /// `validity`, `region`, `chain`, `audience`, `industry`, `size`, `qualification`, `window` or
    /// `condition`.
    #[schema(value_type = String)]
    pub check: kechuang_domain::CheckKind,
    /// `pass` or `unknown` (待核实).
    #[schema(value_type = String)]
    pub verdict: kechuang_domain::Verdict,
    /// What was found, or what has to be looked at, in Chinese.
    pub message: String,
    /// What the policy says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<BasisWire>,
}

/// What a check or a need rests on: words of a text, or a fact.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Basis)]
pub struct BasisWire {
    /// The field or fact, or `region` or `chain`.
    pub field: &'static str,
    /// Its words or its value.
    pub quote: String,
    /// Where the words begin in the field, in UTF-8 bytes; absent for a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// Where they end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

/// What a policy grants for this demand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClauseQuote)]
pub struct ClauseWire {
    /// The clause's number as written; empty where the policy is not split into clauses.
    pub clause: String,
    /// Its heading.
    pub title: String,
    /// The quoted field.
    pub field: &'static str,
    /// Verbatim words of that field.
    pub quote: String,
    /// Where they begin in the field, in UTF-8 bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// The most it grants, in 万元.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap_wan: Option<f64>,
    /// First day to apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_from: Option<String>,
    /// Last day to apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_until: Option<String>,
}

impl ResourceNeedWire {
    /// A need, with whether anything serves it.
    #[must_use]
    pub fn new(need: ResourceNeed, unmet: bool) -> Self {
        let quote = need.asked_by.words();
        let (span, achievement, basis) = match need.asked_by {
            AskedBy::Source { span, .. } => (Some(span), None, None),
            AskedBy::SourceFact { .. } => (None, None, None),
            AskedBy::Achievement { record, basis, .. } => {
                (None, Some(record.to_string()), Some(basis.into()))
            }
        };
        Self {
            kind: need.kind.code(),
            what: need.what,
            qualifications: need.qualifications,
            reason: need.reason,
            quote,
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
            achievement,
            basis,
            unmet,
        }
    }
}

impl From<ServedNeed> for ServedNeedWire {
    fn from(served: ServedNeed) -> Self {
        Self {
            need: served.need,
            field: served.quote.field.code(),
            quote: served.quote.text().to_owned(),
            start: served.quote.span.start,
            end: served.quote.span.end,
            shared: served.shared,
            fit: served.fit,
        }
    }
}

impl From<EligibilityCheck> for EligibilityWire {
    fn from(check: EligibilityCheck) -> Self {
        Self {
            check: check.check,
            verdict: check.verdict,
            message: check.message,
            basis: check.basis.map(BasisWire::from),
        }
    }
}

impl From<Basis> for BasisWire {
    fn from(basis: Basis) -> Self {
        let plain = |field, quote| Self { field, quote, start: None, end: None };
        match basis {
            Basis::Text(quote) => {
                let (start, end) = (quote.span.start, quote.span.end);
                Self {
                    field: quote.field.code(),
                    quote: quote.text().to_owned(),
                    start: Some(start),
                    end: Some(end),
                }
            }
            Basis::Fact { fact, value } => plain(fact.code(), value),
            Basis::Region(region) => plain("region", region.to_string()),
            Basis::Chain(chain) => plain("chain", chain.into()),
        }
    }
}

impl From<ClauseQuote> for ClauseWire {
    fn from(clause: ClauseQuote) -> Self {
        Self {
            field: clause.quote.field.code(),
            quote: clause.quote.text().to_owned(),
            start: clause.quote.span.start,
            end: clause.quote.span.end,
            cap_wan: clause.cap.map(kechuang_domain::Money::wan_yuan),
            window_from: clause.window_from.map(|day| day.to_string()),
            window_until: clause.window_until.map(|day| day.to_string()),
            clause: clause.clause,
            title: clause.title,
        }
    }
}
