//! Chinese technical text in, pieces out.

mod chains;
mod duplicates;
mod indicators;
mod properties;
mod queries;
mod words;

use std::sync::OnceLock;

use kechuang_text::{Lexicon, LexiconSources};

/// The product's own lexicon.
fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        Lexicon::build(&LexiconSources {
            terms: include_str!("../../../../data/lexicon/terms.txt"),
            traditional: include_str!("../../../../data/lexicon/traditional.tsv"),
            stopwords: include_str!("../../../../data/lexicon/stopwords.txt"),
            synonyms: include_str!("../../../../data/lexicon/synonyms.txt"),
            units: include_str!("../../../../data/lexicon/units.tsv"),
            chains: include_str!("../../../../data/codes/chain-terms.tsv"),
        })
        .expect("a lexicon that is fine")
    })
}
