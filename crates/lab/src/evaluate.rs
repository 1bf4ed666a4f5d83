//! The project's four figures for rank profiles, through `Engine::find` and nothing else.

use std::{collections::BTreeMap, sync::Arc};

use kechuang_domain::Library;
use kechuang_eval::{EvalError, Evaluation};
use kechuang_ingest::Tables;
use kechuang_matching::{Encoders, RerankerState, Rules};

use crate::{Bench, Levels, Result, laid_out::LaidOut, levels::as_told};

/// So many achievements of each demand are shown in a report.
const SHOWN: usize = 5;

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
    pub encoders: Option<Encoders>,
    /// What reads demand and achievement together.
    pub reranker: RerankerState,
}

/// What was measured of several profiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluations {
    /// What each profile is worth, by its name.
    pub by_profile: BTreeMap<String, Evaluated>,
    /// The judged demands, by key.
    pub demands: BTreeMap<String, DemandText>,
}

/// What a profile is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// The figures for every demand.
    pub figures: Evaluation,
    /// How well levels are told; `None` where the profile tells none.
    pub levels: Option<Levels>,
    /// The first of the judged achievements, by demand.
    pub shown: BTreeMap<String, Vec<Shown>>,
}

/// A demand's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandText {
    /// Its title.
    pub title: String,
    /// Everything below it.
    pub text: String,
}

/// A judged achievement as it stands in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its title.
    pub title: String,
    /// The level that was judged, 1 to 4.
    pub level: u8,
}

/// What each profile is worth.
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
) -> Result<Evaluations> {
    let laid_out = LaidOut::new(bench, rules, tables, models, &told).await?;
    let mut by_profile = BTreeMap::new();
    for profile in profiles {
        let runs = laid_out.runs(profile, &told).await?;
        let figures = Evaluation::new(&bench.judgements, &runs.closed, &runs.open)?;
        let levels = as_told(bench, &laid_out, &runs)?;
        let shown = bench.judgements.queries.iter().map(|(demand, judged)| {
            let first = runs.closed.ranking(demand)?.documents().iter().take(SHOWN);
            let shown = first.filter_map(|one| {
                let level = judged.get(one.document.as_str())?.number();
                Some(Shown { title: laid_out.title(&one.document)?.to_owned(), level })
            });
            Ok((demand.clone(), shown.collect()))
        });
        let shown = shown.collect::<std::result::Result<_, EvalError>>()?;
        by_profile.insert(profile.clone(), Evaluated { figures, levels, shown });
    }
    Ok(Evaluations { by_profile, demands: laid_out.demand_texts().await? })
}
