//! Saved match runs, and computing one again.

use std::collections::BTreeMap;

use kechuang_domain::{Library, MatchOutcome, MatchRequest, RecordId, RunId, Timestamp, Viewer};
use kechuang_store::{NewRun, RunRefinement, SavedRun};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Engine, Found, Result,
    answer::answer,
    hide,
    hydrate::{self, Records},
    scores::RunScores,
};

/// How long an anonymous run can be reached.
pub const ANONYMOUS_RUN_SECONDS: i64 = 7 * 24 * 3600;

/// Nobody is told to wait longer for a large model, whatever became of its job.
const REFINED_WITHIN_SECONDS: i64 = 15 * 60;

/// When an anonymous run made at `now` ends.
#[must_use]
pub const fn expiry(now: Timestamp) -> Timestamp {
    now.plus_seconds(ANONYMOUS_RUN_SECONDS)
}

/// The secret that opens an anonymous run: 122 random bits. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new secret.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }

    /// A secret that somebody shows.
    #[must_use]
    pub fn shown(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself, for its owner.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hex: what the store keeps.
    #[must_use]
    pub fn hash(&self) -> String {
        kechuang_domain::hex(&Sha256::digest(&self.0))
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

/// Who heads the answer to a demand of the library, where it was asked for as it usually is: of chosen candidates, a
/// region or another profile anybody could make anybody the first.
fn head_of(request: &MatchRequest, found: &Found) -> Option<RecordId> {
    let is_usual =
        request.candidates.is_none() && request.region.is_none() && request.profile.is_none();
    found.outcome.source.record.filter(|_| is_usual)?;
    found.outcome.achievements.first().map(|first| first.record)
}

/// A run as it was saved.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedMatch {
    /// Its id.
    pub id: RunId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, for an anonymous run.
    pub expires_at: Option<Timestamp>,
    /// What was asked.
    pub request: MatchRequest,
    /// What was answered; where a large model has judged it since, with that.
    pub outcome: MatchOutcome,
    /// Whether a large model is asked and has not answered yet.
    pub is_waiting: bool,
    /// The hash of the token that opens it, for an anonymous run.
    pub token_hash: Option<String>,
}

impl Engine {
    /// Saves an answer. An anonymous one (from free text) gets a token and an end.
    ///
    /// # Errors
    /// What the store says.
    pub async fn save(
        &self,
        request: &MatchRequest,
        found: &Found,
        now: Timestamp,
    ) -> Result<(RunId, Option<Token>)> {
        let source = found.outcome.source.record;
        let token = source.is_none().then(Token::new);
        let matched = match source {
            Some(_) => Library::ALL
                .into_iter()
                .flat_map(|library| found.outcome.list(library))
                .map(|found| found.record)
                .collect(),
            None => Vec::new(),
        };
        let run = NewRun {
            token_hash: token.as_ref().map(Token::hash),
            source,
            profile: found.outcome.profile.clone(),
            applied_seq: found.applied_seq,
            request: serde_json::to_string(request)?,
            scores: serde_json::to_string(&found.scores)?,
            outcome: serde_json::to_string(&found.outcome)?,
            matched,
            headed_by: head_of(request, found),
            expires_at: token.as_ref().map(|_| expiry(now)),
            to_refine: self.refines(found),
        };
        Ok((self.store().save_run(&run, now).await?, token))
    }

    /// A saved run that has not expired, as it may be shown today: without records that were withdrawn
    /// and quotes of texts that were hidden since, and not at all where that happened to its source.
    ///
    /// # Errors
    /// What the store says.
    pub async fn saved(&self, id: RunId, now: Timestamp) -> Result<Option<SavedMatch>> {
        let Some(run) = self.store().run(id, now).await? else { return Ok(None) };
        let mut saved = read_run(run, now)?;
        let outcome = &mut saved.outcome;
        let source = outcome.source.record.map(|(id, _)| id);
        let mut ids: Vec<RecordId> = source.into_iter().collect();
        for library in Library::ALL {
            let list = outcome.list(library);
            ids.extend(list.iter().map(|found| found.record));
            ids.extend(list.iter().flat_map(|found| &found.alike).map(|alike| alike.record));
        }
        ids.extend(hide::asked_by(outcome));
        let visible = hydrate::newest(self.store(), ids, saved.request.viewer).await?;
        if let Some(source) = outcome.source.record
            && !self.is_still_public(source, &visible, saved.request.viewer).await?
        {
            return Ok(None);
        }
        hide::hide(outcome, &visible, saved.request.viewer);
        Ok(Some(saved))
    }

    /// Whether all that `viewer` saw of a record at a revision may be seen today.
    pub(crate) async fn is_still_public(
        &self,
        (id, revision): (RecordId, i64),
        visible: &Records,
        viewer: Viewer,
    ) -> Result<bool> {
        let Some(today) = visible.get(&id) else { return Ok(false) };
        if today.record.revision == revision {
            return Ok(true);
        }
        let then = self.store().records_at(&[(id, revision)]).await?;
        let hidden: Vec<_> =
            today.record.content.hidden_from(viewer).map(|(field, _)| field).collect();
        let shown = then.iter().flat_map(|then| then.record.content.texts_for(viewer));
        Ok(shown.into_iter().all(|(field, _)| !hidden.contains(&field)))
    }

    /// The newest run from this record.
    ///
    /// # Errors
    /// What the store says.
    pub async fn newest_of(&self, record: RecordId) -> Result<Option<(SavedMatch, i64)>> {
        let run = self.store().newest_run_of(record).await?;
        run.map(|run| {
            let applied_seq = run.applied_seq;
            // Whether a large model is asked does not matter to who looks for the newest.
            let made = run.created_at;
            Ok((read_run(run, made)?, applied_seq))
        })
        .transpose()
    }

    /// The main list of an answer as it would be with these learned scores, and without a learned order where
    /// there are none; best first. What is trained is measured by it, through the code that answers.
    ///
    /// # Errors
    /// What the store says.
    pub async fn reordered(
        &self,
        found: &Found,
        learned: &BTreeMap<RecordId, f64>,
    ) -> Result<Vec<(RecordId, f64)>> {
        let mut scores = found.scores.clone();
        scores.sections.truncate(1);
        scores.beside = None;
        for candidate in scores.sections.iter_mut().flat_map(|main| &mut main.input.candidates) {
            candidate.learned = learned.get(&candidate.id).copied();
        }
        let records = self.records_of(&scores).await?;
        Ok(answer(self.lexicon(), &scores, &records, None).1)
    }

    /// The records that were explained, at the revisions that were read.
    pub(crate) async fn records_of(&self, scores: &RunScores) -> Result<Records> {
        let found = self.store().records_at(&scores.revisions()).await?;
        Ok(found.into_iter().map(|stored| (stored.record.id, stored)).collect())
    }

    /// Ranks a saved run again from its scores and the revisions it read, with what a large model has judged where one
    /// has. Gives what was saved and what comes out now, both as JSON; they are equal to the byte as long as the
    /// program ranks as it did then.
    ///
    /// # Errors
    /// What the store says.
    pub async fn replay(&self, id: RunId, now: Timestamp) -> Result<Option<(String, String)>> {
        let Some(run) = self.store().run(id, now).await? else {
            return Ok(None);
        };
        let (scores, outcome) = newest(run);
        let scores: RunScores = serde_json::from_str(&scores)?;
        let records = self.records_of(&scores).await?;
        let (again, _) = answer(self.lexicon(), &scores, &records, None);
        Ok(Some((outcome, serde_json::to_string(&again)?)))
    }
}

/// Scores and answer of a run, as a large model has left them where one has judged it.
fn newest(run: SavedRun) -> (String, String) {
    match run.refinement {
        Some(RunRefinement::Done { scores, outcome }) => (scores, outcome),
        None | Some(RunRefinement::Waiting) => (run.scores, run.outcome),
    }
}

fn read_run(run: SavedRun, now: Timestamp) -> Result<SavedMatch> {
    let (id, created_at, expires_at) = (run.id, run.created_at, run.expires_at);
    let (request, token_hash) = (serde_json::from_str(&run.request)?, run.token_hash.clone());
    let is_waiting = run.refinement == Some(RunRefinement::Waiting)
        && now < run.created_at.plus_seconds(REFINED_WITHIN_SECONDS);
    let outcome = serde_json::from_str(&newest(run).1)?;
    Ok(SavedMatch { id, created_at, expires_at, request, outcome, is_waiting, token_hash })
}
