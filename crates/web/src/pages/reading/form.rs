//! The fields of a reading as a form has them.

use std::collections::BTreeMap;

use kechuang_domain::{Library, Place, Problem, ProblemCode, TextField, Tier};
use kechuang_ingest::read::places_of;
use kechuang_matching::Engine;
use kechuang_reading::record::{
    Grounds, ReadBy, ReadField, ReadValue, grounded, is_same_value, read_record, together,
};
use sha2::{Digest, Sha256};

use crate::{
    api::readings::library_of,
    wire::{
        details::DetailsWire,
        record::{RecordInput, TextWire},
    },
};

/// So many values of one field are looked up in the text.
const LOOKED_UP: usize = 60;
/// The longest name of a model, in characters.
const MODEL_CHARS: usize = 100;

/// One field: what stands in its box, and what was read of it.
pub(super) struct Line {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    pub(super) is_list: bool,
    pub(super) is_required: bool,
    pub(super) value: String,
    pub(super) found: Vec<Found>,
}

/// A value that was read, with its words.
pub(super) struct Found {
    pub(super) value: String,
    pub(super) quote: String,
    pub(super) by: ReadBy,
    /// Whether it is what stands in the box.
    pub(super) is_taken: bool,
}

impl Found {
    pub(super) const fn is_of_model(&self) -> bool {
        matches!(self.by, ReadBy::Second)
    }

    pub(super) const fn is_of_both(&self) -> bool {
        matches!(self.by, ReadBy::Both)
    }
}

/// The fields of a library with what was read of them. Of a field with one value the rules' stands in the box, which
/// have told where it stands; the model's beside it.
pub(super) fn lines(library: Library, text: &str, values: &[(ReadValue, ReadBy)]) -> Vec<Line> {
    let line = |field: &ReadField| {
        let of_field = values.iter().filter(|(read, _)| read.field == *field);
        let found: Vec<Found> = of_field
            .enumerate()
            .map(|(at, (read, by))| Found {
                value: read.value.clone(),
                quote: read.quote.of(text).unwrap_or_default().to_owned(),
                by: *by,
                is_taken: at == 0 || field.is_list(),
            })
            .collect();
        let taken = found.iter().filter(|found| found.is_taken).map(|found| found.value.as_str());
        Line { value: taken.collect::<Vec<_>>().join("\n"), found, ..Line::of(*field) }
    };
    ReadField::of(library).iter().map(line).collect()
}

impl Line {
    fn of(field: ReadField) -> Self {
        Self {
            code: field.code(),
            label: field.label(),
            is_list: field.is_list(),
            is_required: field == ReadField::TITLE || field == ReadField::Owner,
            value: String::new(),
            found: Vec::new(),
        }
    }
}

/// What the form says.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) library: Library,
    pub(super) text: String,
    pub(super) is_assisted: bool,
    /// What stands in the boxes.
    values: BTreeMap<ReadField, String>,
    /// Values of the model with their words, as they were shown.
    modelled: Vec<(ReadField, String, String)>,
    pub(super) model: String,
    /// Whether another library is chosen now than the text was read for.
    is_other: bool,
    /// Who may see the text itself.
    pub(super) tier: Tier,
}

/// So many digits are a telephone number, blanks and dashes between them.
const PHONE_DIGITS: usize = 7;

/// Who may see a text unless somebody says otherwise: one with a telephone number or an address names people.
pub(super) fn usual_tier(text: &str) -> Tier {
    let mut digits = 0;
    let has_phone = text.chars().any(|c| {
        digits = match c {
            '0'..='9' | '０'..='９' => digits + 1,
            '-' | '－' | ' ' | '\u{3000}' => digits,
            _ => 0,
        };
        digits >= PHONE_DIGITS
    });
    if has_phone || text.contains(['@', '＠']) { Tier::Agreement } else { Tier::Public }
}

impl Entered {
    /// Reads the pairs of a form.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidField`] for a library that is not read.
    pub(super) fn of(pairs: &[(String, String)]) -> Result<Self, Problem> {
        // Browsers send line ends of their own.
        let pairs: Vec<(&str, String)> =
            pairs.iter().map(|(name, said)| (name.as_str(), said.replace("\r\n", "\n"))).collect();
        let said = |name: &str| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, said)| said.as_str())
        };
        let asked = said("library").unwrap_or_default();
        // What stands in the boxes was read for this one.
        let library = library_of(said("read_as").unwrap_or(asked))?;
        let mut values = BTreeMap::new();
        let mut modelled = Vec::new();
        for (name, said) in &pairs {
            if let Some(field) = name.strip_prefix("value.") {
                let field = ReadField::of_code(library, field);
                values.extend(field.map(|field| (field, said.trim().to_owned())));
            } else if let Some(field) = name.strip_prefix("model.") {
                let field = ReadField::of_code(library, field);
                let value = said.split_once('\n');
                modelled.extend(field.zip(value).map(|(field, (value, quote))| {
                    (field, value.trim().to_owned(), quote.trim().to_owned())
                }));
            }
        }
        let text = said("text").unwrap_or_default().to_owned();
        let tier =
            said("tier").and_then(|tier| Tier::ALL.into_iter().find(|one| one.code() == tier));
        let tier = tier.unwrap_or_else(|| usual_tier(&text));
        Ok(Self {
            library,
            tier,
            text,
            is_assisted: said("assist").is_some(),
            values,
            modelled,
            is_other: asked != library.code(),
            model: said("model_name").unwrap_or_default().chars().take(MODEL_CHARS).collect(),
        })
    }

    /// The form again, with what was typed beside what was read.
    pub(super) fn lines(&self, engine: &Engine) -> Vec<Line> {
        let mut lines = lines(self.library, &self.text, &self.read(engine));
        for line in &mut lines {
            let typed = ReadField::of_code(self.library, line.code)
                .and_then(|field| self.values.get(&field).cloned());
            line.value = typed.unwrap_or_default();
            for found in &mut line.found {
                found.is_taken = line.value.lines().any(|typed| typed.trim() == found.value);
            }
        }
        lines
    }

    /// What the rules read, and what a model has read as the form says, where the text still says it: a form can be
    /// changed on its way.
    fn read(&self, engine: &Engine) -> Vec<(ReadValue, ReadBy)> {
        let lexicon = engine.lexicon();
        let ruled = read_record(lexicon, self.library, &self.text);
        let held = self.modelled.iter().filter_map(|(field, value, quote)| {
            match grounded(lexicon, self.library, &self.text, *field, value, quote) {
                Grounds::Said(read) => Some(read),
                Grounds::NoQuote | Grounds::NotSaid => None,
            }
        });
        together(lexicon, self.library, ruled, held.collect())
    }

    /// Whether a model had read anything of it.
    pub(super) fn has_modelled(&self) -> bool {
        !self.modelled.is_empty()
    }

    /// The same text with the same values is the same record.
    pub(super) fn key(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.text);
        for (field, value) in &self.values {
            hash.update(format!("\0{}\0{value}", field.code()));
        }
        format!("sha256-{}", kechuang_domain::hex(&hash.finalize()[..12]))
    }

    /// The record that the form says.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidField`] where it has no title, or was read for another library than is chosen now.
    pub(super) fn input(&self) -> Result<RecordInput, Problem> {
        let said =
            |field: &ReadField| self.values.get(field).filter(|said| !said.is_empty()).cloned();
        let public = |text: String| TextWire { text, tier: Tier::Public };
        let mut texts = BTreeMap::new();
        let mut facts = Vec::new();
        for field in ReadField::of(self.library) {
            match (field, said(field)) {
                (ReadField::Text(field), Some(said)) => {
                    texts.insert(field.code().to_owned(), public(said));
                }
                (ReadField::Fact(fact), Some(said)) => facts.push((*fact, said)),
                _ => {}
            }
        }
        if self.is_other {
            let detail =
                format!("下面的栏目是按{}读的；要存为另一类，请先重新读取", self.library.label());
            return Err(Problem::new(ProblemCode::InvalidField, detail));
        }
        if !texts.contains_key(TextField::Title.code()) {
            return Err(Problem::new(ProblemCode::InvalidField, "名称为空；请填写"));
        }
        let body = TextWire { text: self.text.clone(), tier: self.tier };
        texts.insert(TextField::Body.code().to_owned(), body);
        Ok(RecordInput {
            library: self.library.code().to_owned(),
            owner: said(&ReadField::Owner).unwrap_or_default(),
            status: None,
            texts,
            region: None,
            chain: None,
            sample: false,
            details: DetailsWire::of_cells(facts.into_iter()),
            tiers: BTreeMap::new(),
        })
    }

    /// Where the values stand in the text, and which of them a large model has read. What a person has typed stands nowhere.
    pub(super) fn places(&self, engine: &Engine) -> BTreeMap<String, Place> {
        let lexicon = engine.lexicon();
        let read = self.read(engine);
        let (mut found, mut of_model) = (Vec::new(), Vec::new());
        for (field, typed) in &self.values {
            let lines = typed.lines().map(str::trim).filter(|value| !value.is_empty());
            for value in lines.take(LOOKED_UP) {
                let is_said = |(known, _): &&(ReadValue, ReadBy)| {
                    known.field == *field && is_same_value(lexicon, *field, &known.value, value)
                };
                if let Some((known, by)) = read.iter().find(is_said) {
                    found.push(known.clone());
                    of_model.extend(Some(field.code()).filter(|_| *by == ReadBy::Second));
                }
            }
        }
        let mut places = places_of(&found, &self.text);
        for code in of_model {
            if let Some(place) = places.get_mut(code) {
                let model = if self.model.is_empty() { "未注明" } else { &self.model };
                place.read_by = Some(model.to_owned());
            }
        }
        places
    }
}
