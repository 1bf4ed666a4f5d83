//! What a model is shown of a demand and of its answers.
//!
//! Of a record: its title, and the sentences that have to do with a need, without what speaks to the model. An order to a
//! model hardly has to do with a need, for whoever wrote it did not know the demand.

use kechuang_domain::{Quote, Span, TextField};
use kechuang_matching::{Head, HeadRecord};
use kechuang_text::{Lexicon, sentences};
use serde_json::{Value, json};

use crate::guard::guard;

/// So many characters of a demand are shown, and of each record: enough for what people write, and little enough that
/// ten of them fit the context of any model in use.
const DEMAND_CHARS: usize = 1_500;
const RECORD_CHARS: usize = 700;
/// A longer one is no quote, and a shorter one says nothing.
const MOST_QUOTE_CHARS: usize = 120;
pub(crate) const LEAST_QUOTE_CHARS: usize = 4;

/// A record as it is shown.
pub(crate) struct Shown<'a> {
    pub(crate) record: &'a HeadRecord,
    /// Its texts without what is not shown.
    texts: Vec<(TextField, String)>,
}

impl<'a> Shown<'a> {
    /// The records of a head, and how many of their sentences speak to the model.
    pub(crate) fn all(lexicon: &Lexicon, head: &'a Head) -> (Vec<Self>, usize) {
        let mut withheld = 0;
        let mut shown = |record: &'a HeadRecord| {
            let mut left = RECORD_CHARS;
            let of_text = |(field, text): &(TextField, String)| {
                let kept = if *field == TextField::Title {
                    first_sentence(text).to_owned()
                } else {
                    let related = record.related.iter().filter(|(of, _)| of == field);
                    related.filter_map(|(_, span)| span.of(text)).collect::<Vec<_>>().join("…")
                };
                let kept = first_chars(&kept, left);
                left -= kept.chars().count();
                let guarded = guard(lexicon, kept);
                withheld += guarded.withheld;
                (*field, guarded.text)
            };
            Shown { record, texts: record.texts.iter().map(of_text).collect() }
        };
        (head.candidates.iter().map(&mut shown).collect(), withheld)
    }

    /// A quote at its place in the record; `None` where it says nothing, or stands nowhere in what was shown.
    pub(crate) fn quote(&self, quote: &str) -> Option<Quote> {
        if !(LEAST_QUOTE_CHARS..=MOST_QUOTE_CHARS).contains(&quote.chars().count()) {
            return None;
        }
        self.record.texts.iter().zip(&self.texts).find_map(|((field, text), (_, shown))| {
            let start = text.find(quote).filter(|_| shown.contains(quote))?;
            Quote::cut(*field, text, Span { start, end: start + quote.len() })
        })
    }
}

/// A title is one sentence; what follows it is none.
fn first_sentence(title: &str) -> &str {
    sentences(title).first().and_then(|first| first.of(title)).unwrap_or(title)
}

/// The texts of a record, by the names of their fields. A string of JSON ends where JSON says so: no text can step out
/// of it.
pub(crate) fn texts(record: &Shown<'_>) -> Value {
    let texts = record.texts.iter().filter(|(_, text)| !text.is_empty());
    texts.map(|(field, text)| json!({ "栏目": field.label(), "内容": text })).collect()
}

/// The demand, its needs as far as they fit.
pub(crate) fn demand(head: &Head) -> Value {
    let mut left = DEMAND_CHARS;
    let needs = head.needs.iter().map_while(|need| {
        left = left.checked_sub(need.text.chars().count())?;
        Some(need.text.as_str())
    });
    json!({
        "标题": head.source.title,
        "内容": first_chars(&head.source.text, DEMAND_CHARS),
        "要求": needs.collect::<Vec<_>>(),
    })
}

pub(crate) fn first_chars(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// An answer without the marks that some models put around code.
pub(crate) fn without_fence(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_prefix("```json").or_else(|| text.strip_prefix("```"));
    inside.and_then(|inside| inside.strip_suffix("```")).unwrap_or(text).trim()
}
