//! Answers from other fields than the source's, where places for them are asked for.
//!
//! A field is an industry chain: the one that a record names, else those that its text is clearly placed in.

use std::collections::BTreeSet;

use kechuang_domain::{ChainCode, Content, Degraded, DegradedReason, MatchedSource, Stage, Viewer};
use kechuang_text::Lexicon;

use crate::scores::Section;

/// Fields of a source, to compare with.
pub(crate) struct Fields(BTreeSet<ChainCode>);

impl Fields {
    /// Those of the source, where places for others are asked for.
    pub(crate) fn of(lexicon: &Lexicon, section: &Section, source: &MatchedSource) -> Option<Self> {
        section.neighbours?;
        let fields = fields(lexicon, source.chain.as_ref(), || source.text.clone());
        Some(Self(fields)).filter(|fields| !fields.0.is_empty())
    }

    /// The field of a record, where it is another.
    pub(crate) fn other(
        &self,
        lexicon: &Lexicon,
        content: &Content,
        viewer: Viewer,
    ) -> Option<ChainCode> {
        let text = || format!("{}\n{}", content.title_for(viewer), content.below_title(viewer));
        let of_record = fields(lexicon, content.chain.as_ref(), text);
        if of_record.iter().any(|field| self.0.contains(field)) {
            return None;
        }
        of_record.into_iter().next()
    }
}

fn fields(
    lexicon: &Lexicon,
    named: Option<&ChainCode>,
    text: impl FnOnce() -> String,
) -> BTreeSet<ChainCode> {
    match named {
        Some(chain) => BTreeSet::from([chain.clone()]),
        None => {
            let stages = lexicon.chains().classify(lexicon, &text());
            stages.into_iter().map(|stage| stage.chain).collect()
        }
    }
}

/// What is said where places for other fields are asked for and the source's own is not known.
pub(crate) fn without_field(
    lexicon: &Lexicon,
    section: &Section,
    source: &MatchedSource,
) -> Option<Degraded> {
    let is_unknown = section.neighbours.is_some() && Fields::of(lexicon, section, source).is_none();
    is_unknown.then(|| Degraded {
        stage: Stage::Neighbours,
        reason: DegradedReason::Unavailable,
        message: "看不出需求属于哪条产业链，未能留出相邻领域的位置；请选择所属产业链后再试"
            .to_owned(),
    })
}
