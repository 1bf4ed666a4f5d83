//! The project's four figures for rank profiles, through `Engine::find` and nothing else.

use std::{collections::BTreeMap, sync::Arc};

use kechuang_domain::Library;
use kechuang_eval::Evaluation;
use kechuang_inference::Encoder;
use kechuang_ingest::Tables;
use kechuang_matching::{RerankerState, Rules};

use crate::{Bench, Result, laid_out::LaidOut};

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
    let laid_out = LaidOut::new(bench, rules, tables, models, &told).await?;
    let mut evaluations = BTreeMap::new();
    for profile in profiles {
        let runs = laid_out.runs(profile, &told).await?;
        let evaluation = Evaluation::new(&bench.judgements, &runs.closed, &runs.open)?;
        evaluations.insert(profile.clone(), evaluation);
    }
    Ok(evaluations)
}
