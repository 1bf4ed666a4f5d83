//! Questions back to whoever poses a demand: what it lacks, and what would tell its answers apart.
//!
//! A demand lacks figures, an object or a place of use where nothing in it speaks of one. Its answers fall into groups where
//! some have a word and others have another; whether it matters which group is meant is found out by asking the engine
//! again with the word added.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    MatchRequest, MatchSource, NeedKind, RecordId, RunId, TextField, Timestamp,
    question::{QUESTION_LIMIT, Question, QuestionKind},
    request::DEMAND_LIMIT_CHARS,
};
use kechuang_reading::kind::has_cue;
use kechuang_text::words;

use crate::{Engine, Result, answer::answer, hydrate, scores::RunScores};

/// So many of the first answers are looked at for words that tell them apart.
const LOOKED_AT: usize = 20;
/// A word that fewer have, or that fewer lack, tells nothing apart.
const LEAST_GROUP: usize = 2;
/// So many pairs of words are tried.
const PAIRS_TRIED: usize = 4;
/// So many proposed questions are tried.
const PROPOSED_TRIED: usize = 2;
/// The answers that a question is to change.
const FIRST: usize = 5;
/// Below this share of them, it is not asked.
const LEAST_EFFECT: f64 = 0.2;
/// A text with an answer added is so much longer at most.
const ANSWER_CHARS: usize = 40;
/// Longer than a word that one would choose.
const WORD_CHARS: std::ops::RangeInclusive<usize> = 2..=10;

/// What somebody sees who is to propose questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionContext {
    /// The demand.
    pub text: String,
    /// The titles of the first answers.
    pub titles: Vec<String>,
    /// What the demand says nothing of.
    pub lacks: Vec<QuestionKind>,
}

impl Engine {
    /// What there is to ask about; `None` for a run that is gone or started from a record.
    ///
    /// # Errors
    /// What the store says.
    pub async fn question_context(
        &self,
        run: RunId,
        now: Timestamp,
    ) -> Result<Option<QuestionContext>> {
        let Some((request, scores)) = self.asked_in(run, now).await? else { return Ok(None) };
        let MatchSource::Text(text) = request.source else { return Ok(None) };
        let records = self.records_of(&scores).await?;
        let (_, order) = answer(self.lexicon(), &scores, &records, None);
        let first = order.into_iter().map(|(id, _)| id).take(LOOKED_AT);
        let today = hydrate::newest(self.store(), first.clone(), scores.viewer).await?;
        let title = |id| {
            today.get(&id).map(|stored| stored.record.content.title_for(scores.viewer).to_owned())
        };
        let titles = first.filter_map(title).collect();
        let lacks =
            self.lacking(&text, &scores).into_iter().map(|question| question.kind).collect();
        Ok(Some(QuestionContext { text, titles, lacks }))
    }

    /// The questions for a saved run of a free text; none for a run that is gone or started from a record. What is
    /// `proposed` words a question about what the demand lacks, or takes the place of the pair of words that tells its
    /// answers apart, where a choice among its options changes more of them.
    ///
    /// # Errors
    /// What the store or the index says.
    pub async fn questions(
        &self,
        run: RunId,
        proposed: &[Question],
        now: Timestamp,
    ) -> Result<Vec<Question>> {
        let Some((request, scores)) = self.asked_in(run, now).await? else { return Ok(Vec::new()) };
        let MatchSource::Text(text) = &request.source else { return Ok(Vec::new()) };
        let mut questions = self.lacking(text, &scores);
        for question in &mut questions {
            let better = proposed.iter().find(|other| other.kind == question.kind);
            *question = better.cloned().unwrap_or_else(|| question.clone());
        }
        questions.extend(self.splitting(&request, text, &scores, proposed, now).await?);
        // What tells the answers apart for certain goes before what may not be needed.
        let rank = |question: &Question| match question.kind {
            QuestionKind::Indicator => 0,
            QuestionKind::Split => 1,
            QuestionKind::Object => 2,
            QuestionKind::Application => 3,
        };
        questions.sort_by_key(rank);
        questions.truncate(QUESTION_LIMIT);
        Ok(questions)
    }

    /// What was asked in a run, and what it was answered from.
    async fn asked_in(
        &self,
        run: RunId,
        now: Timestamp,
    ) -> Result<Option<(MatchRequest, RunScores)>> {
        let Some(saved) = self.store().run(run, now).await? else { return Ok(None) };
        Ok(Some((serde_json::from_str(&saved.request)?, serde_json::from_str(&saved.scores)?)))
    }

    /// What the demand says nothing of.
    fn lacking(&self, text: &str, scores: &RunScores) -> Vec<Question> {
        let has_figures = scores.needs.iter().any(|need| !need.indicators.is_empty());
        let has_chain_terms = !self.lexicon().chains().classify(self.lexicon(), text).is_empty();
        let has_object = has_chain_terms
            || has_cue(NeedKind::Material, text)
            || has_cue(NeedKind::Product, text);
        let lacks = [
            (QuestionKind::Indicator, !has_figures),
            (QuestionKind::Object, !has_object),
            (QuestionKind::Application, !has_cue(NeedKind::Application, text)),
        ];
        let question = |(kind, lacks): (QuestionKind, bool)| {
            let text = kind.template().filter(|_| lacks)?.to_owned();
            Some(Question { kind, text, options: Vec::new(), effect: None, is_of_model: false })
        };
        lacks.into_iter().filter_map(question).collect()
    }

    /// The question whose options tell the first answers apart best, of those whose choice changes them: a pair of words
    /// that some have and others lack, or one that is proposed.
    async fn splitting(
        &self,
        request: &MatchRequest,
        text: &str,
        scores: &RunScores,
        proposed: &[Question],
        now: Timestamp,
    ) -> Result<Option<Question>> {
        if text.chars().count() + ANSWER_CHARS > DEMAND_LIMIT_CHARS {
            return Ok(None);
        }
        let (groups, first) = self.groups(text, scores).await?;
        let of_pair = |(one, other): (&str, &str)| {
            let (with_one, with_other) = (groups[one].len(), groups[other].len());
            let text = format!(
                "找到的成果中，{with_one} 条与“{one}”有关，{with_other} 条与“{other}”有关，您更需要哪一种？"
            );
            let options = vec![one.to_owned(), other.to_owned()];
            let kind = QuestionKind::Split;
            Question { kind, text, options, effect: None, is_of_model: false }
        };
        let proposed = proposed.iter().filter(|question| question.kind == QuestionKind::Split);
        let tried =
            pairs(&groups).into_iter().map(of_pair).chain(proposed.take(PROPOSED_TRIED).cloned());
        let mut effects: BTreeMap<String, f64> = BTreeMap::new();
        let mut best: Option<Question> = None;
        for mut question in tried.collect::<Vec<_>>() {
            let mut effect = 0.0;
            for option in &question.options {
                let changed = match effects.get(option) {
                    Some(changed) => *changed,
                    None => self.change_by(request, text, option, &first, now).await?,
                };
                effects.insert(option.clone(), changed);
                effect += changed / question.options.len() as f64;
            }
            question.effect = Some(effect);
            let is_better = best.as_ref().is_none_or(|best| best.effect < question.effect);
            if effect >= LEAST_EFFECT && is_better {
                best = Some(question);
            }
        }
        Ok(best)
    }

    /// The words of the first answers that the demand does not have, each with those that have it, and the very first.
    async fn groups(
        &self,
        text: &str,
        scores: &RunScores,
    ) -> Result<(BTreeMap<String, BTreeSet<RecordId>>, Vec<RecordId>)> {
        let records = self.records_of(scores).await?;
        let (_, order) = answer(self.lexicon(), scores, &records, None);
        let order: Vec<RecordId> = order.into_iter().map(|(id, _)| id).take(LOOKED_AT).collect();
        let today = hydrate::newest(self.store(), order.iter().copied(), scores.viewer).await?;
        let said: BTreeSet<String> =
            words(self.lexicon(), text).into_iter().map(|token| token.text).collect();
        let mut groups: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
        for id in &order {
            let Some(stored) = today.get(id) else { continue };
            let content = &stored.record.content;
            let keywords = content.text_for(scores.viewer, TextField::Keywords);
            for name in [Some(content.title_for(scores.viewer)), keywords].into_iter().flatten() {
                for token in words(self.lexicon(), name) {
                    let word = token.text;
                    let says_much = WORD_CHARS.contains(&word.chars().count())
                        && !self.lexicon().is_generic_word(&word)
                        && !self.lexicon().is_function_word(&word)
                        && !word.is_ascii();
                    if says_much && !said.contains(&word) && !text.contains(&word) {
                        groups.entry(word).or_default().insert(*id);
                    }
                }
            }
        }
        let most = order.len().saturating_sub(LEAST_GROUP);
        groups.retain(|_, having| (LEAST_GROUP..=most).contains(&having.len()));
        Ok((groups, order.into_iter().take(FIRST).collect()))
    }

    /// The share of the first answers that others take the places of when a word is added to the demand.
    async fn change_by(
        &self,
        request: &MatchRequest,
        text: &str,
        word: &str,
        first: &[RecordId],
        now: Timestamp,
    ) -> Result<f64> {
        let text = with_answer(text, QuestionKind::Split, word);
        let request = MatchRequest { source: MatchSource::Text(text), ..request.clone() };
        let found = self.find(&request, now).await?;
        let after = found.order.iter().take(first.len()).map(|(id, _)| id);
        let stayed = after.filter(|id| first.contains(id)).count();
        Ok(1.0 - stayed as f64 / first.len().max(1) as f64)
    }
}

/// A demand with the answer to a question added.
#[must_use]
pub fn with_answer(text: &str, kind: QuestionKind, answer: &str) -> String {
    format!("{}\n{}：{}", text.trim_end(), kind.label(), answer.trim())
}

/// Pairs of words that hardly any answer has both of, those first that cut the answers into the largest groups.
fn pairs(groups: &BTreeMap<String, BTreeSet<RecordId>>) -> Vec<(&str, &str)> {
    let mut pairs: Vec<(usize, &str, &str)> = Vec::new();
    for (one, with_one) in groups {
        for (other, with_other) in groups
            .range::<str, _>((std::ops::Bound::Excluded(one.as_str()), std::ops::Bound::Unbounded))
        {
            let both = with_one.intersection(with_other).count();
            let is_part = one.contains(other.as_str()) || other.contains(one.as_str());
            if both == 0 && !is_part {
                pairs.push((with_one.len() * with_other.len(), one, other));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    pairs.into_iter().take(PAIRS_TRIED).map(|(_, one, other)| (one, other)).collect()
}
