//! The project's four figures for rank profiles, through `Engine::find` and nothing else.

use std::{collections::BTreeMap, sync::Arc};

use kechuang_domain::Library;
use kechuang_eval::Evaluation;
use kechuang_inference::Encoder;
use kechuang_ingest::Tables;
use kechuang_matching::{RerankerState, Rules};

use crate::{Bench, Levels, Result, laid_out::LaidOut, levels::as_told};

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

/// What a profile is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// The figures for every demand.
    pub figures: Evaluation,
    /// How well levels are told; `None` where the profile tells none.
    pub levels: Option<Levels>,
}

/// What each profile is worth, by its name.
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
) -> Result<BTreeMap<String, Evaluated>> {
    let laid_out = LaidOut::new(bench, rules, tables, models, &told).await?;
    let mut evaluations = BTreeMap::new();
    for profile in profiles {
        let runs = laid_out.runs(profile, &told).await?;
        let figures = Evaluation::new(&bench.judgements, &runs.closed, &runs.open)?;
        let levels = as_told(bench, &laid_out, &runs)?;
        evaluations.insert(profile.clone(), Evaluated { figures, levels });
    }
    Ok(evaluations)
}
