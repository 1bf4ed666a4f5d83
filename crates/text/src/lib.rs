//! Chinese technical text, cut into what search and reading work with.
//!
//! [`normalise()`] folds width, compatibility forms and traditional characters while it remembers where
//! everything stood; [`analyse`] cuts words and grams; [`sentences`] cuts sentences; [`indicators`]
//! finds 抗拉强度≥310MPa and [`quantity::fulfils`] compares it; [`query_terms`] chooses what of a long demand is worth asking for; [`near`]
//! tells which records say the same; [`Chains::classify`] says where in which industry chain a text
//! belongs. Every [`Span`](kechuang_domain::Span) that is given out counts bytes of the source text.
//!
//! Knows: how Chinese technical text is written, through a [`Lexicon`] that is handed in.
//! Must not know: where the lexicon comes from, records, indexes, models.
//!
//! All of it takes time in proportion to the text, also for text made to be awkward.

pub mod chains;

pub mod lexicon;
pub mod near;
pub mod normalise;
pub mod quantity;
pub mod query;
pub mod segment;
pub mod sentence;
mod tex;
pub mod unit;

pub use chains::{ChainTerm, Chains, StageMatch};

pub use lexicon::{Lexicon, LexiconError, LexiconSources};
pub use normalise::{Normalised, normalise};
pub use quantity::{FoundIndicator, indicator_of_row, indicators};
pub use query::{QueryTerm, TermRule, query_terms};
pub use segment::{Analysis, Token, analyse, words};
pub use sentence::sentences;
pub use unit::{Unit, is_measure, to_base};
