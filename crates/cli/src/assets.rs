//! Data that the program carries: lexicon, profiles, codes, samples. This is the only place that knows
//! where in the repository they lie.

use std::sync::{Arc, OnceLock};

use kechuang_domain::{CodeTable, Library};
use kechuang_ingest::{Format, IngestRules, Linking};
use kechuang_matching::Rules;
use kechuang_ranking::Profiles;
use kechuang_reading::Headings;
use kechuang_text::{Lexicon, LexiconSources, near::Rule};
use kechuang_web::Names;

macro_rules! data {
    ($path:literal) => {
        include_str!(concat!("../../../data/", $path))
    };
}

const PROFILES: [(&str, &str); 2] =
    [("default", data!("profiles/default.toml")), ("lexical", data!("profiles/lexical.toml"))];

/// A file of sample data.
#[derive(Debug, Clone, Copy)]
pub struct SampleFile {
    /// The library it belongs to.
    pub library: Library,
    /// How it is written.
    pub format: Format,
    /// What it holds.
    pub text: &'static str,
}

/// The sample libraries, written for demonstration.
pub const SAMPLES: [SampleFile; 4] = [
    SampleFile {
        library: Library::Achievement,
        format: Format::JsonLines,
        text: data!("sample/achievements.jsonl"),
    },
    SampleFile {
        library: Library::Demand,
        format: Format::JsonLines,
        text: data!("sample/demands.jsonl"),
    },
    SampleFile {
        library: Library::Equipment,
        format: Format::Csv,
        text: data!("sample/equipment.csv"),
    },
    SampleFile {
        library: Library::Policy,
        format: Format::JsonLines,
        text: data!("sample/policies.jsonl"),
    },
];

/// Builds the rules that the engine goes by.
///
/// # Errors
/// The first table or profile that cannot be read; a build whose tests passed has none.
pub fn rules() -> anyhow::Result<Rules> {
    Ok(Rules {
        lexicon: lexicon()?,
        headings: Arc::new(Headings::parse(data!("lexicon/headings.tsv"))?),
        profiles: Arc::new(Profiles::parse(PROFILES)?),
    })
}

/// The lexicon, built once: its dictionary is most of what the program loads.
fn lexicon() -> anyhow::Result<Arc<Lexicon>> {
    static LEXICON: OnceLock<Arc<Lexicon>> = OnceLock::new();
    if let Some(lexicon) = LEXICON.get() {
        return Ok(Arc::clone(lexicon));
    }
    let lexicon = Lexicon::build(&LexiconSources {
        terms: data!("lexicon/terms.txt"),
        traditional: data!("lexicon/traditional.tsv"),
        stopwords: data!("lexicon/stopwords.txt"),
        synonyms: data!("lexicon/synonyms.txt"),
        units: data!("lexicon/units.tsv"),
        chains: data!("codes/chain-terms.tsv"),
    })?;
    Ok(Arc::clone(LEXICON.get_or_init(|| Arc::new(lexicon))))
}

/// What ingestion goes by.
///
/// # Errors
/// The first table that cannot be read.
pub fn ingest_rules() -> anyhow::Result<IngestRules> {
    let linking = Linking { lexicon: lexicon()?, rule: Rule::default() };
    Ok(IngestRules { linking: Some(linking) })
}

/// The names of codes.
///
/// # Errors
/// The first line that cannot be read.
pub fn names() -> anyhow::Result<Names> {
    let industries = CodeTable::parse(data!("codes/industries.tsv"))?;
    let names = Names::parse(data!("codes/regions.tsv"), data!("codes/chains.tsv"))?;
    Ok(names.with_industries(&industries))
}
