//! The learned order: what a linear model makes of a list's features.
//!
//! A feature says one thing of a candidate beside a source, such as the share of the title's words that the
//! source says. What a feature's value means differs from demand to demand, so that each is standardised within
//! its list before it is weighed. The weights are data and say what they were fitted on.
//!
//! Only records that have nothing but a title are put in a learned order, among themselves: the judged ones that the
//! weights come from have nothing else. With weights of titles, records with texts were found worse than by their
//! fused scores (README); those keep them.

pub mod feature;
pub mod features;
pub mod rule;

mod bag;
mod nearness;

pub use feature::{Feature, FeatureGroup};
pub use features::{Features, Rarity, ReadTitle, SourceSide, TermVectors, features};
pub use rule::{FittedOn, LearnedRule, standardised};
