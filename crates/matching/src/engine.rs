//! The engine's main job.

use std::{collections::HashSet, sync::Arc};

use kechuang_domain::{
    Date, Degraded, DegradedReason, Library, MatchOutcome, MatchRequest, MatchedSource,
    ProblemCode, RecordId, Stage, Timestamp, Viewer, request::TOP_LIMIT,
};
use kechuang_index::{Analyser, Hit, LexicalIndex, Snapshot};
use kechuang_ranking::{Profile, Profiles, RankInput, need_terms, profile::DEFAULT_PROFILE};
use kechuang_reading::Headings;
use kechuang_store::Store;
use kechuang_text::Lexicon;

use crate::{
    MatchError, Result,
    answer::answer,
    hydrate::{self, Records, can_answer},
    recall::{SourceWords, choose_terms, recall},
    run::{RunScores, Section},
    source::{self, ReadSource},
};

/// Resources and policies that recall hands on, at most: a handful is shown of them.
const BESIDE_HEAD: usize = 30;

/// The parts of the engine, wired by the command line.
#[derive(Debug)]
pub struct Engine {
    store: Store,
    index: LexicalIndex,
    rules: Rules,
}

/// What the engine goes by beside the records: data of the installation, shared by every engine in a
/// process.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Words, characters and units.
    pub lexicon: Arc<Lexicon>,
    /// Headings of demands.
    pub headings: Arc<Headings>,
    /// Rank profiles.
    pub profiles: Arc<Profiles>,
}

/// An answer with what it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The answer.
    pub outcome: MatchOutcome,
    /// Everything that fusion and what follows started from.
    pub scores: RunScores,
    /// The change sequence that the index had applied.
    pub applied_seq: i64,
    /// Every candidate of the main list with its final score, best first.
    pub order: Vec<(RecordId, f64)>,
}

impl Engine {
    /// An engine over an open store and index.
    #[must_use]
    pub const fn new(store: Store, index: LexicalIndex, rules: Rules) -> Self {
        Self { store, index, rules }
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The lexical index.
    #[must_use]
    pub const fn index(&self) -> &LexicalIndex {
        &self.index
    }

    /// The lexicon that index and queries share.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.rules.lexicon
    }

    /// The rank profiles.
    #[must_use]
    pub fn profiles(&self) -> &Profiles {
        &self.rules.profiles
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`MatchError::Request`] where the request cannot be answered as it is; otherwise what the
    /// store or the index says.
    pub async fn find(&self, request: &MatchRequest, now: Timestamp) -> Result<Found> {
        let profile = self.profile_of(request)?;
        let source = self.read_source(request).await?;
        let snapshot = self.index.snapshot();
        let degraded = self.degraded(profile, &snapshot).await?;
        let mut recalled = self.recall_all(&snapshot, profile, request, &source)?;
        let today = now.china_date();
        let records =
            self.hydrate_heads(&mut recalled, &source.source, request.viewer, today).await?;
        let scores =
            self.scores(&snapshot, profile, request, source, recalled, &records, degraded, today)?;
        let (outcome, order) = answer(self.lexicon(), &scores, &records);
        Ok(Found { outcome, order, scores, applied_seq: snapshot.applied_seq() })
    }

    fn profile_of(&self, request: &MatchRequest) -> Result<&Profile> {
        let name = request.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
        self.rules.profiles.get(name).ok_or_else(|| {
            let known: Vec<_> = self.rules.profiles.names().collect();
            MatchError::request(
                ProblemCode::UnknownProfile,
                format!("没有名为「{name}」的排序方案；可用：{}", known.join("、")),
            )
        })
    }

    async fn read_source(&self, request: &MatchRequest) -> Result<ReadSource> {
        if !(1..=TOP_LIMIT).contains(&request.top) {
            return Err(MatchError::request(
                ProblemCode::InvalidField,
                format!("top 须在 1 到 {TOP_LIMIT} 之间，现为 {}", request.top),
            ));
        }
        source::read(&self.store, &self.rules, &request.source, request.viewer).await
    }

    /// What of the profile's stages is missing, and whether the index is behind the store.
    async fn degraded(&self, profile: &Profile, snapshot: &Snapshot) -> Result<Vec<Degraded>> {
        let mut degraded: Vec<Degraded> = profile
            .stages
            .iter()
            .filter(|stage| {
                matches!(stage, Stage::Vector | Stage::CrossEncoder | Stage::LargeModel)
            })
            .map(|stage| Degraded {
                stage: *stage,
                reason: DegradedReason::NotInstalled,
                message: format!("未安装{}，本次结果未经这一步", stage.label()),
            })
            .collect();
        let head = self.store.change_head().await?;
        if snapshot.applied_seq() < head {
            let behind = head - snapshot.applied_seq();
            degraded.push(Degraded {
                stage: Stage::Lexical,
                reason: DegradedReason::Behind,
                message: format!("索引尚有 {behind} 项更新未跟上，新近的记录可能未参与本次匹配"),
            });
        }
        Ok(degraded)
    }

    /// Recall over the main library, and equipment and policies beside achievements.
    fn recall_all(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        request: &MatchRequest,
        source: &ReadSource,
    ) -> Result<Vec<Recalled>> {
        let words = SourceWords::of(self.lexicon(), source);
        let main = main_library(source.source.library);
        let closed: Option<HashSet<RecordId>> =
            request.candidates.as_ref().map(|ids| ids.iter().copied().collect());
        let mut libraries = vec![main];
        if main == Library::Achievement && closed.is_none() {
            libraries.extend([Library::Equipment, Library::Policy]);
        }
        let mut recalled = Vec::with_capacity(libraries.len());
        for library in libraries {
            let is_main = library == main;
            let terms = choose_terms(self.lexicon(), snapshot, profile, library, &words)?;
            let region = request.region.filter(|_| is_main);
            let closed = closed.as_ref().filter(|_| is_main);
            let hits = recall(snapshot, profile, library, &terms, region, closed)?;
            let head = match closed {
                Some(_) => hits.len(),
                None if is_main => request.top.max(profile.coverage.head),
                None => BESIDE_HEAD,
            };
            recalled.push(Recalled { library, head: head.min(hits.len()), hits });
        }
        Ok(recalled)
    }

    /// Reads each list from its best hit on until enough of its records fit; those that do not are
    /// past their day, or meant for others.
    async fn hydrate_heads(
        &self,
        recalled: &mut [Recalled],
        source: &MatchedSource,
        viewer: Viewer,
        today: Date,
    ) -> Result<Records> {
        let mut records = Records::new();
        for part in recalled {
            let (mut read, mut fitting) = (0, 0);
            while fitting < part.head && read < part.hits.len() {
                let next = part.hits.len().min(read + part.head - fitting);
                let ids: Vec<RecordId> = part.hits[read..next].iter().map(|hit| hit.id).collect();
                let some = hydrate::newest(&self.store, ids, viewer).await?;
                fitting += some.values().filter(|one| can_answer(one, source, today)).count();
                records.extend(some);
                read = next;
            }
            part.head = read;
        }
        Ok(records)
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where all parts of a run meet")]
    fn scores(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        request: &MatchRequest,
        source: ReadSource,
        recalled: Vec<Recalled>,
        records: &Records,
        degraded: Vec<Degraded>,
        today: Date,
    ) -> Result<RunScores> {
        let mut sections = Vec::with_capacity(recalled.len());
        for part in recalled {
            let fits = |stored: &_| can_answer(stored, &source.source, today);
            let (candidates, head) = hydrate::candidates(&part.hits, part.head, records, fits);
            let needs = need_terms(
                self.lexicon(),
                &source.needs,
                profile.coverage.generic_weight,
                |word| snapshot.idf(part.library, Analyser::Words, word),
            )?;
            let (top, min_coverage) = shown(profile, request, &source.source, part.library);
            sections.push(Section {
                library: part.library,
                input: RankInput { needs, candidates, head },
                top,
                min_coverage,
            });
        }
        Ok(RunScores {
            profile: profile.clone(),
            source: source.source,
            needs: source.needs,
            viewer: request.viewer,
            sections,
            degraded,
        })
    }
}

/// What recall found in one library.
struct Recalled {
    library: Library,
    hits: Vec<Hit>,
    /// How many of the hits are wanted, then how many were read to find them.
    head: usize,
}

/// A demand asks achievements; an achievement asks demands.
const fn main_library(source: Library) -> Library {
    match source {
        Library::Achievement => Library::Demand,
        Library::Demand | Library::Equipment | Library::Policy => Library::Achievement,
    }
}

/// How many matches of a library are shown, and from which coverage on.
const fn shown(
    profile: &Profile,
    request: &MatchRequest,
    source: &MatchedSource,
    library: Library,
) -> (usize, f64) {
    match library {
        Library::Achievement | Library::Demand => (request.top, 0.0),
        Library::Equipment => (profile.beside.equipment_top, profile.beside.equipment_min_coverage),
        // A policy for the source's own chain fits by that alone.
        Library::Policy if source.chain.is_some() => (profile.beside.policy_top, 0.0),
        Library::Policy => (profile.beside.policy_top, profile.beside.policy_min_coverage),
    }
}
