//! The JSON API: parse, ask the engine, answer.

pub mod assist;
pub mod duplicates;
pub mod health;
pub mod imports;
pub mod matches;
pub mod notices;
pub mod questions;
pub mod readings;
pub mod records;
pub mod search;
pub mod sheets;
