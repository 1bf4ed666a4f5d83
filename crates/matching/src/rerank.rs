//! A model that reads the source and a record together, for the head of the main list.

use std::{sync::Arc, time::Duration};

use kechuang_domain::{Degraded, DegradedReason, Stage, Viewer};
use kechuang_inference::{CrossEncoder, InferenceError, Urgency};
use kechuang_ranking::Profile;

use crate::{
    Engine,
    engine::Recalled,
    hydrate::Records,
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
    /// Gives the head of the main list the scores of the cross-encoder. Tells which model took part;
    /// `None`, and said where one was wanted, where none did.
    pub(crate) async fn rerank(
        &self,
        profile: &Profile,
        source: &ReadSource,
        viewer: Viewer,
        main: &mut Recalled,
        records: &Records,
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
        let head: Vec<usize> = (0..main.head.min(main.found.len()))
            .filter(|place| records.contains_key(&main.found[*place].id))
            .take(profile.cross_encoder.depth)
            .collect();
        let texts: Vec<String> = head
            .iter()
            .map(|place| {
                let content = &records[&main.found[*place].id].record.content;
                joined(content.texts_for(viewer).map(|(_, text)| text))
            })
            .collect();
        match reranker.read(&query_text(source), &texts).await {
            Ok(scores) => {
                for (place, score) in head.into_iter().zip(scores) {
                    main.found[place].read_together = Some(score);
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
    async fn read(&self, query: &str, texts: &[String]) -> Result<Vec<f32>, String> {
        let scored = self.model.score(query, texts, Urgency::Interactive);
        let told = |error: InferenceError| {
            tracing::warn!(%error, "texts could not be read together");
            "精排模型没有算完，本次结果未经精排；请运行 kechuang models verify 检查".to_owned()
        };
        match tokio::time::timeout(self.patience, scored).await {
            Ok(scores) => scores.map_err(told),
            Err(_) => {
                let (seconds, texts) = (self.patience.as_secs_f64(), texts.len());
                tracing::warn!(seconds, texts, "the cross-encoder took too long");
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
