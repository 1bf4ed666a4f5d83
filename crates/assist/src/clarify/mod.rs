//! Having a model propose what to ask whoever poses a vague demand.
//!
//! It words questions about what the demand lacks, with the words of the demand that they are about, and names options
//! that stand in titles of the first answers. Whether a choice among them changes the answers is found out by the engine,
//! not by the model.

mod answer;
mod prompt;

use kechuang_domain::{Question, Timestamp};
use kechuang_matching::questions::QuestionContext;
use kechuang_text::Lexicon;

use self::prompt::prompt;
use crate::{AskError, Assistant, Caller};

/// What a model proposes to ask.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proposed {
    /// What is left of it.
    pub questions: Vec<Question>,
    /// Questions that were taken out: they are about nothing that is there.
    pub removed: usize,
}

/// Has questions proposed.
///
/// # Errors
/// [`AskError`] where there is no answer of use.
pub async fn clarify(
    assistant: &Assistant,
    lexicon: &Lexicon,
    caller: &Caller,
    context: &QuestionContext,
    now: Timestamp,
) -> Result<Proposed, AskError> {
    let prompt = prompt(lexicon, context);
    let asked = assistant.ask(caller, "ask", &prompt, now).await?;
    match answer::read(lexicon, context, &asked.text) {
        Ok(proposed) => {
            assistant.note_removed(proposed.removed);
            Ok(proposed)
        }
        Err(why) => Err(assistant.reject(&prompt, why).await),
    }
}
