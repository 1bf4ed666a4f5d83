//! Sheets that go out, and what comes back of them.

mod arbitrary;
mod exports;
mod returned;
mod support;
mod templates;
