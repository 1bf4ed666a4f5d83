//! What goes over the wire: twins of domain types, so that the API can stay as it is when the domain
//! moves.

pub mod assist;
pub mod beside;
pub mod details;
pub mod import;
pub mod indicator;
pub mod level;
pub mod outcome;
pub mod record;
