//! Having a free text read into the fields of a record.
//!
//! A value is kept where the words that the model gives for it stand verbatim in the text and say it, by the same rules
//! that read such words without a model. Everything else is taken out and counted. So a text that tells a model what to
//! answer can only have it choose among what the text states; nothing of it is left out beforehand.

mod answer;
mod prompt;

use kechuang_domain::{Library, Timestamp};
use kechuang_inference::generative::Usage;
use kechuang_reading::record::{ReadField, ReadValue};
use kechuang_text::Lexicon;

use self::prompt::prompt;
use crate::{AskError, Assistant, Caller};

/// So much of a text is shown, in characters: a form of several pages, and little enough for any model in use.
const TEXT_CHARS: usize = 6_000;

/// So many values are asked for and looked at; what follows is counted as taken out.
const MOST_VALUES: usize = 60;

/// What a model has read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelReading {
    /// What the text says, in the order of its fields.
    pub values: Vec<ReadValue>,
    /// Values that were taken out: their words stand nowhere, or do not say them.
    pub removed: usize,
    /// Whether the text was longer than what was shown.
    pub is_cut: bool,
    /// What it cost.
    pub usage: Usage,
}

/// Has a text read as a record of `library`. Libraries that are not read of free texts cost nothing and give nothing.
///
/// # Errors
/// [`AskError`] where it could not be read.
pub async fn read(
    assistant: &Assistant,
    lexicon: &Lexicon,
    caller: &Caller,
    library: Library,
    text: &str,
    now: Timestamp,
) -> Result<ModelReading, AskError> {
    if ReadField::of(library).is_empty() || text.trim().is_empty() {
        return Ok(ModelReading::default());
    }
    let shown = text.char_indices().nth(TEXT_CHARS).map_or(text, |(end, _)| &text[..end]);
    let prompt = prompt(library, shown);
    let asked = assistant.ask(caller, "read", &prompt, now).await?;
    match answer::read(lexicon, library, shown, &asked.text) {
        Ok((values, removed)) => {
            assistant.note_removed(removed);
            let is_cut = shown.len() < text.len();
            Ok(ModelReading { values, removed, is_cut, usage: asked.usage })
        }
        Err(why) => Err(assistant.reject(&prompt, why).await),
    }
}
