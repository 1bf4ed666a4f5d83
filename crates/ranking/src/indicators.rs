//! Figures that are asked for, beside what a record says of them.

use kechuang_domain::{Fulfilment, IndicatorCheck, Need, Quote, Span, TextField};
use kechuang_text::{FoundIndicator, Lexicon, indicators, quantity::fulfils};

/// A figure that is asked for, with its words.
pub(crate) struct Asked<'a> {
    need: usize,
    /// Where the words stand in the source's text.
    at: Span,
    words: &'a str,
    found: FoundIndicator,
}

impl<'a> Asked<'a> {
    /// The figures of all needs, in their order.
    pub(crate) fn all(lexicon: &Lexicon, needs: &'a [Need]) -> Vec<Self> {
        let of_need = |(at, need): (usize, &'a Need)| {
            indicators(lexicon, &need.text).into_iter().filter_map(move |found| {
                let words = found.span.of(&need.text)?;
                Some(Self { need: at, at: found.span.shifted(need.span.start), words, found })
            })
        };
        needs.iter().enumerate().flat_map(of_need).collect()
    }
}

/// What a record says of each figure. Where it says several things of one, some of which fulfil it and some of which
/// do not, that is left open: a text that tells how things were before says both.
pub(crate) fn check<'a>(
    lexicon: &Lexicon,
    asked: &[Asked<'_>],
    texts: impl IntoIterator<Item = (TextField, &'a str)>,
) -> Vec<IndicatorCheck> {
    if asked.is_empty() {
        return Vec::new();
    }
    let said: Vec<(TextField, &str, FoundIndicator)> = texts
        .into_iter()
        .flat_map(|(field, text)| {
            indicators(lexicon, text).into_iter().map(move |found| (field, text, found))
        })
        .collect();
    asked.iter().map(|asked| check_one(lexicon, asked, &said)).collect()
}

fn check_one(
    lexicon: &Lexicon,
    asked: &Asked<'_>,
    said: &[(TextField, &str, FoundIndicator)],
) -> IndicatorCheck {
    let mut check = IndicatorCheck {
        need: asked.need,
        asked: asked.words.to_owned(),
        at: asked.at,
        fulfilment: Fulfilment::Unknown,
        said: None,
    };
    for (field, text, found) in said {
        let Some(fulfilment) = fulfils(lexicon, &asked.found.indicator, &found.indicator) else {
            continue;
        };
        match (&check.said, check.fulfilment) {
            (None, _) | (Some(_), Fulfilment::Unknown) if fulfilment != Fulfilment::Unknown => {
                check.said = Quote::cut(*field, text, found.span);
                check.fulfilment = fulfilment;
            }
            (None, _) => check.said = Quote::cut(*field, text, found.span),
            (Some(_), told) if fulfilment != Fulfilment::Unknown && told != fulfilment => {
                check.fulfilment = Fulfilment::Unknown;
                return check;
            }
            _ => {}
        }
    }
    check
}
