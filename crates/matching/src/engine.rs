//! The engine's main job.

use std::{collections::HashSet, sync::Arc};

use kechuang_domain::{
    Degraded, DegradedReason, Library, MatchOutcome, MatchRequest, MatchedSource, ProblemCode,
    RecordId, Stage, Timestamp, request::TOP_LIMIT,
};
use kechuang_index::{Analyser, Hit, LexicalIndex, Snapshot};
use kechuang_ranking::{
    Profile, Profiles, RankInput, SupportCues, need_terms, profile::DEFAULT_PROFILE, rank,
};
use kechuang_reading::{Headings, ResourceCues};
use kechuang_store::Store;
use kechuang_text::Lexicon;

use crate::{
    MatchError, Result,
    answer::answer,
    hydrate::{self, Asker, Records, can_answer, texts},
    recall::{SourceWords, choose_terms, recall},
    run::{RunScores, Section},
    source::{self, ReadSource},
};

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
    /// Phrases that speak of resources.
    pub resources: Arc<ResourceCues>,
    /// What support fits what kind of demand.
    pub support: Arc<SupportCues>,
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

    /// What the engine goes by.
    pub(crate) const fn rules(&self) -> &Rules {
        &self.rules
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
        let words = SourceWords::of(self.lexicon(), &source);
        let main = self.recall_main(&snapshot, profile, request, &source, &words)?;
        let (library, is_open) = (main.library, request.candidates.is_none());
        let mut records = Records::new();
        let today = now.china_date();
        let applicant = source.applicant.clone();
        let asker = Asker { applicant: &applicant, viewer: request.viewer, today };
        let main = self.hydrate_head(main, asker, &mut records).await?;
        let mut sections =
            vec![self.section(&snapshot, profile, request, &source, main, &records, asker)?];
        let texts = texts(&records, request.viewer);
        let ranked = rank(self.lexicon(), profile, &source.needs, &sections[0].input, &texts);
        drop(texts);
        let mut beside = None;
        if library == Library::Achievement && is_open {
            let (by, recalled) = self.recall_beside(
                &snapshot, profile, request, &source, &words, &ranked, &records, today,
            )?;
            beside = Some(by);
            for part in recalled {
                let part = self.hydrate_head(part, asker, &mut records).await?;
                let section =
                    self.section(&snapshot, profile, request, &source, part, &records, asker)?;
                sections.push(section);
            }
        }
        let scores = RunScores {
            profile: profile.clone(),
            source: source.source,
            needs: source.needs,
            viewer: request.viewer,
            sections,
            degraded,
            beside,
        };
        let (outcome, order) = answer(self.lexicon(), &scores, &records, Some(ranked));
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
        source::read(&self.store, &self.rules, request).await
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

    /// Recall over the main library.
    fn recall_main(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        request: &MatchRequest,
        source: &ReadSource,
        words: &SourceWords,
    ) -> Result<Recalled> {
        let library = main_library(source.source.library);
        let closed: Option<HashSet<RecordId>> =
            request.candidates.as_ref().map(|ids| ids.iter().copied().collect());
        let terms = choose_terms(self.lexicon(), snapshot, profile, library, words)?;
        let hits = recall(snapshot, profile, library, &terms, request.region, closed.as_ref())?;
        let head = match closed {
            Some(_) => hits.len(),
            None => request.top.max(profile.coverage.head).min(hits.len()),
        };
        Ok(Recalled { library, hits, head })
    }

    /// Reads a list from its best hit on until enough of its records fit; those that do not are past
    /// their day, or meant for others.
    async fn hydrate_head(
        &self,
        mut part: Recalled,
        asker: Asker<'_>,
        records: &mut Records,
    ) -> Result<Recalled> {
        let (mut read, mut fitting) = (0, 0);
        while fitting < part.head && read < part.hits.len() {
            let next = part.hits.len().min(read + part.head - fitting);
            let ids: Vec<RecordId> = part.hits[read..next].iter().map(|hit| hit.id).collect();
            let some = hydrate::newest(&self.store, ids, asker.viewer).await?;
            fitting += some.values().filter(|one| can_answer(one, asker)).count();
            records.extend(some);
            read = next;
        }
        part.head = read;
        Ok(part)
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where all parts of a list meet")]
    fn section(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        request: &MatchRequest,
        source: &ReadSource,
        part: Recalled,
        records: &Records,
        asker: Asker<'_>,
    ) -> Result<Section> {
        let fits = |stored: &_| can_answer(stored, asker);
        let (candidates, head) = hydrate::candidates(&part.hits, part.head, records, fits);
        let needs =
            need_terms(self.lexicon(), &source.needs, profile.coverage.generic_weight, |word| {
                snapshot.idf(part.library, Analyser::Words, word)
            })?;
        let (top, min_coverage) = shown(profile, request, &source.source, part.library);
        let input = RankInput { needs, candidates, head };
        Ok(Section { library: part.library, input, top, min_coverage })
    }
}

/// What recall found in one library.
pub(crate) struct Recalled {
    pub(crate) library: Library,
    pub(crate) hits: Vec<Hit>,
    /// How many of the hits are wanted, then how many were read to find them.
    pub(crate) head: usize,
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
