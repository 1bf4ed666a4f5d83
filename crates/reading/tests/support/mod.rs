//! The lexicon that the product ships.

use kechuang_text::{Lexicon, LexiconSources};

/// Builds it.
pub(crate) fn lexicon() -> Lexicon {
    let lexicon = Lexicon::build(&LexiconSources {
        terms: include_str!("../../../../data/lexicon/terms.txt"),
        traditional: include_str!("../../../../data/lexicon/traditional.tsv"),
        stopwords: include_str!("../../../../data/lexicon/stopwords.txt"),
        synonyms: include_str!("../../../../data/lexicon/synonyms.txt"),
        units: include_str!("../../../../data/lexicon/units.tsv"),
        chains: include_str!("../../../../data/codes/chain-terms.tsv"),
    });
    lexicon.expect("a lexicon")
}
