//! Saving records: batches from a source, and single changes guarded by a revision.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{Library, PartyId, RecordId, ReviewKind, Status, Timestamp};
use sha2::{Digest, Sha256};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{RecordDraft, SaveKind, Saved, confirm, number};
use crate::{
    Result, Store, StoreError,
    changes::{self, ChangeKind, NewChange},
    db::{Tx, touch, within},
    duplicates,
    error::corrupt,
    freshness, parties, reviews,
};

/// Version of the JSON in `record_revisions.content`. Version 1 knew fewer facts and reads as it is.
const CONTENT_VERSION: i64 = 2;

impl Store {
    /// Saves drafts in one transaction; the answers are in the order of the drafts.
    ///
    /// # Errors
    /// A database error; then nothing was saved.
    pub async fn save_records(&self, drafts: &[RecordDraft], at: Timestamp) -> Result<Vec<Saved>> {
        let mut tx = self.pool.begin().await?;
        let saved = save(&mut tx, drafts, None, at).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Replaces what a record says, if it still is at revision `expected`.
    ///
    /// # Errors
    /// [`StoreError::UnknownRecord`], [`StoreError::RevisionConflict`], or a database error.
    pub async fn update_record(
        &self,
        id: RecordId,
        expected: i64,
        draft: &RecordDraft,
        at: Timestamp,
    ) -> Result<Saved> {
        let mut tx = self.pool.begin().await?;
        changes::lock(&mut tx).await?;
        let (current, status) = head_of(&mut tx, id).await?;
        if current != expected {
            return Err(StoreError::RevisionConflict { id, current });
        }
        let saved = save(&mut tx, std::slice::from_ref(draft), None, at).await?;
        let changed = Some(draft.status).filter(|new| new.code() != status);
        let said = changed.map(|status| (id, ReviewKind::Status(status)));
        reviews::note(&mut tx, said, at).await?;
        tx.commit().await?;
        saved
            .first()
            .filter(|saved| saved.id == id)
            .copied()
            .ok_or_else(|| corrupt(format!("record {id} has another source than its draft")))
    }
}

/// The newest revision of a record, and its status there.
async fn head_of(tx: &mut Tx, id: RecordId) -> Result<(i64, String)> {
    let head: Option<(i64, String)> =
        within!(tx, |db| sqlx::query_as("SELECT revision, status FROM records WHERE id = $1")
            .bind(id.uuid())
            .fetch_optional(db)
            .await)?;
    head.ok_or(StoreError::UnknownRecord(id))
}

/// Saves drafts inside an open transaction. `set_out` is the id of the job that carries them: what a
/// later job has saved meanwhile stands, should this one have been delayed. Without it, the drafts come
/// from somebody who writes right now.
pub(crate) async fn save(
    tx: &mut Tx,
    drafts: &[RecordDraft],
    set_out: Option<Uuid>,
    at: Timestamp,
) -> Result<Vec<Saved>> {
    changes::lock(tx).await?;
    let owners = drafts.iter().map(|draft| draft.owner.as_str()).collect();
    let owners = parties::ensure(tx, owners, at).await?;
    let mut saved = Vec::with_capacity(drafts.len());
    for some in runs_of_distinct_sources(drafts) {
        let heads = heads_of(tx, some).await?;
        let planned = some
            .iter()
            .map(|draft| plan(draft, set_out, &owners, &heads))
            .collect::<Result<Vec<_>>>()?;
        write(tx, &planned, at).await?;
        saved.extend(planned.iter().map(|row| row.saved));
    }
    Ok(saved)
}

/// Cuts the batch where a source repeats, so that each later mention sees the earlier one as saved.
fn runs_of_distinct_sources(drafts: &[RecordDraft]) -> Vec<&[RecordDraft]> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut seen = BTreeSet::new();
    for (at, draft) in drafts.iter().enumerate() {
        if !seen.insert((draft.content.library(), &draft.source)) {
            runs.push(&drafts[start..at]);
            start = at;
            seen.clear();
            seen.insert((draft.content.library(), &draft.source));
        }
    }
    runs.push(&drafts[start..]);
    runs
}

struct Head {
    id: Uuid,
    revision: i64,
    content_hash: String,
    arrival: Uuid,
    confirmed_at: i64,
}

type SourceKey = (String, String, String);

async fn heads_of(tx: &mut Tx, drafts: &[RecordDraft]) -> Result<BTreeMap<SourceKey, Head>> {
    if drafts.is_empty() {
        return Ok(BTreeMap::new());
    }
    type Row = (String, String, String, Uuid, i64, String, Uuid, i64);
    let rows: Vec<Row> = within!(tx, |db| {
        let mut query = QueryBuilder::new(
            "SELECT library, source_name, source_key, id, revision, content_hash, arrival, \
             confirmed_at FROM records \
             WHERE (library, source_name, source_key) IN (VALUES ",
        );
        let mut list = query.separated(", ");
        for draft in drafts {
            list.push("(");
            list.push_bind_unseparated(draft.content.library().code());
            list.push_unseparated(", ");
            list.push_bind_unseparated(draft.source.name.clone());
            list.push_unseparated(", ");
            list.push_bind_unseparated(draft.source.key.clone());
            list.push_unseparated(")");
        }
        query.push(")");
        query.build_query_as().fetch_all(db).await
    })?;
    Ok(rows
        .into_iter()
        .map(|(library, name, key, id, revision, content_hash, arrival, confirmed_at)| {
            ((library, name, key), Head { id, revision, content_hash, arrival, confirmed_at })
        })
        .collect())
}

struct Planned<'a> {
    saved: Saved,
    draft: &'a RecordDraft,
    owner: PartyId,
    content: String,
    content_hash: String,
    arrival: Uuid,
    /// When the known record was last confirmed, where this draft confirms it again.
    confirms: Option<Timestamp>,
}

fn plan<'a>(
    draft: &'a RecordDraft,
    set_out: Option<Uuid>,
    owners: &BTreeMap<String, PartyId>,
    heads: &BTreeMap<SourceKey, Head>,
) -> Result<Planned<'a>> {
    let content = serde_json::to_string(&draft.content).map_err(corrupt)?;
    let content_hash = hash(draft, &content);
    let owner = *owners
        .get(&draft.owner)
        .ok_or_else(|| corrupt(format!("party {} was not saved", draft.owner)))?;
    let key = (
        draft.content.library().code().to_owned(),
        draft.source.name.clone(),
        draft.source.key.clone(),
    );
    let arrival = set_out.unwrap_or_else(Uuid::now_v7);
    let head = heads.get(&key);
    let is_overtaken = |head: &Head| set_out.is_some_and(|set_out| set_out < head.arrival);
    let saved = match head {
        None => {
            Saved { id: RecordId::from_uuid(Uuid::now_v7()), revision: 1, kind: SaveKind::Created }
        }
        Some(head) => {
            let id = RecordId::from_uuid(head.id);
            if is_overtaken(head) || head.content_hash == content_hash {
                Saved { id, revision: head.revision, kind: SaveKind::Unchanged }
            } else {
                Saved { id, revision: head.revision + 1, kind: SaveKind::Updated }
            }
        }
    };
    let confirms = head
        .filter(|head| saved.kind == SaveKind::Unchanged && !is_overtaken(head))
        .map(|head| Timestamp::from_micros(head.confirmed_at));
    Ok(Planned { saved, draft, owner, content, content_hash, arrival, confirms })
}

fn hash(draft: &RecordDraft, content: &str) -> String {
    let mut sha = Sha256::new();
    for part in [draft.status.code(), &draft.owner, content] {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    kechuang_domain::hex(&sha.finalize())
}

async fn write(tx: &mut Tx, planned: &[Planned<'_>], at: Timestamp) -> Result<()> {
    let confirmed: Vec<RecordId> = planned
        .iter()
        .filter(|row| row.confirms.is_some_and(|last| confirm::is_due(last, at)))
        .map(|row| row.saved.id)
        .collect();
    confirm::confirm(tx, &confirmed, at).await?;
    arrived(tx, planned).await?;
    let changed: Vec<_> =
        planned.iter().filter(|row| row.saved.kind != SaveKind::Unchanged).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let numbers = number::take(tx, &changed_libraries(&changed)).await?;
    write_heads(tx, &changed, &numbers, at).await?;
    write_revisions(tx, &changed, at).await?;
    let known = changed.iter().filter(|row| row.saved.kind == SaveKind::Updated);
    let known: Vec<RecordId> = known.map(|row| row.saved.id).collect();
    freshness::settle(tx, &known).await?;
    duplicates::let_go(tx, &known, at).await?;
    let entries: Vec<_> = changed
        .iter()
        .map(|row| NewChange {
            record: row.saved.id,
            revision: row.saved.revision,
            kind: match row.draft.status {
                Status::Withdrawn => ChangeKind::Withdrawn,
                Status::Active | Status::Closed | Status::Suspect => ChangeKind::Saved,
            },
        })
        .collect();
    changes::append(tx, &entries, at).await
}

/// Notes of records that were said again when that set out, so that what set out before and is late
/// changes nothing.
async fn arrived(tx: &mut Tx, planned: &[Planned<'_>]) -> Result<()> {
    let again: Vec<_> = planned.iter().filter(|row| row.confirms.is_some()).collect();
    let Some(arrival) = again.iter().map(|row| row.arrival).max() else { return Ok(()) };
    touch!(tx, |db| {
        let mut query = QueryBuilder::new("UPDATE records SET arrival = ");
        query.push_bind(arrival).push(" WHERE arrival < ").push_bind(arrival);
        query.push(" AND id IN (");
        let mut list = query.separated(", ");
        for row in again {
            list.push_bind(row.saved.id.uuid());
        }
        query.push(")");
        query.build().execute(db).await
    })?;
    Ok(())
}

/// The library of each new record; known ones keep their numbers.
fn changed_libraries(changed: &[&Planned<'_>]) -> Vec<Option<Library>> {
    let is_new = |row: &&Planned<'_>| row.saved.kind == SaveKind::Created;
    changed.iter().map(|row| is_new(row).then(|| row.draft.content.library())).collect()
}

async fn write_heads(
    tx: &mut Tx,
    changed: &[&Planned<'_>],
    numbers: &[i64],
    at: Timestamp,
) -> Result<()> {
    touch!(tx, |db| {
        let mut query = QueryBuilder::new(
            "INSERT INTO records (id, library, owner, source_name, source_key, status, revision, \
             content_hash, arrival, created_at, updated_at, confirmed_at, number) ",
        );
        query.push_values(changed.iter().zip(numbers), |mut row, (planned, number)| {
            row.push_bind(planned.saved.id.uuid())
                .push_bind(planned.draft.content.library().code())
                .push_bind(planned.owner.uuid())
                .push_bind(planned.draft.source.name.clone())
                .push_bind(planned.draft.source.key.clone())
                .push_bind(planned.draft.status.code())
                .push_bind(planned.saved.revision)
                .push_bind(planned.content_hash.clone())
                .push_bind(planned.arrival)
                .push_bind(at.micros())
                .push_bind(at.micros())
                .push_bind(at.micros())
                .push_bind(*number);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, status = excluded.status, \
             revision = excluded.revision, content_hash = excluded.content_hash, \
             arrival = excluded.arrival, \
             updated_at = excluded.updated_at, confirmed_at = excluded.confirmed_at, \
             freshness = 'fresh', duplicate_of = NULL",
        );
        query.build().execute(db).await
    })?;
    Ok(())
}

async fn write_revisions(tx: &mut Tx, changed: &[&Planned<'_>], at: Timestamp) -> Result<()> {
    let mut provenances = Vec::with_capacity(changed.len());
    for planned in changed {
        provenances.push(serde_json::to_string(&planned.draft.provenance).map_err(corrupt)?);
    }
    touch!(tx, |db| {
        let mut query = QueryBuilder::new(
            "INSERT INTO record_revisions \
             (record_id, revision, owner, status, content_version, content, provenance, at) ",
        );
        query.push_values(changed.iter().zip(&provenances), |mut row, (planned, provenance)| {
            row.push_bind(planned.saved.id.uuid())
                .push_bind(planned.saved.revision)
                .push_bind(planned.owner.uuid())
                .push_bind(planned.draft.status.code())
                .push_bind(CONTENT_VERSION)
                .push_bind(planned.content.clone())
                .push_bind(provenance.clone())
                .push_bind(at.micros());
        });
        query.build().execute(db).await
    })?;
    Ok(())
}
