//! What is near to a source in meaning, beside what has its words.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use kechuang_domain::{Degraded, DegradedReason, Library, RecordId, Region, Stage};
use kechuang_index::Depth;
use kechuang_ranking::{Candidate, Profile};

use crate::{
    Engine, MatchError, Result,
    meaning::{Meaning, MeaningState},
    source::ReadSource,
};

/// What is near to a source in meaning.
pub(crate) struct Near {
    pub(crate) meaning: Arc<Meaning>,
    /// The source's vector.
    vector: Vec<f32>,
    pub(crate) cosines: HashMap<RecordId, f32>,
}

impl Near {
    /// Gives candidates their cosines, those too that only words have found.
    pub(crate) async fn give_to(mut self, found: &mut [Candidate], library: Library) -> Result<()> {
        let known = |id: &RecordId| self.cosines.contains_key(id);
        let left: HashSet<RecordId> =
            found.iter().map(|candidate| candidate.id).filter(|id| !known(id)).collect();
        let mut failed = None;
        if !left.is_empty() {
            let depth = Depth::Closed(&left);
            match self.meaning.cosines(&self.vector, library, None, depth).await {
                Ok(more) => self.cosines.extend(more),
                Err(error) => failed = Some(error),
            }
        }
        // What is known counts even where the rest could not be asked for.
        for candidate in found {
            candidate.meaning = self.cosines.get(&candidate.id).copied();
        }
        failed.map_or(Ok(()), Err)
    }
}

impl Engine {
    /// What is near to the source in meaning; `None`, and said, where that cannot be told.
    pub(crate) async fn near(
        &self,
        profile: &Profile,
        source: &ReadSource,
        library: Library,
        region: Option<Region>,
        depth: Depth<'_>,
        degraded: &mut Vec<Degraded>,
    ) -> Result<Option<Near>> {
        let meaning = match self.meaning() {
            MeaningState::Present(meaning) => meaning,
            MeaningState::Absent(why) => {
                degraded.push(Degraded {
                    stage: Stage::Vector,
                    reason: DegradedReason::NotInstalled,
                    message: format!("{why}，{}", without(profile)),
                });
                return Ok(None);
            }
        };
        let behind = self.store().change_head().await? - meaning.vectors.known_seq();
        if behind > 0 {
            degraded.push(Degraded {
                stage: Stage::Vector,
                reason: DegradedReason::Behind,
                message: format!("尚有 {behind} 项更新未编码为向量，新近的记录可能只按字词匹配"),
            });
        }
        match meaning.nearest(source, library, region, depth).await {
            Ok((vector, cosines)) => Ok(Some(Near { meaning, vector, cosines })),
            Err(error) => {
                tracing::warn!(%error, "meanings could not be compared");
                degraded.push(unavailable(profile, &error));
                Ok(None)
            }
        }
    }
}

pub(crate) fn unavailable(profile: &Profile, error: &MatchError) -> Degraded {
    Degraded {
        stage: Stage::Vector,
        reason: DegradedReason::Unavailable,
        message: match error {
            MatchError::Inference(error) => {
                format!("语义比较没有完成（{error}），{}", without(profile))
            }
            _ => format!("向量服务没有应答，{}", without(profile)),
        },
    }
}

/// What is left of an answer without meaning.
fn without(profile: &Profile) -> &'static str {
    if profile.stages.contains(&Stage::Lexical) {
        "本次结果只按字词，未按语义"
    } else {
        "而所选排序方案只按语义，本次没有可靠的结果"
    }
}
