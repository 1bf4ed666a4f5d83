//! The peer of recall: the engine's own index, searched by tantivy alone.

use anyhow::Result;
use kechuang_index::{Analyser, Slot};
use kechuang_matching::{
    Engine,
    recall::{LibraryTerms, slot_weights},
};
use kechuang_ranking::Profile;
use tantivy::{
    Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

/// An index under tantivy's own searcher.
pub struct Bare {
    searcher: Searcher,
    fields: [tantivy::schema::Field; Slot::COUNT],
}

impl Bare {
    /// Over the index of an engine.
    ///
    /// # Errors
    /// What tantivy says.
    pub fn new(engine: &Engine) -> Result<Self> {
        let index = engine.index().engine();
        let schema = index.schema();
        let field = |name: &str| schema.get_field(name);
        let fields = [
            field("title_words")?,
            field("title_grams")?,
            field("keywords_words")?,
            field("keywords_grams")?,
            field("body_words")?,
            field("body_grams")?,
        ];
        Ok(Self { searcher: index.reader()?.searcher(), fields })
    }

    /// The Boolean query over achievements that asks for the same terms in the same fields.
    #[must_use]
    pub fn query(&self, profile: &Profile, terms: &LibraryTerms) -> BooleanQuery {
        let weights = slot_weights(profile);
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        for slot in Slot::all() {
            let asked = match slot.analyser() {
                Analyser::Words => &terms.words,
                Analyser::Grams => &terms.grams,
            };
            for term in asked {
                let text = format!("a{}", term.text);
                let term_of = Term::from_field_text(self.fields[slot.index()], &text);
                let query = TermQuery::new(term_of, IndexRecordOption::WithFreqs);
                let boost = weights[slot.index()].weight * term.weight;
                parts.push(Box::new(BoostQuery::new(Box::new(query), boost)));
            }
        }
        BooleanQuery::union(parts)
    }

    /// How many it finds.
    ///
    /// # Errors
    /// What tantivy says.
    pub fn search(&self, query: &BooleanQuery, depth: usize) -> Result<usize> {
        let top = TopDocs::with_limit(depth).order_by_score();
        Ok(self.searcher.search(query, &top)?.len())
    }
}
