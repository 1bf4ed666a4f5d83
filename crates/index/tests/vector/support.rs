//! Indexes of both kinds, and vectors to fill them with.

use std::{collections::HashSet, time::Duration};

use kechuang_domain::{Library, RecordId, Region};
use kechuang_index::{
    ClusterIndex, ClusterSettings, Depth, ExactIndex, VectorChange, VectorEntry, VectorHit,
    VectorIndex, VectorQuery,
};
use uuid::Uuid;

pub(crate) const WIDTH: usize = 48;
/// Where a Qdrant server answers; without it the cluster's tests are skipped.
pub(crate) const SERVER: &str = "KECHUANG_TEST_QDRANT";

/// An index that lives as long as the test.
pub(crate) struct Scene {
    pub(crate) index: VectorIndex,
    kind: Kind,
}

enum Kind {
    Borrowed,
    Exact(tempfile::TempDir),
    Cluster(ClusterSettings),
}

impl Scene {
    /// An index whose folder the test keeps.
    pub(crate) fn of(index: VectorIndex) -> Self {
        Self { index, kind: Kind::Borrowed }
    }

    pub(crate) async fn exact() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let index = ExactIndex::open(folder.path(), "key", WIDTH).expect("an index");
        Self { index: VectorIndex::Exact(index), kind: Kind::Exact(folder) }
    }

    /// `None`, said aloud, where there is no server.
    pub(crate) async fn cluster() -> Option<Self> {
        let Ok(url) = std::env::var(SERVER) else {
            eprintln!("skipped: no {SERVER}, the contract does not run on Qdrant");
            return None;
        };
        let prefix = format!("test_{}", Uuid::new_v4().simple());
        let timeout = Duration::from_secs(20);
        let settings = ClusterSettings { url, api_key: None, prefix, timeout };
        let index = ClusterIndex::new(&settings, "key", WIDTH).expect("an index");
        Some(Self { index: VectorIndex::Cluster(index), kind: Kind::Cluster(settings) })
    }

    /// The same index, opened again.
    pub(crate) async fn reopen(self) -> Self {
        let Self { index, kind } = self;
        drop(index);
        let index = match &kind {
            Kind::Borrowed => panic!("the test opens it itself"),
            Kind::Exact(folder) => VectorIndex::Exact(
                ExactIndex::open(folder.path(), "key", WIDTH).expect("the index again"),
            ),
            Kind::Cluster(settings) => VectorIndex::Cluster(
                ClusterIndex::new(settings, "key", WIDTH).expect("the index again"),
            ),
        };
        Self { index, kind }
    }

    pub(crate) async fn end(self) {
        if let VectorIndex::Cluster(index) = self.index {
            index.delete().await.expect("a collection to delete");
        }
    }

    pub(crate) async fn find(&self, vector: &[f32], depth: Depth<'_>) -> Vec<VectorHit> {
        self.find_in(vector, Library::Achievement, None, depth).await
    }

    pub(crate) async fn find_in(
        &self,
        vector: &[f32],
        library: Library,
        region: Option<Region>,
        depth: Depth<'_>,
    ) -> Vec<VectorHit> {
        let query = VectorQuery { vector, library, region, depth };
        self.index.search(&query).await.expect("hits")
    }
}

pub(crate) fn id(number: u64) -> RecordId {
    RecordId::from_uuid(Uuid::from_u64_pair(7, number))
}

/// A vector of length 1 that depends on its number alone, near those of the same hundred.
pub(crate) fn vector(number: u64) -> Vec<f32> {
    let mut state = number / 100 * 7919 + 17;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as f32 / (1_u64 << 31) as f32) - 0.5
    };
    let centre: Vec<f32> = (0..WIDTH).map(|_| next()).collect();
    let mut state = number * 104_729 + 3;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as f32 / (1_u64 << 31) as f32) - 0.5
    };
    let near: Vec<f32> = centre.iter().map(|number| number + 0.5 * next()).collect();
    let length = near.iter().map(|number| number * number).sum::<f32>().sqrt();
    near.into_iter().map(|number| number / length).collect()
}

pub(crate) fn put(number: u64) -> VectorChange {
    VectorChange::Put(entry(number))
}

/// A removal that the record's `revision` brings.
pub(crate) fn remove(number: u64, revision: i64) -> VectorChange {
    VectorChange::Remove { id: id(number), revision }
}

pub(crate) fn entry(number: u64) -> VectorEntry {
    let region = ["141102", "141181", "110000"][(number % 3) as usize];
    VectorEntry {
        id: id(number),
        revision: 1,
        library: if number.is_multiple_of(5) { Library::Demand } else { Library::Achievement },
        region: Some(region.parse().expect("a division")),
        vector: vector(number),
    }
}

/// The answer by comparing everything.
pub(crate) fn compared(
    entries: &[VectorEntry],
    query: &[f32],
    most: usize,
) -> Vec<(RecordId, f32)> {
    let mut all: Vec<_> = entries
        .iter()
        .filter(|entry| entry.library == Library::Achievement)
        .map(|entry| (entry.id, entry.vector.iter().zip(query).map(|(a, b)| a * b).sum::<f32>()))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(most);
    all
}

pub(crate) fn ids(hits: &[VectorHit]) -> Vec<RecordId> {
    hits.iter().map(|hit| hit.id).collect()
}

pub(crate) fn set(numbers: &[u64]) -> HashSet<RecordId> {
    numbers.iter().map(|number| id(*number)).collect()
}
