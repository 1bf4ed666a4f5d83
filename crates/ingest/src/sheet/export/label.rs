//! The label of generated content in a file's metadata.
//!
//! GB 45438-2025 asks for a field of the metadata whose name has AIGC in it, with whether the content is generated
//! (`1`: it is), who made it and under which number, and who spread it and under which, in JSON.

use std::collections::BTreeSet;

use kechuang_store::StoredRecord;
use rust_xlsxwriter::DocProperties;
use serde_json::json;

/// The name of the field.
const NAME: &str = "AIGC";

/// Properties that tell which large models have read values of these records; `None` where none has.
pub(super) fn properties(records: &[&StoredRecord]) -> Option<DocProperties> {
    let places = records.iter().flat_map(|stored| stored.record.provenance.fields.values());
    let models: BTreeSet<&str> = places.filter_map(|place| place.read_by.as_deref()).collect();
    if models.is_empty() {
        return None;
    }
    let models = models.into_iter().collect::<Vec<_>>().join("、");
    let label = json!({
        "Label": "1", "ContentProducer": models, "ProduceID": "", "ReservedCode1": "",
        "ContentPropagator": "科创大脑", "PropagateID": "", "ReservedCode2": "",
    });
    let told = format!("部分栏目由大模型（{models}）读取，见“由大模型读取的栏目”一列");
    let properties = DocProperties::new().set_comment(told);
    Some(properties.set_custom_property(NAME, label.to_string()))
}
