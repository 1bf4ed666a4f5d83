//! Sheets that go out: templates to fill in, filled sheets given back with what is wrong in them, and
//! exports. What goes out comes back in: an exported library is imported to equal records.
//!
//! How a text stands in a cell of an export is [`cell`]'s; [`exchange`] reads it back.

mod cell;
mod choice;
mod errors;
mod example;
mod exchange;
mod export;
mod header;
mod hints;
mod template;

pub use errors::{errors_ending, with_errors};
pub use example::is_example_row;
pub use export::{ExportFormat, Reach, UnknownExportFormat, export};
pub use template::{Choices, template};

pub(crate) use choice::code_of;
pub(crate) use example::{claims_to_be_example, is_example};
pub(crate) use exchange::{is_export, is_exported, restored};
