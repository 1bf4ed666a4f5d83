//! From texts as firms and offices write them to what they say, by rules.
//!
//! [`read_demand`] finds the title, the parts under headings (需求内容, 预期目标, 工作基础 …) and, in the
//! parts that ask for something, the single needs: numbered clauses, sentences and indicator phrases.
//! Every need is a verbatim slice of the text with its place. [`read_resources`] finds the pilot lines,
//! instruments, laboratories and computing that a text asks for, by [`ResourceCues`]; [`junk()`] tells
//! what is no record at all.
//!
//! [`title_and_body`] parts the title of a document from its words; [`read_policy`] reads a policy as
//! published into its fields and clauses.
//!
//! Knows: how demands are laid out, through [`Headings`] that are handed in; how policies are.
//! Must not know: models, files, records.

pub mod clause;
pub mod cue;
pub mod document;
pub mod heading;
pub mod junk;
pub mod kind;
pub mod label;
mod notation;
pub mod policy;
pub mod record;
pub mod resources;

use kechuang_domain::{Need, Span};
use kechuang_text::{Lexicon, indicators};

pub use cue::{ResourceCues, ResourceCuesError};
pub use document::title_and_body;
pub use heading::{Headings, HeadingsError, Part, PartRole};
pub use junk::{Junk, junk};
pub use policy::{PolicyReading, Standing, read_policy, standing};
pub use resources::{FoundResource, Voice, read_measures, read_resources};

/// Needs read from one text at most; further ones would only repeat.
const NEED_LIMIT: usize = 24;
/// The longest first line that is taken for a title, in characters.
const TITLE_LIMIT_CHARS: usize = 60;

/// A text with what was understood of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The line that names the demand; empty where the text begins at once.
    pub title: Span,
    /// The parts under headings, in order.
    pub parts: Vec<Part>,
    /// What is needed, in order; never empty for a text with words.
    pub needs: Vec<Need>,
}

/// Reads a demand.
#[must_use]
pub fn read_demand(lexicon: &Lexicon, headings: &Headings, text: &str) -> Reading {
    let title = title(text);
    let parts = heading::parts(lexicon, headings, text, title.end);
    let mut needs = Vec::new();
    for part in parts.iter().filter(|part| part.role != PartRole::Background) {
        for span in clause::clauses(lexicon, text, part) {
            if needs.len() < NEED_LIMIT {
                needs.extend(need(lexicon, text, span));
            }
        }
    }
    if needs.is_empty() {
        let whole = if title.end > title.start { title } else { clause::first(text) };
        needs.extend(need(lexicon, text, whole));
    }
    Reading { title, parts, needs }
}

/// The first line, where it has words, is short and no sentence, and something follows it.
fn title(text: &str) -> Span {
    let none = Span { start: 0, end: 0 };
    let Some((line, rest)) = text.split_once('\n') else { return none };
    let trimmed = line.trim();
    let is_title = trimmed.chars().any(char::is_alphanumeric)
        && !rest.trim().is_empty()
        && trimmed.chars().take(TITLE_LIMIT_CHARS + 1).count() <= TITLE_LIMIT_CHARS
        && !trimmed.ends_with(['。', '；', ';', '：', ':']);
    let start = line.len() - line.trim_start().len();
    if is_title { Span { start, end: start + trimmed.len() } } else { none }
}

fn need(lexicon: &Lexicon, text: &str, span: Span) -> Option<Need> {
    let words = span.of(text).filter(|words| words.chars().any(char::is_alphanumeric))?;
    let indicators: Vec<_> =
        indicators(lexicon, words).into_iter().map(|found| found.indicator).collect();
    let kind = kind::kind_of(words, &indicators);
    Some(Need { kind, text: words.to_owned(), span, indicators })
}
