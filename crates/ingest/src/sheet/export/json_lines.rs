//! Exports as JSON Lines, with the names of the API.

use kechuang_store::StoredRecord;
use serde_json::{Map, Value};

use super::{Reach, value};
use crate::Column;

pub(super) fn write(columns: &[Column], records: &[&StoredRecord], reach: Reach) -> Vec<u8> {
    let mut bytes = Vec::new();
    for stored in records {
        let said = columns
            .iter()
            .filter_map(|column| Some((name(*column), value::json(stored, *column, reach)?)));
        let object = Value::Object(said.collect::<Map<_, _>>());
        bytes.extend_from_slice(object.to_string().as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

fn name(column: Column) -> String {
    match column {
        Column::Fact(fact) => fact.json_name(),
        other => other.code().to_owned(),
    }
}
