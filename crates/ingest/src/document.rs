//! What the text of a document says as a record's fields, where it is no form.

use kechuang_domain::{Fact, FactValue, Library, TextField};
use kechuang_reading::{
    PolicyReading, read_policy,
    record::{ReadField, ReadValue, read_record},
    title_and_body,
};
use kechuang_text::Lexicon;
use serde_json::{Map, Value, json};

use crate::{columns::Column, tables::Tables};

/// What a document says.
pub(crate) struct DocumentFields {
    /// Its title and words; of a policy all that was read of it.
    pub(crate) written: Map<String, Value>,
    /// What was read of its words besides.
    pub(crate) read: Vec<ReadValue>,
}

/// The fields of a document in `library`, by their codes. A policy is read clause by clause; of any other document title
/// and words are told apart, and with a `lexicon` what they state is read.
pub(crate) fn document_fields(
    library: Library,
    tables: &Tables,
    lexicon: Option<&Lexicon>,
    name: &str,
    text: &str,
) -> DocumentFields {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if library == Library::Policy {
        return DocumentFields {
            written: policy(stem, tables, read_policy(text)),
            read: Vec::new(),
        };
    }
    let read = lexicon.map(|lexicon| read_record(lexicon, library, text)).unwrap_or_default();
    let named = read.iter().find(|value| value.field == ReadField::TITLE);
    let (title, body) = match (named, title_and_body(text)) {
        // 技术需求征集表 above 需求名称：… is the name of a form.
        (Some(named), (title, _)) if named.value != title => {
            (named.value.clone(), text.trim().to_owned())
        }
        (_, (title, body)) if title.is_empty() => (stem.to_owned(), body),
        (_, parted) => parted,
    };
    DocumentFields { written: texts(&title, &body), read }
}

fn texts(title: &str, body: &str) -> Map<String, Value> {
    let field = |field: TextField, text: &str| (field.code().to_owned(), Value::from(text));
    [field(TextField::Title, title), field(TextField::Body, body)].into_iter().collect()
}

/// A policy's fields. Its document number is its key: the same number again is the same policy.
pub(crate) fn policy(stem: &str, tables: &Tables, read: PolicyReading) -> Map<String, Value> {
    let title = if read.title.is_empty() { stem } else { &read.title };
    let mut fields = texts(title, &read.body);
    let mut put = |name: String, value: Value| {
        if !value.is_null() && value != json!([]) {
            fields.insert(name, value);
        }
    };
    put(Column::Key.code().to_owned(), json!(read.document_number));
    put(Column::Owner.code().to_owned(), json!(read.issuer));
    // A name that is in no table is left out; the record's warnings then ask for the region.
    let region = read.region_name.and_then(|name| tables.region(&name).ok());
    put(Column::Region.code().to_owned(), json!(region));
    let facts: [(Fact, Option<FactValue>); 14] = [
        (Fact::DocumentNumber, read.document_number.map(FactValue::Text)),
        (Fact::JointIssuers, Some(FactValue::List(read.joint_issuers))),
        (Fact::Level, read.level.map(FactValue::from)),
        (Fact::WrittenOn, read.written_on.map(FactValue::from)),
        (Fact::PublishedOn, read.published_on.map(FactValue::from)),
        (Fact::EffectiveFrom, read.effective_from.map(FactValue::from)),
        (Fact::EffectiveUntil, read.effective_until.map(FactValue::from)),
        (Fact::SupportKinds, Some(FactValue::List(read.support_kinds))),
        (Fact::Cap, read.cap.map(FactValue::from)),
        (Fact::Audience, Some(FactValue::List(read.audience))),
        (Fact::WindowFrom, read.window_from.map(FactValue::from)),
        (Fact::WindowUntil, read.window_until.map(FactValue::from)),
        (Fact::Hotline, read.hotline.map(FactValue::Text)),
        (Fact::Clauses, Some(FactValue::Clauses(read.clauses))),
    ];
    for (fact, value) in facts {
        put(fact.json_name(), value.map_or(Value::Null, |value| fact.to_json(&value)));
    }
    fields
}
