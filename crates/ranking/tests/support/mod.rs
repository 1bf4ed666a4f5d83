//! The product's lexicon and profiles.

use std::sync::OnceLock;

use kechuang_domain::RecordId;
use kechuang_ranking::{Profile, Profiles};
use kechuang_text::{Lexicon, LexiconSources};

pub(crate) const LEXICAL: &str = include_str!("../../../../data/profiles/lexical.toml");
pub(crate) const DEFAULT: &str = include_str!("../../../../data/profiles/default.toml");

pub(crate) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        Lexicon::build(&LexiconSources {
            terms: include_str!("../../../../data/lexicon/terms.txt"),
            traditional: "",
            stopwords: include_str!("../../../../data/lexicon/stopwords.txt"),
            synonyms: include_str!("../../../../data/lexicon/synonyms.txt"),
            units: include_str!("../../../../data/lexicon/units.tsv"),
            chains: include_str!("../../../../data/codes/chain-terms.tsv"),
        })
        .expect("a lexicon")
    })
}

pub(crate) fn profile(name: &str) -> Profile {
    Profiles::parse([("default", DEFAULT), ("lexical", LEXICAL)])
        .expect("the product's profiles")
        .get(name)
        .expect("a profile")
        .clone()
}

pub(crate) fn id(number: u128) -> RecordId {
    format!("{number:032x}").parse().expect("an id")
}
