//! Evidence by meaning: for what no sentence says in the same words, the sentence that is nearest.

use std::collections::{BTreeMap, BTreeSet};

use kechuang_domain::{
    Degraded, DegradedReason, Explanation, Need, RecordId, Span, Stage, TextField,
};
use kechuang_ranking::{
    Profile, RankInput, Ranked, RecordText,
    learned::TermVectors,
    rank::{NearSentence, add_near},
};
use kechuang_text::sentences;

use crate::{Engine, meaning::MeaningState};

/// Shorter sentences say too little to be near to anything.
const LEAST_CHARS: usize = 4;
/// Of each text, so many sentences are looked at.
const MOST_SENTENCES: usize = 60;

/// A sentence of a record.
struct Sentence<'a> {
    field: TextField,
    span: Span,
    text: &'a str,
}

impl Engine {
    /// Gives the first `top` of a ranked list their nearest sentences, for the needs that no sentence supports by its
    /// words. Their order stays. Without an encoder, that meaning took no part is said already.
    #[expect(clippy::too_many_arguments, reason = "the one place where all parts of a list meet")]
    pub(crate) async fn add_near_sentences(
        &self,
        profile: &Profile,
        needs: &[Need],
        top: usize,
        ranked: &mut [Ranked],
        main: &mut RankInput,
        texts: &BTreeMap<RecordId, RecordText<'_>>,
        degraded: &mut Vec<Degraded>,
    ) {
        let least = profile.coverage.near_support;
        let MeaningState::Present(meaning) = self.meaning() else { return };
        if least <= 0.0 || !profile.stages.contains(&Stage::Vector) {
            return;
        }
        // What is far from the demand as a whole hardly speaks of its needs, and reading it sentence by sentence
        // would cost as much as all the rest.
        let is_near = |explanation: &Explanation| {
            let cosine = explanation.score(Stage::Vector);
            cosine.is_some_and(|cosine| cosine >= f64::from(profile.coverage.near_record))
        };
        let shown = ranked.iter_mut().take(top).filter_map(|one| {
            let explanation =
                one.explanation.as_ref().filter(|explanation| is_near(explanation))?;
            let text = texts.get(&one.id).filter(|_| !explanation.gaps.is_empty())?;
            Some((sentences_of(text), one))
        });
        let shown: Vec<(Vec<Sentence<'_>>, &mut Ranked)> = shown.collect();
        let gaps = shown.iter().filter_map(|(_, one)| one.explanation.as_ref());
        let asked = gaps.flat_map(|explanation| &explanation.gaps);
        let asked: BTreeSet<&str> =
            asked.filter_map(|gap| Some(needs.get(*gap)?.text.as_str())).collect();
        let said: BTreeSet<&str> =
            shown.iter().flat_map(|(said, _)| said).map(|sentence| sentence.text).collect();
        let vectors = match meaning.needs_and_sentences(&asked, &said).await {
            Ok(vectors) => vectors,
            Err(error) => {
                tracing::warn!(%error, "sentences could not be encoded");
                degraded.push(Degraded {
                    stage: Stage::Vector,
                    reason: DegradedReason::Unavailable,
                    message: "编码模型没有应答，本次只给出按字词找到的依据".to_owned(),
                });
                return;
            }
        };
        for (said, one) in shown {
            let Some(explanation) = &mut one.explanation else { continue };
            let near = explanation.gaps.iter().filter_map(|gap| {
                let need = needs.get(*gap)?;
                nearest(*gap, &need.text, &said, &vectors).filter(|near| near.cosine >= least)
            });
            let near: Vec<NearSentence> = near.collect();
            let candidate = main.candidates.iter_mut().find(|candidate| candidate.id == one.id);
            if let (Some(candidate), Some(text)) = (candidate, texts.get(&one.id)) {
                candidate.near = near;
                add_near(needs, explanation, &candidate.near, text);
            }
        }
    }
}

fn sentences_of<'a>(record: &RecordText<'a>) -> Vec<Sentence<'a>> {
    let of_text = |(field, text): &(TextField, &'a str)| {
        let (field, text) = (*field, *text);
        let all = sentences(text).into_iter().take(MOST_SENTENCES);
        all.filter_map(move |span| Some(Sentence { field, span, text: span.of(text)? }))
    };
    let all = record.texts.iter().flat_map(of_text);
    all.filter(|sentence| sentence.text.chars().count() >= LEAST_CHARS).collect()
}

/// The sentence nearest to a need; of equals the first.
fn nearest(
    need: usize,
    text: &str,
    said: &[Sentence<'_>],
    (needs, sentences): &(TermVectors, TermVectors),
) -> Option<NearSentence> {
    let asked = needs.get(text)?;
    let mut best: Option<NearSentence> = None;
    for sentence in said {
        let Some(vector) = sentences.get(sentence.text) else { continue };
        let cosine: f32 = asked.iter().zip(vector.iter()).map(|(a, b)| a * b).sum();
        if best.as_ref().is_none_or(|best| cosine > best.cosine) {
            let Sentence { field, span, .. } = *sentence;
            best = Some(NearSentence { need, field, span, cosine });
        }
    }
    best
}
