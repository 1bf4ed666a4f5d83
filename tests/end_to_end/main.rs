//! The product through its own doors: the engine, the site, the program.

mod answers;
mod api;
mod bad_input;
mod beside;
mod crash;
mod exchange;
mod folders;
mod freshness;
mod golden;
mod hidden;
mod imports;
mod index;
mod meaning;
mod measured;
mod pages;
mod places;
mod program;
mod questions;
mod readings;
mod replay;
mod samples;
mod search;
mod sheets;

// The same random records as those of the pure tests.
#[path = "../../crates/ingest/tests/sheet/arbitrary.rs"]
mod arbitrary;
