//! A record as a point of the server, and back.
//!
//! A point keeps the record's revision, and is only written over by the same or a later one: nodes that
//! follow the change log beside each other cannot bring back what another has already replaced. A record
//! that may not be found any more therefore stays as a point without a library and without its vector,
//! which no search meets.

use std::collections::HashMap;

use kechuang_domain::{RecordId, Region};
use qdrant_client::{
    Payload,
    qdrant::{
        Condition, Filter, PointId, PointStruct, Range, ScoredPoint, Value,
        point_id::PointIdOptions, value::Kind,
    },
};
use uuid::Uuid;

use crate::vector::{Applied, VectorEntry, VectorHit};

pub(super) const LIBRARY: &str = "library";
pub(super) const REGION: &str = "region";
const REVISION: &str = "revision";
const SEQ: &str = "applied_seq";
const MARK: &str = "applied_mark";

/// A record that can be found.
pub(super) fn found(entry: &VectorEntry) -> PointStruct {
    let mut payload = Payload::new();
    payload.insert(LIBRARY, entry.library.code().to_owned());
    payload.insert(REVISION, entry.revision);
    if let Some(region) = entry.region {
        payload.insert(REGION, i64::from(region.number()));
    }
    PointStruct::new(point_id(entry.id), entry.vector.clone(), payload)
}

/// A record that is not to be found from `revision` on.
pub(super) fn removed(id: RecordId, revision: i64, width: usize) -> PointStruct {
    let mut payload = Payload::new();
    payload.insert(REVISION, revision);
    PointStruct::new(point_id(id), no_vector(width), payload)
}

/// Points that a revision may be written over.
pub(super) fn up_to(revision: i64) -> Filter {
    #[expect(clippy::cast_precision_loss, reason = "no record is changed 2^53 times")]
    let bound = Range { lte: Some(revision as f64), ..Range::default() };
    Filter::must([Condition::range(REVISION, bound)])
}

/// What has been applied, as a point of its own.
pub(super) fn applied(applied: &Applied, width: usize) -> PointStruct {
    let mut payload = Payload::new();
    payload.insert(SEQ, applied.seq);
    payload.insert(MARK, applied.mark.clone());
    PointStruct::new(applied_id(), no_vector(width), payload)
}

pub(super) fn applied_id() -> PointId {
    Uuid::nil().to_string().into()
}

pub(super) fn read_applied(payload: &HashMap<String, Value>) -> Applied {
    let mark = payload.get(MARK).and_then(Value::as_str).cloned().unwrap_or_default();
    Applied { seq: integer(payload, SEQ), mark }
}

/// The record of a point that can be found, with its revision.
pub(super) fn record(
    id: Option<PointId>,
    payload: &HashMap<String, Value>,
) -> Option<(RecordId, i64)> {
    let id = record_id(id?)?;
    payload.contains_key(LIBRARY).then(|| (id, integer(payload, REVISION)))
}

pub(super) fn hit(point: ScoredPoint) -> Option<VectorHit> {
    let (id, revision) = record(point.id, &point.payload)?;
    Some(VectorHit { id, revision, score: point.score })
}

pub(super) fn within(region: Region) -> Condition {
    let range = if region.number() == 100_000 { 0..u32::MAX } else { region.range() };
    let bounds =
        Range { gte: Some(range.start.into()), lt: Some(range.end.into()), ..Range::default() };
    Condition::range(REGION, bounds)
}

pub(super) fn point_id(id: RecordId) -> PointId {
    id.uuid().to_string().into()
}

fn record_id(id: PointId) -> Option<RecordId> {
    match id.point_id_options? {
        PointIdOptions::Uuid(uuid) => uuid.parse().ok(),
        PointIdOptions::Num(_) => None,
    }
}

/// The server wants a vector of every point; this one says nothing about any text.
fn no_vector(width: usize) -> Vec<f32> {
    let mut vector = vec![0.0; width];
    vector[0] = 1.0;
    vector
}

fn integer(payload: &HashMap<String, Value>, name: &str) -> i64 {
    match payload.get(name).and_then(|value| value.kind.as_ref()) {
        Some(Kind::IntegerValue(number)) => *number,
        _ => 0,
    }
}
