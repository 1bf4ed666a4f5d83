//! Search by a Qdrant server, for more records than one machine scans, and for several nodes.
//!
//! Every encoder has a collection of its own, `PREFIX_KEY`; the alias `PREFIX` names the one in use, for
//! people and other programs. A point is a record. One more point, of the nil UUID, holds the applied
//! sequence; it has no library, so that no search finds it. It is written behind the changes it speaks
//! of: a node that dies in between, or overtakes another, leaves a sequence that is too low, and applying
//! changes again does no harm.

mod breaker;

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use kechuang_domain::{RecordId, Region};
use qdrant_client::{
    Payload, Qdrant, QdrantError,
    qdrant::{
        Condition, CreateAliasBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder,
        DeletePointsBuilder, Distance, FieldType, Filter, GetPointsBuilder, PointId, PointStruct,
        QueryPointsBuilder, Range, ScoredPoint, ScrollPointsBuilder, SearchParamsBuilder,
        UpsertPointsBuilder, Value, VectorParamsBuilder, point_id::PointIdOptions, value::Kind,
    },
};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Applied, VectorChange, VectorEntry, VectorHit, VectorQuery, by_rank};
use crate::{Depth, IndexError, Result};
use breaker::Breaker;

/// Points in one message.
const POINTS_PER_CALL: usize = 256;
/// How far the graph is looked through; exact below Qdrant's threshold for building one.
const SEARCH_BREADTH: u64 = 256;

/// The number of gRPC's status NOT_FOUND.
const NOT_FOUND: i32 = 5;

const LIBRARY: &str = "library";
const REGION: &str = "region";
const REVISION: &str = "revision";
const SEQ: &str = "applied_seq";
const MARK: &str = "applied_mark";

/// Where the server is and how it is spoken to.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterSettings {
    /// Its gRPC address, such as `http://127.0.0.1:6334`.
    pub url: String,
    /// The key it asks for.
    pub api_key: Option<String>,
    /// Before the names of collections, so that installations can share a server.
    pub prefix: String,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl fmt::Debug for ClusterSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterSettings").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A collection of a Qdrant server.
pub struct ClusterIndex {
    client: Qdrant,
    settings: ClusterSettings,
    collection: String,
    width: usize,
    /// Whether the collection has been seen or made.
    made: Mutex<bool>,
    known_seq: AtomicI64,
    breaker: Breaker,
}

impl ClusterIndex {
    /// The collection of the encoder `key`. The server is not asked yet, so that a program starts while it
    /// is away; at the first question the collection is made where there is none.
    ///
    /// # Errors
    /// [`IndexError::Server`] for an address that is none.
    pub fn new(settings: &ClusterSettings, key: &str, width: usize) -> Result<Self> {
        let client = Qdrant::from_url(&settings.url)
            .api_key(settings.api_key.clone())
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout)
            .skip_compatibility_check()
            .build()
            .map_err(failed)?;
        Ok(Self {
            client,
            settings: settings.clone(),
            collection: format!("{}_{key}", settings.prefix),
            width,
            made: Mutex::new(false),
            known_seq: AtomicI64::new(0),
            breaker: Breaker::default(),
        })
    }

    /// The client, once the collection is known to be there.
    async fn ready(&self) -> Result<&Qdrant> {
        let mut made = self.made.lock().await;
        // Whoever waited for the lock need not wait for a server that has just failed.
        self.breaker.check()?;
        if !*made {
            let timeout = self.settings.timeout;
            let answer = tokio::time::timeout(timeout, self.make_collection()).await;
            let answer = answer.unwrap_or_else(|_| Err(silent(timeout)));
            self.breaker.saw(answer.as_ref().err());
            answer?;
            *made = true;
        }
        Ok(&self.client)
    }

    async fn make_collection(&self) -> Result<()> {
        let name = &self.collection;
        if self.client.collection_exists(name).await.map_err(failed)? {
            let info = self.client.collection_info(name).await.map_err(failed)?;
            let width = info
                .result
                .and_then(|info| info.config?.params?.vectors_config?.config)
                .and_then(|config| match config {
                    qdrant_client::qdrant::vectors_config::Config::Params(params) => {
                        Some(params.size)
                    }
                    qdrant_client::qdrant::vectors_config::Config::ParamsMap(_) => None,
                });
            if width != Some(self.width as u64) {
                return Err(IndexError::Outdated(format!("collection {name} is of another width")));
            }
        } else {
            // Vectors have length 1, so that their product is the cosine.
            let vectors = VectorParamsBuilder::new(self.width as u64, Distance::Dot).on_disk(true);
            let collection = CreateCollectionBuilder::new(name).vectors_config(vectors);
            self.client.create_collection(collection).await.map_err(failed)?;
        }
        // Also where the collection is there: whoever made it may not have come to these.
        for (field, kind) in [(LIBRARY, FieldType::Keyword), (REGION, FieldType::Integer)] {
            let index = CreateFieldIndexCollectionBuilder::new(name, field, kind).wait(true);
            self.client.create_field_index(index).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Makes the alias name this collection, and deletes this installation's collections of other
    /// encoders but the one the alias named before: another node may still answer from it.
    ///
    /// # Errors
    /// [`IndexError::Server`].
    pub async fn make_current(&self) -> Result<()> {
        let prefix = &self.settings.prefix;
        let aliases = self.client.list_aliases().await.map_err(failed)?.aliases;
        let former = aliases.into_iter().find(|alias| alias.alias_name == *prefix);
        let former = former.map(|alias| alias.collection_name);
        if former.as_ref() == Some(&self.collection) {
            return Ok(());
        }
        if former.is_some() {
            self.client.delete_alias(prefix.clone()).await.map_err(failed)?;
        }
        let alias = CreateAliasBuilder::new(&self.collection, prefix);
        self.client.create_alias(alias).await.map_err(failed)?;
        let collections = self.client.list_collections().await.map_err(failed)?.collections;
        for other in collections.into_iter().map(|one| one.name) {
            let is_kept = other == self.collection || Some(&other) == former.as_ref();
            if is_generation(prefix, &other) && !is_kept {
                self.client.delete_collection(other).await.map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Deletes the collection with all that is in it.
    ///
    /// # Errors
    /// [`IndexError::Server`].
    pub async fn delete(&self) -> Result<()> {
        let mut made = self.made.lock().await;
        self.client.delete_collection(&self.collection).await.map_err(failed)?;
        self.known_seq.store(0, Ordering::Relaxed);
        *made = false;
        Ok(())
    }

    pub(super) async fn search(&self, query: &VectorQuery<'_>) -> Result<Vec<VectorHit>> {
        self.check_width(query.vector)?;
        let library = Condition::matches(LIBRARY, query.library.code().to_owned());
        let (filter, limit, exact) = match query.depth {
            Depth::Best(most) => {
                let mut filter = Filter::must([library]);
                filter.must.extend(query.region.map(within));
                (filter, most, false)
            }
            Depth::Closed(ids) => {
                let ids = ids.iter().map(|id| point_id(*id));
                (Filter::must([library, Condition::has_id(ids)]), ids_len(query), true)
            }
        };
        if limit == 0 {
            return Ok(Vec::new());
        }
        let params = SearchParamsBuilder::default().hnsw_ef(SEARCH_BREADTH).exact(exact);
        let request = QueryPointsBuilder::new(&self.collection)
            .query(query.vector.to_vec())
            .filter(filter)
            .limit(limit as u64)
            .params(params)
            .with_payload(true);
        let answer = self.guarded(self.ready().await?.query(request)).await?;
        let mut hits: Vec<_> = answer.result.into_iter().filter_map(hit).collect();
        hits.sort_unstable_by(by_rank);
        Ok(hits)
    }

    pub(super) async fn apply(&self, changes: &[VectorChange], applied: &Applied) -> Result<()> {
        // Of several changes of one record the last counts, in whatever order they are sent.
        let mut last: HashMap<RecordId, Option<&VectorEntry>> = HashMap::new();
        for change in changes {
            match change {
                VectorChange::Put(entry) => {
                    self.check_width(&entry.vector)?;
                    last.insert(entry.id, Some(entry));
                }
                VectorChange::Remove(id) => drop(last.insert(*id, None)),
            }
        }
        let points: Vec<_> = last.values().flatten().map(|entry| point(entry)).collect();
        let removed: Vec<_> =
            last.iter().filter(|(_, put)| put.is_none()).map(|(id, _)| point_id(*id)).collect();
        let client = self.ready().await?;
        for points in points.chunks(POINTS_PER_CALL) {
            let request = UpsertPointsBuilder::new(&self.collection, points.to_vec()).wait(true);
            client.upsert_points(request).await.map_err(failed)?;
        }
        if !removed.is_empty() {
            let request = DeletePointsBuilder::new(&self.collection).points(removed).wait(true);
            client.delete_points(request).await.map_err(failed)?;
        }
        let mut mark = Payload::new();
        mark.insert(SEQ, applied.seq);
        mark.insert(MARK, applied.mark.clone());
        let mut first = vec![0.0; self.width];
        first[0] = 1.0;
        let point = PointStruct::new(Uuid::nil().to_string(), first, mark);
        let request = UpsertPointsBuilder::new(&self.collection, vec![point]).wait(true);
        client.upsert_points(request).await.map_err(failed)?;
        self.known_seq.store(applied.seq, Ordering::Relaxed);
        Ok(())
    }

    pub(super) async fn applied(&self) -> Result<Applied> {
        let nil: PointId = Uuid::nil().to_string().into();
        let request = GetPointsBuilder::new(&self.collection, vec![nil]).with_payload(true);
        let answer = self.guarded(self.ready().await?.get_points(request)).await?;
        let applied = answer.result.into_iter().next().map_or_else(Applied::default, |point| {
            let mark = point.payload.get(MARK).and_then(Value::as_str).cloned().unwrap_or_default();
            Applied { seq: integer(&point.payload, SEQ), mark }
        });
        self.known_seq.store(applied.seq, Ordering::Relaxed);
        Ok(applied)
    }

    pub(super) fn known_seq(&self) -> i64 {
        self.known_seq.load(Ordering::Relaxed)
    }

    pub(super) async fn records(&self) -> Result<Vec<(RecordId, i64)>> {
        let client = self.ready().await?;
        let mut records = Vec::new();
        let mut next: Option<PointId> = None;
        loop {
            let mut request =
                ScrollPointsBuilder::new(&self.collection).limit(1000).with_payload(true);
            if let Some(offset) = next {
                request = request.offset(offset);
            }
            let page = client.scroll(request).await.map_err(failed)?;
            for point in page.result {
                if let Some(id) = point.id.and_then(record_id).filter(|id| !id.uuid().is_nil()) {
                    records.push((id, integer(&point.payload, REVISION)));
                }
            }
            next = page.next_page_offset;
            if next.is_none() {
                records.sort_unstable();
                return Ok(records);
            }
        }
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    pub(super) async fn health(&self) -> Result<()> {
        self.applied().await.map(drop)
    }

    /// Asks the server, unless it has just failed: people must not wait for a server that is away.
    async fn guarded<T>(
        &self,
        asked: impl Future<Output = std::result::Result<T, QdrantError>>,
    ) -> Result<T> {
        self.breaker.check()?;
        // The client's own limit does not cover looking the name up and connecting again.
        let answer = tokio::time::timeout(self.settings.timeout, asked).await;
        let answer = match answer {
            Ok(Err(error)) => {
                // Somebody has deleted the collection: it is made again at the next question.
                if is_missing(&error) {
                    *self.made.lock().await = false;
                }
                Err(failed(error))
            }
            Ok(answer) => answer.map_err(failed),
            Err(_) => Err(silent(self.settings.timeout)),
        };
        self.breaker.saw(answer.as_ref().err());
        answer
    }

    fn check_width(&self, vector: &[f32]) -> Result<()> {
        if vector.len() == self.width {
            return Ok(());
        }
        Err(IndexError::Width { wanted: self.width, given: vector.len() })
    }
}

impl fmt::Debug for ClusterIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterIndex").field("collection", &self.collection).finish_non_exhaustive()
    }
}

fn silent(timeout: Duration) -> IndexError {
    IndexError::Server(format!("no answer within {} ms", timeout.as_millis()))
}

fn is_missing(error: &QdrantError) -> bool {
    matches!(error, QdrantError::ResponseError { status } if i32::from(status.code()) == NOT_FOUND)
}

/// Whether a collection is one of this installation's: its prefix and an encoder's key. Others share the
/// server, perhaps with a prefix that begins like this one.
fn is_generation(prefix: &str, collection: &str) -> bool {
    let key = collection.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    key.is_some_and(|key| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn ids_len(query: &VectorQuery<'_>) -> usize {
    match query.depth {
        Depth::Best(most) => most,
        Depth::Closed(ids) => ids.len(),
    }
}

fn within(region: Region) -> Condition {
    let range = if region.number() == 100_000 { 0..u32::MAX } else { region.range() };
    let bounds =
        Range { gte: Some(range.start.into()), lt: Some(range.end.into()), ..Range::default() };
    Condition::range(REGION, bounds)
}

fn point(entry: &VectorEntry) -> PointStruct {
    let mut payload = Payload::new();
    payload.insert(LIBRARY, entry.library.code().to_owned());
    payload.insert(REVISION, entry.revision);
    if let Some(region) = entry.region {
        payload.insert(REGION, i64::from(region.number()));
    }
    PointStruct::new(point_id(entry.id), entry.vector.clone(), payload)
}

fn point_id(id: RecordId) -> PointId {
    id.uuid().to_string().into()
}

fn record_id(id: PointId) -> Option<RecordId> {
    match id.point_id_options? {
        PointIdOptions::Uuid(uuid) => uuid.parse().ok(),
        PointIdOptions::Num(_) => None,
    }
}

fn hit(point: ScoredPoint) -> Option<VectorHit> {
    let revision = integer(&point.payload, REVISION);
    Some(VectorHit { id: record_id(point.id?)?, revision, score: point.score })
}

fn integer(payload: &HashMap<String, Value>, name: &str) -> i64 {
    match payload.get(name).and_then(|value| value.kind.as_ref()) {
        Some(Kind::IntegerValue(number)) => *number,
        _ => 0,
    }
}

fn failed(error: QdrantError) -> IndexError {
    let what = match &error {
        QdrantError::ResponseError { status } => {
            format!("{}: {}", status.code(), status.message())
        }
        other => other.to_string(),
    };
    IndexError::Server(what)
}
