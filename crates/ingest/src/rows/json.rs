//! One JSON value that holds the rows: an array of objects, or an object with such an array.
//!
//! Values are taken one after the other, so that no more than one is held beside the rows.

use std::fmt;

use kechuang_domain::Place;
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::{
    Row,
    limits::{Budget, JSON_BYTES, over},
};
use crate::{IngestError, Result};

/// Where services put their rows.
const LISTS: [&str; 3] = ["items", "data", "records"];

/// Rows in order; the place is the row's number in the array.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>> {
    if bytes.len() > JSON_BYTES {
        return Err(over(
            "JSON 文件",
            &format!("{} MB（更大的数据请用 .jsonl）", JSON_BYTES >> 20),
        ));
    }
    let mut rows = Rows { found: None, budget: Budget::of_lines(), refusal: None };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = rows.deserialize(&mut reader).and_then(|()| reader.end());
    if let Some(refusal) = rows.refusal {
        return Err(refusal);
    }
    read.map_err(|error| {
        IngestError::File(format!(
            "第 {} 行第 {} 列附近不是完整的 JSON；请检查引号、逗号和括号",
            error.line(),
            error.column()
        ))
    })?;
    rows.found.ok_or_else(|| {
        IngestError::File(
            "JSON 里没有记录数组；应为 [{…}, {…}]，或对象中的 items、data、records".to_owned(),
        )
    })
}

/// The rows as they are read.
struct Rows {
    found: Option<Vec<Row>>,
    budget: Budget,
    /// Why reading has stopped, where it is not the JSON's fault.
    refusal: Option<IngestError>,
}

impl<'de> DeserializeSeed<'de> for &mut Rows {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> std::result::Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Rows {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<(), A::Error> {
        let mut rows = Vec::new();
        while let Some(item) = items.next_element::<Value>()? {
            if let Err(refusal) = self.budget.spend_row(values(&item)) {
                self.refusal = Some(refusal);
                return Err(A::Error::custom("too much"));
            }
            let number = rows.len() as u64 + 1;
            rows.push(match item {
                Value::Object(fields) => Row::Fields { place: Place::line(number), fields },
                other => {
                    let reason = "数组中的这一项不是对象；应形如 {\"title\": \"…\", …}";
                    Row::broken(number, other.to_string().as_bytes(), reason)
                }
            });
        }
        self.found = Some(rows);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> std::result::Result<(), A::Error> {
        while let Some(name) = fields.next_key::<String>()? {
            if LISTS.contains(&name.as_str()) && self.found.is_none() {
                fields.next_value_seed(&mut *self)?;
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    // A service's "data" can be anything; what is no array holds no rows.
    fn visit_str<E>(self, _: &str) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }
}

/// How many values a value is made of.
pub(super) fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}
