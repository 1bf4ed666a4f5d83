//! Figures that are asked for, beside what a record says of them, in its texts or in its 指标明细.

use std::borrow::Cow;

use kechuang_domain::{
    AskedIn, Basis, Fact, Fulfilment, Indicator, IndicatorCheck, Need, Quote, Span, TextField,
    fact::MeasuredIndicator,
};
use kechuang_text::{
    Lexicon, indicators,
    quantity::{fulfils, indicator_of_row},
};

use crate::record_text::RecordText;

/// A figure that is asked for, with its words.
pub(crate) struct Asked<'a> {
    asked_in: AskedIn,
    words: Cow<'a, str>,
    indicator: Indicator,
}

impl<'a> Asked<'a> {
    /// The figures of all needs, in their order, then those of the demand's 核心指标 that no need asks for.
    pub(crate) fn all(
        lexicon: &Lexicon,
        needs: &'a [Need],
        targets: &[MeasuredIndicator],
    ) -> Vec<Self> {
        let of_need = |(need, of): (usize, &'a Need)| {
            indicators(lexicon, &of.text).into_iter().filter_map(move |found| {
                let words = Cow::Borrowed(found.span.of(&of.text)?);
                let at = found.span.shifted(of.span.start);
                let asked_in = AskedIn::Need { need, at };
                Some(Self { asked_in, words, indicator: found.indicator })
            })
        };
        let mut all: Vec<Self> = needs.iter().enumerate().flat_map(of_need).collect();
        for row in targets {
            let Some(indicator) = read_row(lexicon, row) else { continue };
            let is_same = |asked: &Self| {
                let Indicator { name, comparison, quantity, .. } = &asked.indicator;
                (name, *comparison, quantity)
                    == (&indicator.name, indicator.comparison, &indicator.quantity)
            };
            if !all.iter().any(is_same) {
                let asked_in = AskedIn::Fact { fact: Fact::Targets };
                all.push(Self { asked_in, words: Cow::Owned(row.words()), indicator });
            }
        }
        all
    }
}

fn read_row(lexicon: &Lexicon, row: &MeasuredIndicator) -> Option<Indicator> {
    let MeasuredIndicator { indicator, stated, condition } = row;
    indicator_of_row(lexicon, indicator, stated, condition)
}

/// A figure that a record gives, and where.
struct Said<'a> {
    given: Given<'a>,
    indicator: Indicator,
}

enum Given<'a> {
    Text(TextField, &'a str, Span),
    Row(&'a MeasuredIndicator),
}

impl Given<'_> {
    fn basis(&self) -> Option<Basis> {
        match self {
            Self::Text(field, text, span) => Quote::cut(*field, text, *span).map(Basis::Text),
            Self::Row(row) => Some(Basis::Fact { fact: Fact::Measured, value: row.words() }),
        }
    }
}

/// What a record says of each figure. Where it says several things of one, some of which fulfil it and some of which
/// do not, that is left open: a text that tells how things were before says both.
pub(crate) fn check(
    lexicon: &Lexicon,
    asked: &[Asked<'_>],
    record: &RecordText<'_>,
) -> Vec<IndicatorCheck> {
    if asked.is_empty() {
        return Vec::new();
    }
    let of_text = |(field, text): &(TextField, _)| {
        let (field, text) = (*field, *text);
        indicators(lexicon, text).into_iter().map(move |found| Said {
            given: Given::Text(field, text, found.span),
            indicator: found.indicator,
        })
    };
    let of_row = |row| Some(Said { given: Given::Row(row), indicator: read_row(lexicon, row)? });
    let in_texts = record.texts.iter().flat_map(of_text);
    let said: Vec<Said<'_>> = in_texts.chain(record.measured.iter().filter_map(of_row)).collect();
    asked.iter().map(|asked| check_one(lexicon, asked, &said)).collect()
}

fn check_one(lexicon: &Lexicon, asked: &Asked<'_>, said: &[Said<'_>]) -> IndicatorCheck {
    let mut check = IndicatorCheck {
        asked_in: asked.asked_in,
        asked: asked.words.clone().into_owned(),
        fulfilment: Fulfilment::Unknown,
        said: None,
    };
    for Said { given, indicator } in said {
        let Some(fulfilment) = fulfils(lexicon, &asked.indicator, indicator) else { continue };
        match (&check.said, check.fulfilment) {
            (None, _) | (Some(_), Fulfilment::Unknown) if fulfilment != Fulfilment::Unknown => {
                check.said = given.basis();
                check.fulfilment = fulfilment;
            }
            (None, _) => check.said = given.basis(),
            (Some(_), told) if fulfilment != Fulfilment::Unknown && told != fulfilment => {
                check.fulfilment = Fulfilment::Unknown;
                return check;
            }
            _ => {}
        }
    }
    check
}
