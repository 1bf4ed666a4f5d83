//! Search by a Qdrant server, for more records than one machine scans, and for several nodes.
//!
//! Every encoder has a collection of its own, `PREFIX_KEY`; the alias `PREFIX` names the one in use, for
//! people and other programs. A point is a record, and holds its newest revision whatever order nodes
//! write in. One more point, of the nil UUID, holds the applied sequence; it has no library, so that no
//! search finds it. It is written behind the changes it speaks of: a node that dies in between, or
//! overtakes another, leaves a sequence that is too low, and applying changes again does no harm.

mod breaker;
mod collection;
mod point;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    future::Future,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use kechuang_domain::RecordId;
use qdrant_client::{
    Qdrant, QdrantError,
    qdrant::{
        Condition, Filter, GetPointsBuilder, PointId, PointStruct, QueryPointsBuilder,
        ScrollPointsBuilder, SearchParamsBuilder, UpsertPointsBuilder,
    },
};
use tokio::sync::Mutex;

use super::{Applied, VectorChange, VectorHit, VectorQuery, by_rank};
use crate::{Depth, IndexError, Result};
use breaker::Breaker;

/// Points in one message.
const POINTS_PER_CALL: usize = 256;
/// How far the graph is looked through; exact below Qdrant's threshold for building one.
const SEARCH_BREADTH: u64 = 256;

/// The number of gRPC's status NOT_FOUND.
const NOT_FOUND: i32 = 5;

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

    pub(super) async fn search(&self, query: &VectorQuery<'_>) -> Result<Vec<VectorHit>> {
        self.check_width(query.vector)?;
        let library = Condition::matches(point::LIBRARY, query.library.code().to_owned());
        let (filter, limit, exact) = match query.depth {
            Depth::Best(most) => {
                let mut filter = Filter::must([library]);
                filter.must.extend(query.region.map(point::within));
                (filter, most, false)
            }
            Depth::Closed(ids) => {
                let ids = ids.iter().map(|id| point::point_id(*id));
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
        let mut hits: Vec<_> = answer.result.into_iter().filter_map(point::hit).collect();
        hits.sort_unstable_by(by_rank);
        Ok(hits)
    }

    pub(super) async fn apply(&self, changes: &[VectorChange], applied: &Applied) -> Result<()> {
        // Of several changes of one record the last counts, in whatever order they are sent.
        let mut last: HashMap<RecordId, &VectorChange> = HashMap::new();
        for change in changes {
            if let VectorChange::Put(entry) = change {
                self.check_width(&entry.vector)?;
            }
            last.insert(change.record(), change);
        }
        // The server compares a point with a number of the request, so a request holds one revision.
        let mut by_revision: BTreeMap<i64, Vec<PointStruct>> = BTreeMap::new();
        for change in last.into_values() {
            let (revision, point) = match change {
                VectorChange::Put(entry) => (entry.revision, point::found(entry)),
                VectorChange::Remove { id, revision } => {
                    (*revision, point::removed(*id, *revision, self.width))
                }
            };
            by_revision.entry(revision).or_default().push(point);
        }
        let client = self.ready().await?;
        for (revision, points) in by_revision {
            for points in points.chunks(POINTS_PER_CALL) {
                let request = UpsertPointsBuilder::new(&self.collection, points.to_vec())
                    .update_filter(point::up_to(revision))
                    .wait(true);
                client.upsert_points(request).await.map_err(failed)?;
            }
        }
        let mark = vec![point::applied(applied, self.width)];
        let request = UpsertPointsBuilder::new(&self.collection, mark).wait(true);
        client.upsert_points(request).await.map_err(failed)?;
        self.known_seq.store(applied.seq, Ordering::Relaxed);
        Ok(())
    }

    pub(super) async fn applied(&self) -> Result<Applied> {
        let request = GetPointsBuilder::new(&self.collection, vec![point::applied_id()]);
        let request = request.with_payload(true);
        let answer = self.guarded(self.ready().await?.get_points(request)).await?;
        let applied = answer.result.into_iter().next();
        let applied = applied.map(|found| point::read_applied(&found.payload)).unwrap_or_default();
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
            let found = page.result.into_iter();
            records.extend(found.filter_map(|found| point::record(found.id, &found.payload)));
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

fn ids_len(query: &VectorQuery<'_>) -> usize {
    match query.depth {
        Depth::Best(most) => most,
        Depth::Closed(ids) => ids.len(),
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
