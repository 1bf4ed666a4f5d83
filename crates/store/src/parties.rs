//! Parties, told apart by name.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{Party, PartyId, PartyKind, Timestamp};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Result, Store,
    db::{Tx, read, touch, within},
};

impl Store {
    /// One party, if it exists.
    ///
    /// # Errors
    /// A database error.
    pub async fn party(&self, id: PartyId) -> Result<Option<Party>> {
        let row: Option<(String, String)> =
            read!(self, |db| sqlx::query_as("SELECT name, kind FROM parties WHERE id = $1")
                .bind(id.uuid())
                .fetch_optional(db)
                .await)?;
        Ok(row.map(|(name, kind)| Party { id, name, kind: PartyKind::from_code(&kind) }))
    }
}

impl Store {
    /// The names of these parties; unknown ids are left out.
    ///
    /// # Errors
    /// A database error.
    pub async fn party_names(&self, ids: &[PartyId]) -> Result<BTreeMap<PartyId, String>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(Uuid, String)> = read!(self, |db| {
            let mut query = QueryBuilder::new("SELECT id, name FROM parties WHERE id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id.uuid());
            }
            query.push(")");
            query.build_query_as().fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(|(id, name)| (PartyId::from_uuid(id), name)).collect())
    }
}

/// The ids of the parties with these names, made where missing.
pub(crate) async fn ensure(
    tx: &mut Tx,
    names: BTreeSet<&str>,
    at: Timestamp,
) -> Result<BTreeMap<String, PartyId>> {
    let mut found = by_name(tx, &names).await?;
    let missing: Vec<_> = names.iter().filter(|name| !found.contains_key(**name)).collect();
    for name in missing {
        // Another node may insert the same name meanwhile; then its id is the one that counts.
        touch!(tx, |db| sqlx::query(
            "INSERT INTO parties (id, name, kind, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO NOTHING"
        )
        .bind(Uuid::now_v7())
        .bind(*name)
        .bind(guess_kind(name).code())
        .bind(at.micros())
        .execute(db)
        .await)?;
    }
    if found.len() < names.len() {
        found = by_name(tx, &names).await?;
    }
    Ok(found)
}

async fn by_name(tx: &mut Tx, names: &BTreeSet<&str>) -> Result<BTreeMap<String, PartyId>> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, Uuid)> = within!(tx, |db| {
        let mut query = QueryBuilder::new("SELECT name, id FROM parties WHERE name IN (");
        let mut list = query.separated(", ");
        for name in names {
            list.push_bind((*name).to_owned());
        }
        query.push(")");
        query.build_query_as().fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|(name, id)| (name, PartyId::from_uuid(id))).collect())
}

/// What a name's last words say about the kind of organisation; a guess that a person may correct.
fn guess_kind(name: &str) -> PartyKind {
    const ENDINGS: [(&str, PartyKind); 13] = [
        ("公司", PartyKind::Firm),
        ("集团", PartyKind::Firm),
        ("厂", PartyKind::Firm),
        ("大学", PartyKind::Academy),
        ("学院", PartyKind::Academy),
        ("研究院", PartyKind::Academy),
        ("研究所", PartyKind::Academy),
        ("实验室", PartyKind::Academy),
        ("政府", PartyKind::Government),
        ("厅", PartyKind::Government),
        ("局", PartyKind::Government),
        ("委员会", PartyKind::Government),
        ("中心", PartyKind::Government),
    ];
    ENDINGS
        .into_iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map_or(PartyKind::Unknown, |(_, kind)| kind)
}
