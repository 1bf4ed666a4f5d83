//! From a free text to the fields of a demand or an achievement, by rules.
//!
//! [`read_record`] takes what people send: a pasted form, a letter, minutes, a chat message. Each value that it gives
//! carries the words of the text that it was read from; what the text does not state has no value. [`grounded`] holds a
//! value that somebody else has read, such as a large model, to the same: it has to stand in the words that are given
//! for it.
//!
//! What a label names (需求名称：…) comes first. Elsewhere a value is told by the words around it: 300万元 is a budget
//! behind 投入, and none behind 注册资本.

mod chosen;
mod constraint;
mod day;
mod field;
mod figure;
mod grounds;
mod measure;
mod money;
mod owner;
mod passage;
mod same;
mod spoken;
mod state;
mod title;

use kechuang_domain::{Fact, Library, Span};
use kechuang_text::Lexicon;

use self::{
    passage::{Passage, Piece, passages},
    spoken::Spoken,
};

pub use field::ReadField;
pub use grounds::{Grounds, grounded};
pub use same::{ReadBy, is_same_value, together};

/// A value that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadValue {
    /// Of which field. Fields with several values, such as 核心指标, have one of these for each.
    pub field: ReadField,
    /// As a person would fill it in: `300 万元`, `2027-06-30`, `抗拉强度|≥240 MPa`.
    pub value: String,
    /// The words it was read from, in bytes of the text.
    pub quote: Span,
}

/// A value at its place in the text with plain numbers.
struct Said {
    field: ReadField,
    value: String,
    start: usize,
    end: usize,
}

impl Said {
    /// A value that a label's line gives.
    fn of_line(field: ReadField, value: impl Into<String>, passage: &Passage<'_>) -> Self {
        let end = passage.start + passage.text.len();
        Self { field, value: value.into(), start: passage.line_start, end }
    }

    /// A value that a piece of a passage gives.
    fn of_piece(field: ReadField, value: impl Into<String>, piece: Piece<'_>) -> Self {
        Self { field, value: value.into(), start: piece.start, end: piece.end() }
    }
}

/// So many values of one field are read; nobody looks through more.
const LIST_LIMIT: usize = 60;
/// The longest text that is read, in bytes; of a longer one the beginning.
const LIMIT_BYTES: usize = 200_000;

/// Reads a text as a record of `library`, in the order of [`ReadField::of`]; nothing for libraries that are not read of
/// free texts. Takes time in proportion to the text, whatever it is.
#[must_use]
pub fn read_record(lexicon: &Lexicon, library: Library, text: &str) -> Vec<ReadValue> {
    let fields = ReadField::of(library);
    let text = &text[..text.floor_char_boundary(LIMIT_BYTES)];
    let spoken = Spoken::of(lexicon, text);
    let passages = passages(library, &spoken.text);
    let mut said = Vec::new();
    for field in fields.iter().filter(|field| !is_left_blank(**field, &passages)) {
        let found = match field {
            ReadField::Owner => Vec::from_iter(owner::read(library, &passages)),
            ReadField::Text(_) if *field == ReadField::TITLE => {
                Vec::from_iter(title::read(&passages))
            }
            ReadField::Text(_) => constraint::read(&passages),
            ReadField::Fact(fact) => read_fact(lexicon, library, *fact, &passages),
        };
        said.extend(found.into_iter().take(LIST_LIMIT));
    }
    said.into_iter().map(|said| spoken.value(said)).collect()
}

/// Whether a form asks for a field, and nothing was filled in: what stands elsewhere then tells of something else.
fn is_left_blank(field: ReadField, passages: &[Passage<'_>]) -> bool {
    let mut own = passages.iter().filter(|passage| passage.is_of(field)).peekable();
    own.peek().is_some() && own.all(|passage| title::is_blank_mark(passage.text))
}

/// A text with the numbers that it says in words in digits: 百分之三十七 is 37%.
#[must_use]
pub fn in_digits(lexicon: &Lexicon, text: &str) -> String {
    Spoken::of(lexicon, text).text
}

fn read_fact(
    lexicon: &Lexicon,
    library: Library,
    fact: Fact,
    passages: &[Passage<'_>],
) -> Vec<Said> {
    let one = match fact {
        Fact::Targets => return measure::targets(lexicon, passages),
        Fact::Measured => return measure::measured(lexicon, passages),
        Fact::Budget => money::budget(passages),
        Fact::AskingPrice => money::asking_price(passages),
        Fact::Deadline => day::deadline(passages),
        Fact::Year => day::year(passages),
        Fact::Category => chosen::category(passages),
        Fact::Cooperation => chosen::cooperation(passages),
        Fact::ExpectedTrl | Fact::Trl => state::trl(library, passages),
        Fact::Stage => state::stage(passages),
        Fact::Standing => state::standing(passages),
        _ => None,
    };
    one.into_iter().collect()
}
