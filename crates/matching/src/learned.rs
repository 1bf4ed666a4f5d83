//! The learned order of the main list's head.

use std::collections::{BTreeSet, HashMap};

use kechuang_domain::{Degraded, DegradedReason, Library, Stage, Viewer};
use kechuang_index::{Analyser, Snapshot};
use kechuang_ranking::{
    Candidate, Profile,
    fusion::fuse,
    learned::{Features, Rarity, ReadTitle, TermVectors, features},
    rank::based,
};

use crate::{
    Engine, Result, hydrate::Records, meaning::MeaningState, recall::SourceWords,
    recalled::Recalled, source::ReadSource,
};

/// Features are kept to so many parts of 1: what is saved with a run is what was ranked by.
const PRECISION: f64 = 1e4;

/// Whether a profile puts the answers to a source in a learned order. Its weights are of demands and achievements, so
/// that the other way round, it takes no part, and half of the features compare with the source's title, so that
/// without one it takes none either.
pub(crate) fn is_wanted(profile: &Profile, library: Library, words: &SourceWords) -> bool {
    library == Library::Achievement && profile.stages.contains(&Stage::Learned) && words.has_title()
}

impl Engine {
    /// Gives the first of a list, as they are fused, their learned scores where they have only a title, and puts
    /// these first in order. Leaves the list as it is where [it is not wanted](is_wanted) and, saying so, where the
    /// encoder is missing that the weights were fitted with.
    #[expect(clippy::too_many_arguments, reason = "the one place where all parts of a list meet")]
    pub(crate) async fn learn(
        &self,
        snapshot: &Snapshot,
        profile: &Profile,
        (read, words): (&ReadSource, &SourceWords),
        part: &mut Recalled,
        records: &Records,
        viewer: Viewer,
        degraded: &mut Vec<Degraded>,
    ) -> Result<()> {
        if !is_wanted(profile, part.library, words) {
            return Ok(());
        }
        let source = words.sides();
        let head = part.head.min(part.found.len());
        let (places, titles) = self.titles_alone(&part.found[..head], records, viewer);
        // One alone is in order.
        if places.len() < 2 {
            return Ok(());
        }
        let titles = self.in_context(read, titles, degraded).await;
        let fused = fuse(profile, &part.found);
        let mut alone: Vec<Candidate> = places.iter().map(|at| part.found[*at].clone()).collect();
        let (asked_words, asked_grams) = Rarity::asked(source, &titles);
        let Some(vectors) = self.word_vectors(&asked_words, degraded).await else {
            return Ok(());
        };
        let rarity = Rarity {
            words: idf(snapshot, part.library, Analyser::Words, &asked_words)?,
            grams: idf(snapshot, part.library, Analyser::Grams, &asked_grams)?,
        };
        let list = features(profile, source, &alone, &titles, &rarity, &vectors);
        keep(profile, &mut alone, &list);
        for (at, candidate) in places.into_iter().zip(alone) {
            part.found[at] = candidate;
        }
        part.ordered = head;
        let based = based(&part.found, &fused, head);
        let mut ordered: Vec<_> = based.into_iter().zip(part.found.drain(..head)).collect();
        ordered.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
        part.found.splice(0..0, ordered.into_iter().map(|(_, candidate)| candidate));
        Ok(())
    }

    /// The candidates of which nothing but a title may be seen, by their places, with these titles.
    fn titles_alone(
        &self,
        candidates: &[Candidate],
        records: &Records,
        viewer: Viewer,
    ) -> (Vec<usize>, Vec<ReadTitle>) {
        let alone = candidates.iter().enumerate().filter_map(|(place, candidate)| {
            let content = &records.get(&candidate.id)?.record.content;
            content
                .has_title_alone(viewer)
                .then(|| (place, ReadTitle::cut(self.lexicon(), content.title_for(viewer))))
        });
        alone.unzip()
    }

    /// Titles with their cosines by the order encoder; as they are, and said, where there is none.
    async fn in_context(
        &self,
        source: &ReadSource,
        titles: Vec<ReadTitle>,
        degraded: &mut Vec<Degraded>,
    ) -> Vec<ReadTitle> {
        let MeaningState::Present(meaning) = self.meaning() else { return titles };
        let asked: Vec<&str> = titles.iter().map(ReadTitle::title).collect();
        match meaning.in_context(source, &asked).await {
            Ok(Some(cosines)) => titles
                .into_iter()
                .zip(cosines)
                .map(|(title, cosine)| title.with_contextual(cosine))
                .collect(),
            Ok(None) => {
                degraded.push(without_context(DegradedReason::NotInstalled, "没有排序编码模型"));
                titles
            }
            Err(error) => {
                tracing::warn!(%error, "titles could not be read in context");
                let why = "排序编码模型没有应答";
                degraded.push(without_context(DegradedReason::Unavailable, why));
                titles
            }
        }
    }

    /// The vectors of single words; `None`, and said, where there is no encoder.
    async fn word_vectors(
        &self,
        words: &BTreeSet<&str>,
        degraded: &mut Vec<Degraded>,
    ) -> Option<TermVectors> {
        let mut without = |reason, why: &str| {
            let message = format!("{why}，本次结果未经学习排序，只按融合得分");
            degraded.push(Degraded { stage: Stage::Learned, reason, message });
            None
        };
        let meaning = match self.meaning() {
            MeaningState::Present(meaning) => meaning,
            MeaningState::Absent(why) => return without(DegradedReason::NotInstalled, &why),
        };
        match meaning.words(words).await {
            Ok(vectors) => Some(vectors),
            Err(error) => {
                tracing::warn!(%error, "words could not be encoded");
                without(DegradedReason::Unavailable, "编码模型没有应答")
            }
        }
    }
}

/// What is said where titles were not read in context.
fn without_context(reason: DegradedReason, why: &str) -> Degraded {
    let message = format!("{why}，学习排序少一项依据");
    Degraded { stage: Stage::Learned, reason, message }
}

/// The idf of those terms that the library has.
fn idf(
    snapshot: &Snapshot,
    library: Library,
    analyser: Analyser,
    terms: &BTreeSet<&str>,
) -> Result<HashMap<String, f64>> {
    let mut known = HashMap::with_capacity(terms.len());
    for term in terms {
        if let Some(idf) = snapshot.idf_of_known(library, analyser, term)? {
            known.insert((*term).to_owned(), f64::from(idf));
        }
    }
    Ok(known)
}

/// Writes features and scores into the candidates. Scores come from what is kept, so that they can be computed
/// again.
fn keep(profile: &Profile, candidates: &mut [Candidate], list: &[Features]) {
    let mut kept: Vec<Features> = Vec::with_capacity(list.len());
    for (candidate, row) in candidates.iter_mut().zip(list) {
        candidate.features =
            row.iter().map(|value| ((value * PRECISION).round() / PRECISION) as f32).collect();
        kept.extend(candidate.seen());
    }
    for (candidate, score) in candidates.iter_mut().zip(profile.learned.score(&kept)) {
        candidate.learned = Some(score);
    }
}
