//! A benchmark in a scratch engine, ready to be matched.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kechuang_domain::{
    Content, Degraded, DegradedReason, Explanation, Library, MatchOutcome, MatchRequest,
    MatchSource, Prospect, RecordId, Viewer, Watch, request::TOP_LIMIT,
};
use kechuang_eval::{Judgements, Run};
use kechuang_ingest::Tables;
use kechuang_matching::{Found, Rules, clock};

use crate::{Bench, DemandText, LabError, Models, Progress, Result, Scratch};

/// Matches asked for in the open run: what recall@100 looks at.
const OPEN_TOP: usize = 100;

/// A benchmark whose records are in an engine.
pub(crate) struct LaidOut<'a> {
    pub(crate) scratch: Scratch,
    judgements: &'a Judgements,
    demands: BTreeMap<String, RecordId>,
    achievements: BTreeMap<String, RecordId>,
    keys: BTreeMap<RecordId, String>,
    /// Titles of achievements, by key.
    titles: BTreeMap<String, String>,
    /// Achievements with nothing but a title.
    pub(crate) titles_alone: BTreeSet<RecordId>,
}

/// The judged demands, matched with one profile.
pub(crate) struct Runs {
    /// Over what was judged for each demand.
    pub(crate) closed: Run,
    /// Over the library.
    pub(crate) open: Run,
    /// What the closed run came from, by demand.
    pub(crate) found: BTreeMap<String, Found>,
    /// What a user is shown of the library, by demand.
    shown: BTreeMap<String, MatchOutcome>,
}

impl Runs {
    /// The judged candidates of a demand, explained.
    pub(crate) fn judged(&self, demand: &str) -> impl Iterator<Item = (RecordId, &Explanation)> {
        explained(self.found.get(demand).map(|found| &found.outcome))
    }

    /// What is shown of the library for a demand, explained.
    pub(crate) fn shown(&self, demand: &str) -> impl Iterator<Item = (RecordId, &Explanation)> {
        explained(self.shown.get(demand))
    }

    /// How many achievements there were.
    pub(crate) fn searched(&self, demand: &str) -> u64 {
        self.shown.get(demand).map_or(0, |outcome| outcome.searched)
    }

    /// What a user is told to expect.
    pub(crate) fn prospect(&self, demand: &str) -> Option<Prospect> {
        self.shown.get(demand)?.prospect
    }
}

fn explained(outcome: Option<&MatchOutcome>) -> impl Iterator<Item = (RecordId, &Explanation)> {
    let matches = outcome.into_iter().flat_map(|outcome| &outcome.achievements);
    matches.map(|found| (found.record, &found.explanation))
}

type Scores = BTreeMap<String, Vec<(String, f64)>>;

impl<'a> LaidOut<'a> {
    /// Takes the benchmark in.
    pub(crate) async fn new(
        bench: &'a Bench,
        rules: &Rules,
        tables: Arc<Tables>,
        models: Models,
        told: impl Fn(Progress<'_>),
    ) -> Result<Self> {
        let mut scratch = Scratch::new(rules, Watch::nobody()).await?.with_tables(tables);
        scratch = scratch.with_encoders(models.encoders).await?;
        scratch.engine.set_reranker(models.reranker);
        told(Progress::TakingIn(Library::Achievement));
        let achievements = bench.rows(Library::Achievement)?;
        let achievements = scratch.take_in(Library::Achievement, achievements).await?;
        told(Progress::TakingIn(Library::Demand));
        let demands = scratch.take_in(Library::Demand, bench.rows(Library::Demand)?).await?;
        told(Progress::Indexing);
        scratch.index().await?;
        let records = read(&scratch, &achievements).await?;
        let title = |content: &Content| content.title_for(Viewer::Public).to_owned();
        let titles = records.iter().map(|(key, _, one)| (key.clone(), title(one))).collect();
        let alone =
            records.iter().filter(|(_, _, content)| content.has_title_alone(Viewer::Public));
        let titles_alone = alone.map(|(_, id, _)| *id).collect();
        let keys = achievements.iter().map(|(key, id)| (*id, key.clone())).collect();
        Ok(Self {
            scratch,
            judgements: &bench.judgements,
            demands,
            achievements,
            keys,
            titles,
            titles_alone,
        })
    }

    /// Matches every judged demand with a profile, over what was judged and over the library.
    pub(crate) async fn runs(&self, profile: &str, told: impl Fn(Progress<'_>)) -> Result<Runs> {
        let total = self.judgements.queries.len();
        let (mut closed, mut open) = (Scores::new(), Scores::new());
        let (mut all, mut shown) = (BTreeMap::new(), BTreeMap::new());
        for (done, (demand, judged)) in self.judgements.queries.iter().enumerate() {
            told(Progress::Matching { profile, done, total });
            let candidates = judged
                .keys()
                .map(|key| id_of(&self.achievements, key, Library::Achievement))
                .collect::<Result<Vec<_>>>()?;
            let source = MatchSource::Record(id_of(&self.demands, demand, Library::Demand)?);
            let request =
                MatchRequest { profile: Some(profile.to_owned()), ..MatchRequest::new(source) };
            let asked =
                MatchRequest { candidates: Some(candidates), top: TOP_LIMIT, ..request.clone() };
            let found = self.find(&asked).await?;
            closed.insert(demand.clone(), self.named(&found.order));
            all.insert(demand.clone(), found);
            shown.insert(demand.clone(), self.find(&request).await?.outcome);
            let asked = MatchRequest { top: OPEN_TOP, ..request };
            open.insert(demand.clone(), self.named(&self.find(&asked).await?.order));
        }
        Ok(Runs { closed: Run::new(closed)?, open: Run::new(open)?, found: all, shown })
    }

    async fn find(&self, request: &MatchRequest) -> Result<Found> {
        let found = self.scratch.engine.find(request, clock::now()).await?;
        // A stage that fails now and then would leave figures of neither system.
        let failed = |one: &&Degraded| one.reason == DegradedReason::Unavailable;
        match found.outcome.degraded.iter().find(failed) {
            Some(lacking) => Err(LabError::Bench(format!("评测中止：{}", lacking.message))),
            None => Ok(found),
        }
    }

    /// The title of an achievement.
    pub(crate) fn title(&self, key: &str) -> Option<&str> {
        self.titles.get(key).map(String::as_str)
    }

    /// The words of the judged demands, by key.
    pub(crate) async fn demand_texts(&self) -> Result<BTreeMap<String, DemandText>> {
        let judged = self.judgements.queries.keys();
        let judged = judged.filter_map(|key| Some((key.clone(), *self.demands.get(key)?)));
        let records = read(&self.scratch, &judged.collect()).await?;
        let text = |content: &Content| DemandText {
            title: content.title_for(Viewer::Public).to_owned(),
            text: content.below_title(Viewer::Public),
        };
        Ok(records.into_iter().map(|(key, _, content)| (key, text(&content))).collect())
    }

    /// The key that a record has in the benchmark.
    pub(crate) fn key(&self, id: RecordId) -> Option<&str> {
        self.keys.get(&id).map(String::as_str)
    }

    /// The achievement that has this key in the benchmark.
    pub(crate) fn id(&self, key: &str) -> Option<RecordId> {
        self.achievements.get(key).copied()
    }

    /// An order by the benchmark's keys.
    pub(crate) fn named(&self, order: &[(RecordId, f64)]) -> Vec<(String, f64)> {
        let named =
            order.iter().filter_map(|(id, score)| Some((self.key(*id)?.to_owned(), *score)));
        named.collect()
    }
}

/// Records with their keys and ids.
async fn read(
    scratch: &Scratch,
    ids: &BTreeMap<String, RecordId>,
) -> Result<Vec<(String, RecordId, Content)>> {
    let asked: Vec<RecordId> = ids.values().copied().collect();
    let records = scratch.engine.store().records(&asked).await?;
    let mut contents: BTreeMap<RecordId, Content> =
        records.into_iter().map(|stored| (stored.record.id, stored.record.content)).collect();
    let found = ids.iter().filter_map(|(key, id)| Some((key.clone(), *id, contents.remove(id)?)));
    Ok(found.collect())
}

fn id_of(ids: &BTreeMap<String, RecordId>, key: &str, library: Library) -> Result<RecordId> {
    ids.get(key).copied().ok_or_else(|| {
        let label = library.label();
        LabError::Bench(format!("qrels.tsv 中的编号「{key}」不在{label}文件里；请核对两个文件"))
    })
}
