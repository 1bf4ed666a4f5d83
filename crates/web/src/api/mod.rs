//! The JSON API: parse, ask the engine, answer.

pub mod health;
pub mod matches;
pub mod records;
pub mod search;
