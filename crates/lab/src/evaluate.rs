//! The project's four figures for rank profiles, through `Engine::find` and nothing else.

use std::{collections::BTreeMap, sync::Arc};

use kechuang_domain::{
    Degraded, DegradedReason, Library, MatchRequest, MatchSource, RecordId, Watch,
};
use kechuang_eval::{Evaluation, Judgements, Run};
use kechuang_inference::Encoder;
use kechuang_ingest::Tables;
use kechuang_matching::{Engine, RerankerState, Rules, clock};

use crate::{Bench, LabError, Result, Scratch};

/// Matches asked for in the open run: what recall@100 looks at.
const OPEN_TOP: usize = 100;

/// How far an evaluation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A library is being taken in.
    TakingIn(Library),
    /// The index is being built.
    Indexing,
    /// So many of so many demands are matched with a profile.
    Matching {
        /// Which profile.
        profile: &'a str,
        /// Demands that are done.
        done: usize,
        /// Demands in all.
        total: usize,
    },
}

/// The models that take part in an evaluation.
#[derive(Debug)]
pub struct Models {
    /// What compares meanings.
    pub encoder: Option<Arc<Encoder>>,
    /// What reads demand and achievement together.
    pub reranker: RerankerState,
}

/// The figures of each profile for every demand, by the profile's name.
///
/// # Errors
/// What the folder, the judgements or the engine say.
pub async fn evaluate(
    bench: &Bench,
    rules: &Rules,
    tables: Arc<Tables>,
    models: Models,
    profiles: &[String],
    told: impl Fn(Progress<'_>),
) -> Result<BTreeMap<String, Evaluation>> {
    let mut scratch = Scratch::new(rules, Watch::nobody()).await?.with_tables(tables);
    scratch = scratch.with_encoder(models.encoder).await?;
    scratch.engine.set_reranker(models.reranker);
    told(Progress::TakingIn(Library::Achievement));
    let achievements = bench.rows(Library::Achievement)?;
    let achievements = scratch.take_in(Library::Achievement, achievements).await?;
    told(Progress::TakingIn(Library::Demand));
    let demands = scratch.take_in(Library::Demand, bench.rows(Library::Demand)?).await?;
    told(Progress::Indexing);
    scratch.index().await?;

    let mut evaluations = BTreeMap::new();
    for profile in profiles {
        let matched = Matched {
            engine: &scratch.engine,
            judgements: &bench.judgements,
            profile,
            demands: &demands,
            achievements: &achievements,
        };
        let (closed, open) = matched.runs(&told).await?;
        let evaluation = Evaluation::new(&bench.judgements, &closed, &open)?;
        evaluations.insert(profile.clone(), evaluation);
    }
    Ok(evaluations)
}

/// The judged demands, matched with one profile.
struct Matched<'a> {
    engine: &'a Engine,
    judgements: &'a Judgements,
    profile: &'a str,
    demands: &'a BTreeMap<String, RecordId>,
    achievements: &'a BTreeMap<String, RecordId>,
}

type Scores = BTreeMap<String, Vec<(String, f64)>>;

impl Matched<'_> {
    /// The closed run, over what was judged for each demand, and the open one, over the library.
    async fn runs(&self, told: impl Fn(Progress<'_>)) -> Result<(Run, Run)> {
        let keys: BTreeMap<RecordId, &str> =
            self.achievements.iter().map(|(key, id)| (*id, key.as_str())).collect();
        let total = self.judgements.queries.len();
        let (mut closed, mut open) = (Scores::new(), Scores::new());
        for (done, (demand, judged)) in self.judgements.queries.iter().enumerate() {
            told(Progress::Matching { profile: self.profile, done, total });
            let candidates = judged
                .keys()
                .map(|key| id_of(self.achievements, key, Library::Achievement))
                .collect::<Result<Vec<_>>>()?;
            let source = MatchSource::Record(id_of(self.demands, demand, Library::Demand)?);
            let request = MatchRequest {
                profile: Some(self.profile.to_owned()),
                ..MatchRequest::new(source)
            };
            let asked = MatchRequest { candidates: Some(candidates), ..request.clone() };
            closed.insert(demand.clone(), self.order(&asked, &keys).await?);
            let asked = MatchRequest { top: OPEN_TOP, ..request };
            open.insert(demand.clone(), self.order(&asked, &keys).await?);
        }
        Ok((Run::new(closed)?, Run::new(open)?))
    }

    async fn order(
        &self,
        request: &MatchRequest,
        keys: &BTreeMap<RecordId, &str>,
    ) -> Result<Vec<(String, f64)>> {
        let found = self.engine.find(request, clock::now()).await?;
        // A stage that fails now and then would leave figures of neither system.
        let failed = |one: &&Degraded| one.reason == DegradedReason::Unavailable;
        if let Some(lacking) = found.outcome.degraded.iter().find(failed) {
            return Err(LabError::Bench(format!("评测中止：{}", lacking.message)));
        }
        let named = found
            .order
            .into_iter()
            .filter_map(|(id, score)| keys.get(&id).map(|key| ((*key).to_owned(), score)));
        Ok(named.collect())
    }
}

fn id_of(ids: &BTreeMap<String, RecordId>, key: &str, library: Library) -> Result<RecordId> {
    ids.get(key).copied().ok_or_else(|| {
        let label = library.label();
        LabError::Bench(format!("qrels.tsv 中的编号「{key}」不在{label}文件里；请核对两个文件"))
    })
}
