//! What a large model is shown of an answer, and what its judgements make of it.

use std::collections::BTreeMap;

use kechuang_domain::{MatchOutcome, MatchedSource, Need, RecordId, TextField};

use crate::{
    Engine, Result,
    answer::answer,
    hydrate::{self, Records},
    run::RunScores,
};

/// What a large model is shown: the source and the first of the main list.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// What was matched.
    pub source: MatchedSource,
    /// What was understood to be needed.
    pub needs: Vec<Need>,
    /// The first of the main list, best first.
    pub candidates: Vec<HeadRecord>,
}

/// A record as a large model is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRecord {
    /// The record.
    pub id: RecordId,
    /// Its texts that the viewer of the answer may see, title first, in page order.
    pub texts: Vec<(TextField, String)>,
}

/// An answer as judgements leave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refined {
    /// Everything that fusion and what follows started from, with the judgements.
    pub scores: RunScores,
    /// The answer.
    pub outcome: MatchOutcome,
    /// Every candidate of the main list, best first.
    pub order: Vec<(RecordId, f64)>,
}

impl Engine {
    /// What a large model is shown of an answer, as deep as its profile says: at the revisions that were read, without
    /// what its viewer may not see, or may not see any more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn head(&self, scores: &RunScores) -> Result<Head> {
        let records = self.records_of(scores).await?;
        let (_, order) = answer(self.lexicon(), scores, &records, None);
        let depth = scores.profile.large_model.depth;
        let first: Vec<RecordId> = order.into_iter().map(|(id, _)| id).take(depth).collect();
        let today = hydrate::newest(self.store(), first.iter().copied(), scores.viewer).await?;
        let shown = |id: &RecordId| {
            let (then, today) = (records.get(id)?, today.get(id)?);
            let still = |(field, _): &(TextField, &str)| {
                today.record.content.text_for(scores.viewer, *field).is_some()
            };
            let texts = then.record.content.texts_for(scores.viewer).filter(still);
            let texts = texts.map(|(field, text)| (field, text.to_owned())).collect();
            Some(HeadRecord { id: *id, texts })
        };
        Ok(Head {
            source: scores.source.clone(),
            needs: scores.needs.clone(),
            candidates: first.iter().filter_map(shown).collect(),
        })
    }

    /// An answer with these levels, 1 to 4, of the first of its main list.
    ///
    /// # Errors
    /// What the store says.
    pub async fn refined(
        &self,
        scores: &RunScores,
        levels: &BTreeMap<RecordId, f64>,
    ) -> Result<Refined> {
        let mut scores = scores.clone();
        for candidate in
            scores.sections.iter_mut().take(1).flat_map(|main| &mut main.input.candidates)
        {
            candidate.judged = levels.get(&candidate.id).copied();
        }
        let records: Records = self.records_of(&scores).await?;
        let (outcome, order) = answer(self.lexicon(), &scores, &records, None);
        Ok(Refined { scores, outcome, order })
    }
}
