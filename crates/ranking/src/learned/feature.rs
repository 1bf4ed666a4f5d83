//! The registry of features.

use serde::{Deserialize, Serialize};

/// One thing that the learned order looks at. Each is higher for a better answer where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// BM25 of the query's words in the title, by the index.
    TitleWords,
    /// The same of grams.
    TitleGrams,
    /// BM25 of the words of the source's own title, each once, in the title.
    NameWords,
    /// The same of grams.
    NameGrams,
    /// The share of the title's words, by idf, that the source says.
    WordsSaid,
    /// The same of grams.
    GramsSaid,
    /// How near each word of the title is to a word of the source's title, by the encoder; mean by idf.
    TitleNear,
    /// ln of how many candidates of the list have the very same title. One result that is registered several
    /// times was found several times.
    Repeats,
    /// The cosine of the title with the source by the order encoder, which reads words in their context.
    Contextual,
}

/// Features that are of one kind, for measuring what each kind brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureGroup {
    /// BM25 over words and grams.
    Bm25,
    /// Shares of words and grams.
    Share,
    /// The encoder's view of single words.
    WordMeaning,
    /// Titles that come several times.
    Repetition,
    /// The order encoder's view of whole texts.
    Context,
}

impl Feature {
    /// All features, in the order in which their values are kept with a run.
    pub const ALL: [Self; 9] = [
        Self::TitleWords,
        Self::TitleGrams,
        Self::NameWords,
        Self::NameGrams,
        Self::WordsSaid,
        Self::GramsSaid,
        Self::TitleNear,
        Self::Repeats,
        Self::Contextual,
    ];

    /// Its kind.
    #[must_use]
    pub const fn group(self) -> FeatureGroup {
        match self {
            Self::TitleWords | Self::TitleGrams | Self::NameWords | Self::NameGrams => {
                FeatureGroup::Bm25
            }
            Self::WordsSaid | Self::GramsSaid => FeatureGroup::Share,
            Self::TitleNear => FeatureGroup::WordMeaning,
            Self::Repeats => FeatureGroup::Repetition,
            Self::Contextual => FeatureGroup::Context,
        }
    }
}

impl FeatureGroup {
    /// All groups.
    pub const ALL: [Self; 5] =
        [Self::Bm25, Self::Share, Self::WordMeaning, Self::Repetition, Self::Context];

    /// The Chinese name in reports.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bm25 => "字词得分",
            Self::Share => "字词占比",
            Self::WordMeaning => "逐词语义",
            Self::Repetition => "重复登记",
            Self::Context => "语境语义",
        }
    }
}
