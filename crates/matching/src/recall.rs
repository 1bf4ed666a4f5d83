//! Recall: from the source's words to candidates of one library.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashSet},
};

use kechuang_domain::{Facet, Library, RecordId, Region, Status};
use kechuang_index::{
    Analyser, Depth, Filter, IndexError, LexicalQuery, Slot, SlotWeights, Snapshot, Weight,
};
use kechuang_ranking::{Candidate, Profile, learned::SourceSide};
use kechuang_text::{Analysis, Lexicon, QueryTerm, TermRule, analyse, query_terms};

use crate::{Result, source::ReadSource};

/// The source's words, cut once for all libraries.
#[derive(Debug, Clone)]
pub struct SourceWords {
    title: Analysis,
    body: Analysis,
}

impl SourceWords {
    /// Cuts the source into words and grams.
    #[must_use]
    pub fn of(lexicon: &Lexicon, source: &ReadSource) -> Self {
        Self::cut(lexicon, source.title(), source.body())
    }

    /// Whether the source has a title of its own, with words in it.
    pub(crate) const fn has_title(&self) -> bool {
        !self.title.words.is_empty()
    }

    /// The two parts, for the learned order.
    pub(crate) const fn sides(&self) -> SourceSide<'_> {
        SourceSide { title: &self.title, body: &self.body }
    }

    /// Cuts a title and the text below it.
    #[must_use]
    pub fn cut(lexicon: &Lexicon, title: &str, body: &str) -> Self {
        Self { title: analyse(lexicon, title), body: analyse(lexicon, body) }
    }

    /// The same with other words in the place of the title, and the title's in the text; `None` where
    /// there are no others.
    #[must_use]
    pub fn led_by(&self, lexicon: &Lexicon, words: &str) -> Option<Self> {
        (!words.is_empty()).then(|| {
            let mut body = self.title.clone();
            body.words.extend_from_slice(&self.body.words);
            body.grams.extend_from_slice(&self.body.grams);
            Self { title: analyse(lexicon, words), body }
        })
    }

    /// The same with other words at the end of the text; `None` where there are no others.
    #[must_use]
    pub fn followed_by(&self, lexicon: &Lexicon, words: &str) -> Option<Self> {
        (!words.is_empty()).then(|| {
            let more = analyse(lexicon, words);
            let mut all = self.clone();
            all.body.words.extend(more.words);
            all.body.grams.extend(more.grams);
            all
        })
    }
}

/// The query terms for one library.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LibraryTerms {
    /// Words with their weights.
    pub words: Vec<QueryTerm>,
    /// Grams with their weights.
    pub grams: Vec<QueryTerm>,
}

/// Chooses the terms that say most in this library.
pub fn choose_terms(
    lexicon: &Lexicon,
    snapshot: &Snapshot,
    profile: &Profile,
    library: Library,
    words: &SourceWords,
) -> Result<LibraryTerms> {
    let rule = |limit| TermRule {
        limit,
        body_limit: profile.query.body_limit,
        body_weight: profile.query.body_weight,
        generic_weight: profile.query.generic_weight,
        synonym_limit: profile.query.synonym_limit,
        synonym_weight: profile.query.synonym_weight,
    };
    let failed: RefCell<Option<IndexError>> = RefCell::new(None);
    let idf = |analyser| {
        let failed = &failed;
        move |term: &str| match snapshot.idf_of_known(library, analyser, term) {
            Ok(idf) => idf.unwrap_or(0.0),
            Err(error) => {
                failed.replace(Some(error));
                0.0
            }
        }
    };
    let terms = LibraryTerms {
        words: query_terms(
            lexicon,
            &words.title.words,
            &words.body.words,
            &rule(profile.query.word_limit),
            idf(Analyser::Words),
        ),
        grams: query_terms(
            lexicon,
            &words.title.grams,
            &words.body.grams,
            // A pair of characters is no word that could have another of its meaning.
            &TermRule { synonym_limit: 0, ..rule(profile.query.gram_limit) },
            idf(Analyser::Grams),
        ),
    };
    match failed.into_inner() {
        Some(error) => Err(error.into()),
        None => Ok(terms),
    }
}

/// Which records may be candidates.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Of which library.
    pub library: Library,
    /// Only of this division.
    pub region: Option<Region>,
    /// Exactly these, all of them.
    pub closed: Option<&'a HashSet<RecordId>>,
    /// These too, whatever words they have: another stage has found them.
    pub also: Option<&'a HashSet<RecordId>>,
}

/// What recall finds in one library.
#[derive(Debug, Clone, Default)]
pub struct Recall {
    /// Candidates, the best first.
    pub candidates: Vec<Candidate>,
    /// Those of them of which everybody sees a title and nothing else.
    pub titles_alone: HashSet<RecordId>,
}

/// Finds candidates in one library by their words: the best of those that are active, or all of a closed
/// set.
pub fn recall(
    snapshot: &Snapshot,
    profile: &Profile,
    terms: &LibraryTerms,
    scope: Scope<'_>,
) -> Result<Recall> {
    let Scope { library, region, closed, also } = scope;
    let facets = region.map(|region| (Facet::Region, BTreeSet::from([region.to_string()])));
    let filter = Filter {
        statuses: vec![Status::Active],
        facets: facets.into_iter().collect(),
        ..Filter::default()
    };
    let weights = slot_weights(profile);
    let query = LexicalQuery {
        library,
        words: &terms.words,
        grams: &terms.grams,
        weights: &weights,
        filter: &filter,
        depth: closed.map_or(Depth::Best(profile.recall.depth), Depth::Closed),
        also,
    };
    let hits = snapshot.search(&query)?;
    let alone = hits.iter().filter(|hit| hit.has_title_alone);
    let titles_alone = alone.map(|hit| hit.id).collect();
    let candidates = hits.into_iter().map(|hit| Candidate {
        id: hit.id,
        revision: hit.revision,
        fields: hit.field_scores(),
        meaning: None,
        features: Vec::new(),
        learned: None,
        near: Vec::new(),
        read_together: None,
        judged: None,
        stale_since: hit.stale_since,
    });
    Ok(Recall { candidates: candidates.collect(), titles_alone })
}

/// The profile's field rules in the index's terms.
#[must_use]
pub fn slot_weights(profile: &Profile) -> SlotWeights {
    Slot::all().map(|slot| {
        let rule = profile.fields.of(slot.role());
        let rule = match slot.analyser() {
            Analyser::Words => rule.words,
            Analyser::Grams => rule.grams,
        };
        Weight { weight: rule.weight, k1: rule.k1, b: rule.b }
    })
}
