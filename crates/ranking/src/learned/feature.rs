//! The registry of features.

use serde::{Deserialize, Serialize};

/// One thing that the learned order looks at. Each is higher for a better answer where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// The fused score: words of all texts, weighed by the profile, beside the cosine.
    Fused,
    /// BM25 of the query's words in the title, by the index.
    TitleWords,
    /// The same of grams.
    TitleGrams,
    /// BM25 of the words of the source's own title, each once, in the title.
    NameWords,
    /// The same of grams.
    NameGrams,
    /// The share of the title's words, by idf, that the source's title says.
    SaidByName,
    /// The share of them that the whole source says.
    WordsSaid,
    /// The same of grams.
    GramsSaid,
    /// The cosine of the record's vector with the source's.
    Cosine,
    /// How near each word of the source's title is to a word of the title, by the encoder; mean by idf.
    NameNear,
    /// How near each word of the title is to a word of the source's title; mean by idf.
    TitleNear,
    /// ln(1 + characters of the title): neither good nor bad, but a long title says more words by chance.
    Length,
    /// ln of how many candidates of the list have the very same title. One result that is registered several
    /// times was found several times.
    Repeats,
}

/// Features that are of one kind, for measuring what each kind brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureGroup {
    /// The order before.
    Fusion,
    /// BM25 over words and grams.
    Bm25,
    /// Shares of words and grams.
    Share,
    /// The encoder's view of whole texts.
    Meaning,
    /// The encoder's view of single words.
    WordMeaning,
    /// Length of the title.
    Length,
    /// Titles that come several times.
    Repetition,
}

impl Feature {
    /// All features, in the order in which their values are kept.
    pub const ALL: [Self; 13] = [
        Self::Fused,
        Self::TitleWords,
        Self::TitleGrams,
        Self::NameWords,
        Self::NameGrams,
        Self::SaidByName,
        Self::WordsSaid,
        Self::GramsSaid,
        Self::Cosine,
        Self::NameNear,
        Self::TitleNear,
        Self::Length,
        Self::Repeats,
    ];

    /// Its kind.
    #[must_use]
    pub const fn group(self) -> FeatureGroup {
        match self {
            Self::Fused => FeatureGroup::Fusion,
            Self::TitleWords | Self::TitleGrams | Self::NameWords | Self::NameGrams => {
                FeatureGroup::Bm25
            }
            Self::SaidByName | Self::WordsSaid | Self::GramsSaid => FeatureGroup::Share,
            Self::Cosine => FeatureGroup::Meaning,
            Self::NameNear | Self::TitleNear => FeatureGroup::WordMeaning,
            Self::Length => FeatureGroup::Length,
            Self::Repeats => FeatureGroup::Repetition,
        }
    }
}

impl FeatureGroup {
    /// All groups.
    pub const ALL: [Self; 7] = [
        Self::Fusion,
        Self::Bm25,
        Self::Share,
        Self::Meaning,
        Self::WordMeaning,
        Self::Length,
        Self::Repetition,
    ];

    /// The Chinese name in reports.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fusion => "融合得分",
            Self::Bm25 => "字词得分",
            Self::Share => "字词占比",
            Self::Meaning => "全文语义",
            Self::WordMeaning => "逐词语义",
            Self::Length => "名称长度",
            Self::Repetition => "重复登记",
        }
    }
}
