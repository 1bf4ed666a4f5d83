//! From a row's values to a record draft, with a reason in Chinese for each value that cannot be.

use std::{borrow::Cow, collections::BTreeMap};

use kechuang_domain::{
    Content, Details, Fact, FactKind, FactValue, Library, Place, Provenance, Source, Status,
    TextField, TextRole, Tier, TieredText,
};
use kechuang_store::RecordDraft;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    columns::Column,
    context::RowContext,
    places,
    policy_row::completed,
    sheet,
    tables::Tables,
    value::{lines, several_days, shown},
};

/// The owner of rows that name none.
const UNKNOWN_OWNER: &str = "未注明单位";

/// The longest name of an owner and the longest key, in characters.
const SHORT_LIMIT_CHARS: usize = 200;

/// What is wrong with a row: in which column, where that can be said, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The column's header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub reason: String,
}

impl Issue {
    fn of_row(reason: impl Into<String>) -> Self {
        Self { column: None, reason: reason.into() }
    }
}

/// The draft of a row that stands at `place` in its file.
///
/// # Errors
/// Why the row is no record: everything that is wrong with it.
pub fn draft(
    context: &RowContext,
    tables: &Tables,
    place: &Place,
    fields: &Map<String, Value>,
) -> Result<RecordDraft, Vec<Issue>> {
    let written = &*sheet::restored(context, fields);
    let completed = completed(context, tables, written);
    match of_row(context, tables, place, written, &completed) {
        // What was read of a text makes no row wrong that is fine without.
        Err(_) if matches!(completed, Cow::Owned(_)) => {
            of_row(context, tables, place, written, written)
        }
        read => read,
    }
}

/// The draft of a document: its title and words, by which it is known, and with them what was read of the words. What was
/// read and does not fit is left out of `read`: it makes no document wrong that is fine without.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn draft_of_document(
    context: &RowContext,
    tables: &Tables,
    place: &Place,
    written: &Map<String, Value>,
    read: &mut Map<String, Value>,
) -> Result<RecordDraft, Vec<Issue>> {
    loop {
        let mut whole = read.clone();
        whole.extend(written.clone());
        let wrong = match of_row(context, tables, place, written, &whole) {
            Ok(draft) => return Ok(draft),
            Err(wrong) => wrong,
        };
        let before = read.len();
        read.retain(|code, _| !wrong.iter().any(|issue| issue.column.as_ref() == Some(code)));
        if read.is_empty() && before == 0 {
            return Err(wrong);
        }
        // Where nobody says which, all of it goes.
        if read.len() == before {
            read.clear();
        }
    }
}

/// The draft of a row as it was written and as it was completed.
fn of_row(
    context: &RowContext,
    tables: &Tables,
    place: &Place,
    written: &Map<String, Value>,
    whole: &Map<String, Value>,
) -> Result<RecordDraft, Vec<Issue>> {
    let mut cells = Cells::read(context, whole);
    let key = cells.short(Column::Key).unwrap_or_else(|| digest(context, written));
    let owner = cells.short(Column::Owner).unwrap_or_else(|| UNKNOWN_OWNER.to_owned());
    let status = cells.status();
    let region = cells.parsed(Column::Region, |text| tables.region(text));
    let chain = cells.parsed(Column::Chain, |text| tables.chain(text));
    let mut provenance = cells.provenance(context, place);
    let texts = cells.texts();
    let sample = context.sample || cells.flag(Column::Sample);
    let source = cells.source_name(context);
    let details = cells.details(context.library, tables);
    if !cells.issues.is_empty() {
        return Err(cells.issues);
    }
    let whole_row = |error: &dyn std::fmt::Display| vec![Issue::of_row(error.to_string())];
    let details = Details::new(context.library, details)
        .map_err(|error| whole_row(&error))?
        .with_tiers(cells.fact_tiers);
    let mut content = Content::new(texts, details).map_err(|error| whole_row(&error))?;
    content.region = region;
    content.chain = chain;
    content.sample = sample;
    if whole.len() > written.len()
        && let Some((_, body)) = content.all_texts().find(|(field, _)| *field == TextField::Body)
    {
        let source = places::Source { text: &body.text, pages: &[], place };
        let is_read = |code: &str| !written.contains_key(code);
        provenance.fields = source.places(context.library, whole, is_read);
    }
    let source = Source { name: source, key };
    Ok(RecordDraft { owner, source, status, content, provenance })
}

/// A row without a key of its own is known by what it says in the columns that are taken.
fn digest(context: &RowContext, fields: &Map<String, Value>) -> String {
    let taken = fields.iter().filter(|(header, _)| {
        let column = context.mapping.column(context.library, header);
        column.is_some_and(|column| !column.is_written_only())
    });
    let taken = taken.map(|(header, value)| (header.clone(), value.clone())).collect();
    let text = Value::Object(taken).to_string();
    format!("sha256-{}", kechuang_domain::hex(&Sha256::digest(text)[..12]))
}

/// A row's values by column; empty ones are left out.
struct Cells<'a> {
    texts: BTreeMap<TextField, String>,
    others: Vec<(Column, &'a str, &'a Value)>,
    tiers: Map<String, Value>,
    fact_tiers: Vec<(Fact, Tier)>,
    issues: Vec<Issue>,
    is_exported: bool,
}

impl<'a> Cells<'a> {
    fn read(context: &RowContext, fields: &'a Map<String, Value>) -> Self {
        let mut cells = Self {
            texts: BTreeMap::new(),
            others: Vec::new(),
            tiers: Map::new(),
            fact_tiers: Vec::new(),
            issues: Vec::new(),
            is_exported: sheet::is_exported(context, fields),
        };
        if sheet::claims_to_be_example(context, fields) {
            let reason = "编号仍是模板的“示例行”；请清空编号，或改成自己的编号";
            cells.issue(Column::Key.label(), reason);
        }
        for (header, value) in fields {
            match context.mapping.column(context.library, header) {
                None => {}
                Some(column) if column.is_written_only() => {}
                Some(Column::Tiers) => cells.read_tiers(header, value),
                Some(Column::Text(field)) => cells.add_text(field, value),
                Some(column) => cells.others.push((column, header, value)),
            }
        }
        cells
    }

    /// Two columns of one field, such as 简介 and 正文, are both kept.
    fn add_text(&mut self, field: TextField, value: &Value) {
        let text = match value {
            Value::String(text) if self.is_exported && !text.trim().is_empty() => {
                Some(text.clone())
            }
            Value::Array(items) => shown_text(field, items),
            value => shown(value),
        };
        if let Some(text) = text {
            let together = self.texts.entry(field).or_default();
            if !together.is_empty() {
                together.push('\n');
            }
            together.push_str(&text);
        }
    }

    fn read_tiers(&mut self, header: &str, value: &Value) {
        let tiers = match value {
            Value::Object(tiers) => Some(tiers.clone()),
            Value::Null => Some(Map::new()),
            Value::String(text) if text.trim().is_empty() => Some(Map::new()),
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        };
        let Some(tiers) = tiers else {
            let reason = "可见范围应形如 {\"indicators\": \"registered\"}";
            return self.issue(header, reason);
        };
        for (field, tier) in &tiers {
            if serde_json::from_value::<Tier>(tier.clone()).is_err() {
                let reason =
                    format!("{field} 的可见范围 {tier} 有误；可用：public、registered、agreement");
                self.issue(header, reason);
            }
        }
        self.tiers = tiers;
    }

    fn tier(&self, field: &str) -> Option<Tier> {
        serde_json::from_value(self.tiers.get(field)?.clone()).ok()
    }

    fn issue(&mut self, header: &str, reason: impl Into<String>) {
        self.issues.push(Issue { column: Some(header.to_owned()), reason: reason.into() });
    }

    /// The first cell of this column that says something.
    fn cell(&self, wanted: Column) -> Option<(&'a str, String)> {
        let mut cells = self.others.iter().filter(|(column, ..)| *column == wanted);
        cells.find_map(|(_, header, value)| Some((*header, shown(value)?)))
    }

    fn flag(&self, wanted: Column) -> bool {
        let says_yes = |text: &str| matches!(text, "true" | "是" | "1" | "示例");
        self.cell(wanted).is_some_and(|(_, text)| says_yes(&text))
    }

    /// A name or key: without U+0000, and short enough for every database's index.
    fn short(&mut self, wanted: Column) -> Option<String> {
        let (header, text) = self.cell(wanted)?;
        let text = text.replace('\0', "").trim().to_owned();
        let chars = text.chars().count();
        if chars > SHORT_LIMIT_CHARS {
            let label = wanted.label();
            let reason = format!("{label}有 {chars} 个字符，超过上限 {SHORT_LIMIT_CHARS}；请缩短");
            self.issue(header, reason);
        }
        (!text.is_empty()).then_some(text)
    }

    fn source_name(&mut self, context: &RowContext) -> String {
        let named = self.short(Column::SourceName).filter(|_| context.mapping.keeps_sources());
        named.unwrap_or_else(|| context.source.clone())
    }

    fn status(&mut self) -> Status {
        let Some((header, text)) = self.cell(Column::Status) else { return Status::Active };
        let named = |status: &Status| status.code() == text || status.label() == text;
        Status::ALL.into_iter().find(named).unwrap_or_else(|| {
            let known = Status::ALL.map(Status::label).join("、");
            self.issue(header, format!("状态「{text}」有误；可用：{known}"));
            Status::Active
        })
    }

    fn parsed<T, E: std::fmt::Display>(
        &mut self,
        wanted: Column,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let (header, text) = self.cell(wanted)?;
        // A template's list offers 吕梁市（141100）.
        let chosen = |error| parse(sheet::code_of(&text)).map_err(|_| error);
        match parse(&text).or_else(chosen) {
            Ok(value) => Some(value),
            Err(error) => {
                self.issue(header, error.to_string());
                None
            }
        }
    }

    /// An exported record says where it was read at first; any other was read here.
    fn provenance(&mut self, context: &RowContext, place: &Place) -> Provenance {
        let here = Provenance { place: place.clone(), ..context.provenance.clone() };
        let Some((_, header, value)) =
            self.others.iter().find(|(column, ..)| *column == Column::Provenance)
        else {
            return here;
        };
        let (header, value) = (*header, *value);
        let given = match value {
            Value::Null => return here,
            Value::String(text) if text.trim().is_empty() => return here,
            Value::String(text) => serde_json::from_str(text),
            other => serde_json::from_value(other.clone()),
        };
        given.unwrap_or_else(|_| {
            self.issue(header, "出处由系统导出时填写；请留空或保持原样");
            here
        })
    }

    fn texts(&self) -> Vec<(TextField, TieredText)> {
        let tiered = |(field, text): (&TextField, &String)| {
            let tier = self.tier(field.code()).unwrap_or_default();
            (*field, TieredText { text: text.clone(), tier })
        };
        self.texts.iter().map(tiered).collect()
    }

    fn details(&mut self, library: Library, tables: &Tables) -> Vec<(Fact, FactValue)> {
        let mut facts = Vec::new();
        for (column, header, value) in std::mem::take(&mut self.others) {
            let Column::Fact(fact) = column else { continue };
            if !fact.libraries().contains(&library) {
                continue;
            }
            if !self.is_exported && is_mark_for_none(value) {
                continue;
            }
            let last_day = several_days(value).filter(|_| fact.kind() == FactKind::Date);
            let last_day = last_day.map(|(_, day)| Value::from(day.to_string()));
            let value = last_day.as_ref().unwrap_or(value);
            let coded = shown(value).and_then(|text| tables.coded(fact, &text)).map(Value::from);
            match fact.parse_json(coded.as_ref().unwrap_or(value)) {
                Ok(Some(value)) => facts.push((fact, value)),
                Ok(None) => {}
                Err(error) => self.issue(header, error.to_string()),
            }
            self.fact_tiers.extend(self.tier(fact.code()).map(|tier| (fact, tier)));
        }
        facts
    }
}

/// What people write where there is nothing to write.
fn is_mark_for_none(value: &Value) -> bool {
    let is_mark =
        |text: &str| matches!(text.trim(), "/" | "／" | "-" | "—" | "——" | "N/A" | "null");
    value.as_str().is_some_and(is_mark)
}

/// A list as a text: keywords on one line, anything else a line each.
fn shown_text(field: TextField, items: &[Value]) -> Option<String> {
    let text = match field.role() {
        TextRole::Keywords | TextRole::Title => {
            items.iter().filter_map(shown).collect::<Vec<_>>().join("；")
        }
        TextRole::Body => lines(items),
    };
    (!text.trim().is_empty()).then_some(text)
}
