//! The large model as assistant: what it is asked, and how its answers are checked and bounded.
//!
//! Every answer of the product exists without it. [`Assistant`] asks a model within caps of tokens and asks nothing twice;
//! [`read`](read::read) has a free text read into fields, [`clarify`](clarify::clarify) proposes what to ask back, [`judge`](judge::judge) the head of a list judged,
//! [`explain`](explain::explain) its first records explained. A text of the libraries is data and never an instruction: it
//! goes to the model as a string of a JSON document, and what comes back has a fixed form, of which ids, levels and
//! quotes are kept that stand in what was shown.
//!
//! Knows: what models are asked, how an answer is checked.
//! Must not know: HTTP servers, SQL, which server the model runs on.

mod ask;
pub mod clarify;
pub mod explain;
pub mod guard;
pub mod judge;
pub mod read;
mod refine;
mod shown;

pub use ask::{AskError, Asked, Assistant, AssistantSettings, Caller, Listener, Log, Price};
pub use refine::{RefinedRun, refine_one};
