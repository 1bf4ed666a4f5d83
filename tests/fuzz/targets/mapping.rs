//! Any row under any mapping becomes a draft or issues.

#![no_main]

use kechuang_domain::{Library, Place};
use kechuang_ingest::{Mapping, RowContext, Tables, draft::draft};
use serde_json::{Map, Value};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    let Some(Ok(mapping)) = values.next() else { return };
    let Ok(mapping) = serde_json::from_value::<Mapping>(mapping) else { return };
    let Some(Ok(Value::Object(fields))) = values.next() else { return };
    for library in Library::ALL {
        let context = RowContext { mapping: mapping.clone(), ..RowContext::new(library, "fuzz") };
        check(&context, &fields);
    }
});

fn check(context: &RowContext, fields: &Map<String, Value>) {
    match draft(context, &Tables::default(), &Place::line(1), fields) {
        Ok(draft) => {
            assert_eq!(draft.content.library(), context.library);
            assert!(!draft.owner.is_empty() && !draft.source.key.is_empty());
            assert!(!draft.source.key.contains('\0'));
        }
        Err(issues) => {
            assert!(!issues.is_empty());
            assert!(issues.iter().all(|issue| !issue.reason.is_empty()));
        }
    }
}
