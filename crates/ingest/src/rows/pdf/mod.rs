//! Text of PDF files, taken out by a process of its own.
//!
//! The format invites bombs and parsers of it have had every fault there is. So the parser runs in a
//! child ([`child_main`]) that gives away, before it reads a byte, the right to more memory, to a file,
//! a socket or a process; the parent ([`PdfReader`]) has a clock and reads a bounded answer.

mod child;
mod extract;
mod font;
mod layout;
mod matrix;
mod parent;

use serde::{Deserialize, Serialize};

pub use child::child_main;
pub use extract::extract;
pub use parent::PdfReader;

/// The largest PDF.
pub const PDF_LIMIT_BYTES: usize = 48 << 20;

/// The text of a PDF.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfText {
    /// All pages, one paragraph a line.
    pub text: String,
    /// Where each page begins in the text, in bytes.
    pub pages: Vec<usize>,
}

/// What the child says to its parent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Text(PdfText),
    /// Why not, in Chinese.
    Refused(String),
}
