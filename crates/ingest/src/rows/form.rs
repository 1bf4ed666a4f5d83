//! Forms: labels with values, from the lines of a text or the cells of a document's tables.

use std::collections::BTreeSet;

use kechuang_domain::{Place, TextField};
use serde_json::{Map, Value};

use super::{
    Row,
    known::{Known, NAMES_OF_A_FORM, add},
};
use crate::Column;

/// Where text goes that stands under no label.
const UNLABELLED: &str = "未归入字段的文字";
/// The longest label, in characters.
const LABEL_LIMIT_CHARS: usize = 30;

/// The forms of a document, as they are found.
pub(super) struct Forms<'a> {
    known: Known<'a>,
    forms: Vec<Form>,
    /// The label whose value may go on, and whether it does so over paragraphs.
    open: Option<(String, bool)>,
}

struct Form {
    place: Place,
    columns: BTreeSet<Column>,
    fields: Map<String, Value>,
}

impl<'a> Forms<'a> {
    pub(super) fn new(known: Known<'a>) -> Self {
        Self { known, forms: Vec::new(), open: None }
    }

    /// A line or paragraph: a label with its value, a label alone, or more of the last value.
    pub(super) fn line(&mut self, text: &str, place: &Place) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let bare = without_number(text);
        if let Some((label, value)) = split(bare) {
            let is_short_field = self.open.as_ref().is_some_and(|(_, goes_on)| !goes_on);
            if self.known.label(label).is_some() || is_short_field {
                return self.field(label, value, place);
            }
        }
        if self.known.label(bare).is_some() {
            return self.field(bare.trim_end_matches(['：', ':']), "", place);
        }
        self.more(text);
    }

    /// A label and its value. The title's label a second time begins another form.
    pub(super) fn field(&mut self, label: &str, value: &str, place: &Place) {
        let column = self.known.label(label);
        let is_title = column == Some(Column::Text(TextField::Title));
        let begins = self.forms.last().is_none_or(|form| {
            is_title && column.is_some_and(|column| form.columns.contains(&column))
        });
        if begins {
            let fields = Map::new();
            self.forms.push(Form { place: place.clone(), columns: BTreeSet::new(), fields });
        }
        let Some(form) = self.forms.last_mut() else { return };
        form.columns.extend(column);
        add(&mut form.fields, label, Value::String(value.trim().to_owned()));
        let goes_on = matches!(column, Some(Column::Text(_))) || value.trim().is_empty();
        self.open = Some((label.to_owned(), goes_on));
    }

    fn more(&mut self, text: &str) {
        // What stands before the first label is the name of the form and how to fill it in.
        let Some(form) = self.forms.last_mut() else { return };
        let label = match &self.open {
            Some((label, true)) => label.as_str(),
            _ => UNLABELLED,
        };
        add(&mut form.fields, label, Value::String(text.to_owned()));
    }

    /// The forms; nothing where too few labels were known for this to be one.
    pub(super) fn rows(self) -> Option<Vec<Row>> {
        // A notice has 联系电话：… and 申报材料：… too, but nothing that it labels as its name.
        let is_form = |form: &Form| {
            form.columns.len() >= NAMES_OF_A_FORM
                && form.columns.contains(&Column::Text(TextField::Title))
        };
        self.forms.iter().any(is_form).then(|| {
            let row = |form: Form| Row::Fields { place: form.place, fields: form.fields };
            self.forms.into_iter().map(row).collect()
        })
    }
}

/// A label and what stands behind its colon.
fn split(text: &str) -> Option<(&str, &str)> {
    let (label, value) = text.split_once(['：', ':'])?;
    let label = label.trim().trim_matches('*').trim();
    let fits = !label.is_empty() && label.chars().nth(LABEL_LIMIT_CHARS).is_none();
    fits.then_some((label, value.trim_start_matches('*')))
}

/// 一、现状 and （一）现状 and 1.2 现状 and ## 现状 are 现状.
pub(super) fn without_number(text: &str) -> &str {
    const DIGITS: &str = "一二三四五六七八九十0123456789.";
    let text = text.trim().trim_start_matches(['#', '-', '*', '●', '■', '•', ' ']);
    let open = text.trim_start_matches(['（', '(']);
    let rest = open.trim_start_matches(|c| DIGITS.contains(c));
    if rest.len() == open.len() {
        return text;
    }
    let is_bracketed = open.len() < text.len();
    let rest = if is_bracketed { rest.strip_prefix(['）', ')']) } else { Some(rest) };
    // 三维建模 is no numbered 维建模.
    let is_numbered = |rest: &&str| {
        is_bracketed || open[..open.len() - rest.len()].ends_with('.') || {
            rest.starts_with(['、', '．', ' ', '\u{3000}', '）', ')'])
        }
    };
    rest.filter(is_numbered)
        .map_or(text, |rest| rest.trim_start_matches(['、', '．', '）', ')']).trim_start())
}
