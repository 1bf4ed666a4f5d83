//! Figures that are asked for, beside what records say of them.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Basis, Fact, Fulfilment, Quote, Span};

/// A figure that is asked for, beside what a record says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndicatorCheck {
    /// Where it is asked for.
    #[serde(flatten)]
    pub asked_in: AskedIn,
    /// The words that ask for it, verbatim; of a row of a fact, its cells as they are read in one.
    pub asked: String,
    /// Whether it is reached.
    pub fulfilment: Fulfilment,
    /// What the record says of the same, in a text or a fact; `None` where it says nothing.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "basis_or_bare_quote"
    )]
    pub said: Option<Basis>,
}

/// Where a figure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AskedIn {
    /// In the words of a need.
    Need {
        /// Index into the outcome's needs.
        need: usize,
        /// Where the words stand in the source's text.
        at: Span,
    },
    /// In a row of one of the source's facts.
    Fact {
        /// Which fact.
        fact: Fact,
    },
}

/// Runs that were saved when only texts were compared have the quote alone.
fn basis_or_bare_quote<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Basis>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Saved {
        Quote(Quote),
        Basis(Basis),
    }
    Ok(Option::<Saved>::deserialize(input)?.map(|saved| match saved {
        Saved::Quote(quote) => Basis::Text(quote),
        Saved::Basis(basis) => basis,
    }))
}
