//! Data that the program carries: lexicon, profiles, codes, samples. This is the only place that knows
//! where in the repository they lie.

use std::sync::{Arc, OnceLock};

use kechuang_domain::{CodeTable, FreshnessRules, Library};
use kechuang_inference::{Catalogue, InferenceError, ModelFolder};
use kechuang_ingest::{IngestRules, Linking, PdfReader, Tables, sheet::Choices};
use kechuang_matching::Rules;
use kechuang_ranking::{Profiles, SupportCues};
use kechuang_reading::{Headings, ResourceCues};
use kechuang_text::{Lexicon, LexiconSources, near::Rule};
use kechuang_web::Names;

macro_rules! data {
    ($path:literal) => {
        include_str!(concat!("../../../data/", $path))
    };
}

const PROFILES: [(&str, &str); 4] = [
    ("default", data!("profiles/default.toml")),
    ("fused", data!("profiles/fused.toml")),
    ("lexical", data!("profiles/lexical.toml")),
    ("semantic", data!("profiles/semantic.toml")),
];

/// The hidden command that reads a PDF from standard input.
pub const READ_PDF: &str = "read-pdf";

/// A file of sample data.
#[derive(Debug, Clone, Copy)]
pub struct SampleFile {
    /// The library it belongs to.
    pub library: Library,
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

macro_rules! samples {
    ($($library:ident: $($name:literal)+;)+) => {
        &[$($(SampleFile {
            library: Library::$library,
            name: $name,
            bytes: include_bytes!(concat!("../../../data/sample/", $name)),
        },)+)+]
    };
}

/// The sample libraries, written for demonstration, in the formats that people have.
pub const SAMPLES: &[SampleFile] = samples! {
    Achievement: "achievements.jsonl" "achievements-2026.xlsx" "achievements-2026-gbk.csv";
    Demand: "demands.jsonl" "demands-2026.xlsx" "demand-forms/DEM-033.docx" "demand-forms/DEM-036.docx" "demand-forms/DEM-044.docx" "demand-forms/DEM-051.docx" "demand-forms/DEM-055.docx" "demand-forms/DEM-058.docx";
    Equipment: "equipment.csv" "equipment-2026.xlsx" "pilot-lines-gbk.csv";
    Policy: "policies.jsonl" "policies-2026.xlsx" "policies/关于申报2027年度大宗固废综合利用示范项目的通知.txt" "policies/示例人社发-2026-22号.txt" "policies/示例县政办发-2024-16号.txt" "policies/示例工信发-2026-45号.txt" "policies/示例工信装-2026-17号.docx" "policies/示例市监发-2026-33号.docx" "policies/示例政办发-2025-52号.txt" "policies/示例政办发-2026-31号.txt" "policies/示例政发-2026-14号.txt" "policies/示例教科-2026-5号.docx" "policies/示例科规-2026-8号.txt" "policies/示例税务局研发税收优惠办理指引.docx" "policies/示例财教-2026-40号.txt" "policies/示例金发-2026-9号.docx";
};

/// Models that can be fetched.
///
/// # Errors
/// A catalogue that cannot be read; a build whose tests passed has a fine one.
pub fn catalogue() -> Result<Catalogue, InferenceError> {
    Catalogue::parse(include_str!("../../../models/catalogue.toml"))
}

/// The encoder that the program carries for finding records.
///
/// # Errors
/// A manifest that cannot be read; a build whose tests passed has a fine one.
pub fn compact_encoder() -> Result<ModelFolder, InferenceError> {
    ModelFolder::bundled(
        include_str!("../../../models/compact/manifest.toml"),
        &[
            ("config.json", include_bytes!("../../../models/compact/config.json")),
            ("tokenizer.json", include_bytes!("../../../models/compact/tokenizer.json")),
            ("model.safetensors", include_bytes!("../../../models/compact/model.safetensors")),
        ],
    )
}

/// The encoder that the program carries for the learned order.
///
/// # Errors
/// A manifest that cannot be read; a build whose tests passed has a fine one.
pub fn contextual_encoder() -> Result<ModelFolder, InferenceError> {
    ModelFolder::bundled(
        include_str!("../../../models/contextual/manifest.toml"),
        &[
            ("config.json", include_bytes!("../../../models/contextual/config.json")),
            ("tokenizer.json", include_bytes!("../../../models/contextual/tokenizer.json")),
            ("model.safetensors", include_bytes!("../../../models/contextual/model.safetensors")),
        ],
    )
}

/// Builds the rules that the engine goes by.
///
/// # Errors
/// The first table or profile that cannot be read; a build whose tests passed has none.
pub fn rules() -> anyhow::Result<Rules> {
    Ok(Rules {
        lexicon: lexicon()?,
        headings: Arc::new(Headings::parse(data!("lexicon/headings.tsv"))?),
        resources: Arc::new(ResourceCues::parse(data!("lexicon/resources.tsv"))?),
        support: Arc::new(SupportCues::parse(data!("lexicon/support.tsv"))?),
        profiles: Arc::new(Profiles::parse(PROFILES)?),
    })
}

/// The lexicon, built once: its dictionary is most of what the program loads.
///
/// # Errors
/// The first line of a table that cannot be read.
pub fn lexicon() -> anyhow::Result<Arc<Lexicon>> {
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

/// What ingestion goes by, beside what is configured.
///
/// # Errors
/// The first table that cannot be read.
pub fn ingest_rules(freshness: FreshnessRules) -> anyhow::Result<IngestRules> {
    let linking = Linking { lexicon: lexicon()?, rule: Rule::default() };
    let (tables, pdf, linking) = (tables()?, Some(pdf_reader()?), Some(linking));
    Ok(IngestRules { tables, pdf, linking, freshness })
}

/// What reads PDF files: this program again, as a child that has given its rights away.
///
/// # Errors
/// Where the program does not know where it lies.
pub fn pdf_reader() -> std::io::Result<PdfReader> {
    Ok(PdfReader::new(std::env::current_exe()?, vec![READ_PDF.into()]))
}

/// The code tables that files are read with.
///
/// # Errors
/// The first line that cannot be read.
pub fn tables() -> anyhow::Result<Arc<Tables>> {
    Ok(Arc::new(Tables {
        regions: Some(CodeTable::parse(data!("codes/regions.tsv"))?),
        chains: Some(CodeTable::parse(data!("codes/chains.tsv"))?),
        industries: Some(CodeTable::parse(data!("codes/industries.tsv"))?),
        disciplines: Some(CodeTable::parse(data!("codes/disciplines.tsv"))?),
    }))
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

/// What templates offer to choose from.
///
/// # Errors
/// The first line of a table that cannot be read.
pub fn choices() -> anyhow::Result<Choices> {
    let regions = CodeTable::parse(data!("codes/regions.tsv"))?;
    let chains = CodeTable::parse(data!("codes/chains.tsv"))?;
    let mut choices = Choices::default();
    for entry in regions.entries() {
        choices.regions.push((entry.code.parse()?, entry.name.clone()));
    }
    for entry in chains.entries() {
        choices.chains.push((entry.code.parse()?, entry.name.clone()));
    }
    Ok(choices)
}
