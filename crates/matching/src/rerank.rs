//! A model that reads the source and a record together, for the head of the main list.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use kechuang_domain::{Degraded, DegradedReason, RecordId, Stage};
use kechuang_inference::{CrossEncoder, InferenceError, Urgency};
use kechuang_ranking::{Profile, RankInput, Ranked, RecordText};

use crate::{
    Engine,
    meaning::{joined, query_text},
    source::ReadSource,
};

/// A cross-encoder at work.
#[derive(Debug)]
pub struct Reranker {
    /// The model.
    pub model: CrossEncoder,
    /// An answer waits for it so long at most: a large model on a small machine takes minutes.
    pub patience: Duration,
}

/// Whether the engine has a cross-encoder, or why not.
#[derive(Debug, Clone)]
pub enum RerankerState {
    /// None was ever asked for: the answers lack nothing that the installation has promised.
    NotWanted,
    /// One is asked for and cannot be used; why, in Chinese.
    Absent(Arc<str>),
    /// It has one.
    Present(Arc<Reranker>),
}

impl Engine {
    /// Gives the first of the main list, as they are ranked without it, the scores of the cross-encoder. Tells
    /// which model took part; `None`, and said where one was wanted, where none did.
    pub(crate) async fn rerank(
        &self,
        profile: &Profile,
        source: &ReadSource,
        ranked: &[Ranked],
        main: &mut RankInput,
        texts: &BTreeMap<RecordId, RecordText<'_>>,
        degraded: &mut Vec<Degraded>,
    ) -> Option<String> {
        if !profile.stages.contains(&Stage::CrossEncoder) {
            return None;
        }
        let reranker = match self.reranker() {
            RerankerState::NotWanted => return None,
            RerankerState::Absent(why) => {
                let reason = DegradedReason::NotInstalled;
                degraded.push(missing(reason, format!("{why}，本次结果未经精排")));
                return None;
            }
            RerankerState::Present(reranker) => reranker,
        };
        let (head, documents): (Vec<RecordId>, Vec<String>) = ranked
            .iter()
            .take(profile.cross_encoder.depth)
            .filter_map(|one| {
                let record = texts.get(&one.id)?;
                Some((one.id, joined(record.texts.iter().map(|(_, text)| *text))))
            })
            .unzip();
        match reranker.read(query_text(source), documents).await {
            Ok(scores) => {
                let scores: HashMap<RecordId, f32> = head.into_iter().zip(scores).collect();
                for candidate in &mut main.candidates {
                    candidate.read_together = scores.get(&candidate.id).copied();
                }
                Some(reranker.model.key().to_owned())
            }
            Err(why) => {
                degraded.push(missing(DegradedReason::Unavailable, why));
                None
            }
        }
    }
}

impl Reranker {
    /// One logit a text, within the patience; why not, in Chinese.
    async fn read(&self, query: String, texts: Vec<String>) -> Result<Vec<f32>, String> {
        let count = texts.len();
        let scored = self.model.score(query, texts, Urgency::Interactive);
        let told = |error: InferenceError| {
            tracing::warn!(%error, "texts could not be read together");
            "精排模型没有算完，本次结果未经精排；请运行 kechuang models verify 检查".to_owned()
        };
        match tokio::time::timeout(self.patience, scored).await {
            Ok(scores) => scores.map_err(told),
            Err(_) => {
                let seconds = self.patience.as_secs_f64();
                tracing::warn!(seconds, count, "the cross-encoder took too long");
                Err(format!(
                    "精排模型 {seconds} 秒内没有算完，本次结果未经精排；可换小一些的模型，或调大 models.cross_encoder_timeout_ms"
                ))
            }
        }
    }
}

fn missing(reason: DegradedReason, message: String) -> Degraded {
    Degraded { stage: Stage::CrossEncoder, reason, message }
}
