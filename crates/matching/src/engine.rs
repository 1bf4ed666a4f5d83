//! The engine's main job.

use std::{
    collections::HashSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use kechuang_domain::{
    Assist, Degraded, DegradedReason, Library, MatchOutcome, MatchRequest, ProblemCode, RecordId,
    Stage, Timestamp, request::TOP_LIMIT,
};
use kechuang_index::{Analyser, Depth, LexicalIndex, Snapshot};
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
    learned::is_wanted,
    meaning::MeaningState,
    near::unavailable,
    neighbours::without_field,
    recall::{LibraryTerms, Recall, Scope, SourceWords, choose_terms, recall},
    recalled::{Recalled, explained, in_fused_order, main_library, shown},
    rerank::RerankerState,
    scores::{RunScores, Section},
    source::{self, ReadSource},
};

/// The parts of the engine, wired by the command line.
#[derive(Debug)]
pub struct Engine {
    store: Store,
    index: LexicalIndex,
    rules: Rules,
    meaning: RwLock<MeaningState>,
    reranker: RwLock<RerankerState>,
    /// Whether a large model judges what is saved.
    refining: AtomicBool,
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
    /// An engine over an open store and index, without models.
    #[must_use]
    pub fn new(store: Store, index: LexicalIndex, rules: Rules) -> Self {
        let absent = MeaningState::Absent("未装入编码模型".into());
        let (meaning, reranker) = (RwLock::new(absent), RwLock::new(RerankerState::NotWanted));
        Self { store, index, rules, meaning, reranker, refining: AtomicBool::new(false) }
    }

    /// How the engine compares meanings at the moment.
    #[must_use]
    pub fn meaning(&self) -> MeaningState {
        self.meaning.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes how meanings are compared, from the next request on.
    pub fn set_meaning(&self, meaning: MeaningState) {
        *self.meaning.write().unwrap_or_else(PoisonError::into_inner) = meaning;
    }

    /// The model that reads source and record together at the moment.
    #[must_use]
    pub fn reranker(&self) -> RerankerState {
        self.reranker.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes which model reads source and record together, from the next request on.
    pub fn set_reranker(&self, reranker: RerankerState) {
        *self.reranker.write().unwrap_or_else(PoisonError::into_inner) = reranker;
    }

    /// From now on a large model judges what is saved: whoever says so sees to it that the jobs are done.
    pub fn start_refining(&self) {
        self.refining.store(true, Ordering::Relaxed);
    }

    /// Whether a large model is to judge an answer.
    #[must_use]
    pub fn refines(&self, found: &Found) -> bool {
        let Found { scores, outcome, .. } = found;
        let is_open = scores.sections.first().is_some_and(|main| main.is_diverse);
        self.refining.load(Ordering::Relaxed)
            && is_open
            && scores.profile.large_model.depth > 0
            && outcome.achievements.len() > 1
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
        let mut profile = self.profile_of(request)?.clone();
        let source = self.read_source(request).await?;
        let snapshot = self.index.snapshot();
        let mut degraded = self.degraded(&profile, &snapshot).await?;
        let words = SourceWords::of(self.lexicon(), &source);
        let (main, encoder) =
            self.recall_main(&snapshot, &profile, request, &source, &words, &mut degraded).await?;
        let searched = snapshot.documents(main.library);
        let otherwise =
            encoder.as_deref().and_then(|key| fitted_otherwise(&mut profile, key, searched));
        degraded.extend(otherwise);
        let profile = &profile;
        let (library, is_open) = (main.library, request.candidates.is_none());
        let mut records = Records::new();
        let today = now.china_date();
        let applicant = source.applicant.clone();
        let asker = Asker { applicant: &applicant, viewer: request.viewer, today };
        let mut main = self.hydrate_head(profile, main, asker, &mut records).await?;
        let viewer = request.viewer;
        let asked = (&source, &words);
        self.learn(&snapshot, profile, asked, &mut main, &records, viewer, &mut degraded).await?;
        main.head = explained(profile, request, &main.found);
        let mut sections =
            vec![self.section(&snapshot, profile, request, &source, main, &records, asker)?];
        sections[0].led_often = self.led_often(profile, request, library, now).await?;
        degraded.extend(without_field(self.lexicon(), &sections[0], &source.source));
        let main = &mut sections[0].input;
        let texts = texts(&records, viewer, main.candidates.iter().take(main.head));
        let mut ranked = rank(self.lexicon(), profile, &source.needs, main, &texts);
        let cross_encoder =
            self.rerank(profile, &source, &ranked, main, &texts, &mut degraded).await;
        if cross_encoder.is_some() {
            ranked = rank(self.lexicon(), profile, &source.needs, main, &texts);
        }
        let shown = if request.candidates.is_some() { ranked.len() } else { request.top };
        let (needs, top) = (&source.needs, shown);
        self.add_near_sentences(profile, needs, top, &mut ranked, main, &texts, &mut degraded)
            .await;
        drop(texts);
        let mut beside = None;
        if library == Library::Achievement && is_open {
            let (by, recalled) = self.recall_beside(
                &snapshot, profile, request, &source, &words, &ranked, &records, today,
            )?;
            beside = Some(by);
            for part in recalled {
                let part = self.hydrate_head(profile, part, asker, &mut records).await?;
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
            encoder,
            cross_encoder,
            assist: Assist::None,
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
        if request.neighbours > request.top / 2 {
            let told = format!(
                "neighbours（留给相邻领域的位置）至多为 top 的一半，即 {}，现为 {}",
                request.top / 2,
                request.neighbours
            );
            return Err(MatchError::request(ProblemCode::InvalidField, told));
        }
        source::read(&self.store, &self.rules, request).await
    }

    /// What of the profile's stages is missing, and whether the index is behind the store.
    async fn degraded(&self, profile: &Profile, snapshot: &Snapshot) -> Result<Vec<Degraded>> {
        let mut degraded: Vec<Degraded> = profile
            .stages
            .iter()
            .filter(|stage| **stage == Stage::LargeModel)
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

    /// Recall over the main library, by words and by meaning; also tells which encoder took part.
    async fn recall_main(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        request: &MatchRequest,
        source: &ReadSource,
        words: &SourceWords,
        degraded: &mut Vec<Degraded>,
    ) -> Result<(Recalled, Option<String>)> {
        let (library, region) = (main_library(source.source.library), request.region);
        let closed: Option<HashSet<RecordId>> =
            request.candidates.as_ref().map(|ids| ids.iter().copied().collect());
        let mut near = None;
        if profile.stages.contains(&Stage::Vector) {
            let depth = closed.as_ref().map_or(Depth::Best(profile.vector.depth), Depth::Closed);
            near = self.near(profile, source, library, region, depth, degraded).await?;
        }
        let also: Option<HashSet<RecordId>> =
            near.as_ref().map(|near| near.cosines.keys().copied().collect());
        let terms = if profile.stages.contains(&Stage::Lexical) {
            choose_terms(self.lexicon(), snapshot, profile, library, words)?
        } else {
            LibraryTerms::default()
        };
        let scope = Scope { library, region, closed: closed.as_ref(), also: also.as_ref() };
        let Recall { candidates: mut found, titles_alone } =
            recall(snapshot, profile, &terms, scope)?;
        let mut encoder = None;
        if let Some(near) = near {
            encoder = Some(near.meaning.encoder.key().to_owned());
            if let Err(error) = near.give_to(&mut found, library).await {
                degraded.push(unavailable(profile, &error));
            }
        }
        let found = in_fused_order(profile, found);
        let head = explained(profile, request, &found);
        let main = Recalled { head, ..Recalled::of(library, found) };
        let learns = is_wanted(profile, library, words);
        Ok((if learns { Recalled { titles_alone, ..main } } else { main }, encoder))
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
        let ordered = part.ordered;
        let (candidates, head) = hydrate::candidates(part.found, part.head, records, fits);
        let needs =
            need_terms(self.lexicon(), &source.needs, profile.coverage.generic_weight, |word| {
                snapshot.idf(part.library, Analyser::Words, word)
            })?;
        let (top, min_coverage) = shown(profile, request, &source.source, part.library);
        let is_main = part.library == main_library(source.source.library);
        let targets = if is_main { source.targets.clone() } else { Vec::new() };
        let input = RankInput { needs, targets, candidates, head, ordered };
        let is_open = request.candidates.is_none();
        Ok(Section {
            library: part.library,
            input,
            top,
            min_coverage,
            searched: snapshot.documents(part.library),
            is_diverse: is_open && part.library == Library::Achievement,
            led_often: Vec::new(),
            neighbours: Some(request.neighbours).filter(|more| *more > 0 && is_open && is_main),
        })
    }
}

/// Takes out what was fitted with another encoder, and says so. A learned order stays: its features are compared within
/// a list only.
fn fitted_otherwise(profile: &mut Profile, encoder: &str, searched: u64) -> Option<Degraded> {
    let (level, were_others) = profile.level.as_ref()?.for_encoder(encoder);
    let would_be_told = searched >= level.least_records;
    profile.level = Some(level);
    (were_others && would_be_told).then(|| Degraded {
        stage: Stage::Learned,
        reason: DegradedReason::NotInstalled,
        message: "相关程度是按另一编码模型标定的，本次不告知；可用 kechuang train 重新标定"
            .to_owned(),
    })
}
