//! The JSON API and the Chinese pages.
//!
//! [`app`] makes the router over a [`Service`]; [`serve`] runs it until it is told to stop. Handlers
//! read a request into domain types, call the engine, and show its answer; every refusal is a
//! [`Problem`](kechuang_domain::Problem), as problem+json on the API and as a page elsewhere.
//!
//! Knows: HTTP, addresses, HTML, which code is which status.
//! Must not know: SQL, tantivy, models, file formats (it hands bytes on), how anything is ranked.

pub mod access;
pub mod api;
pub mod download;
mod encode;
pub mod extract;
pub mod large_model;
pub mod limit;
pub mod names;
pub mod pages;
pub mod problem;
pub mod router;
pub mod service;
pub mod upload;
pub mod wire;

pub use large_model::{Asking, LargeModel, ModelAnswer};
pub use names::Names;
pub use router::{app, openapi, serve};
pub use service::{Service, Settings};
