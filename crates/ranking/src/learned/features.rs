//! The features of a list's candidates, from titles, scores and vectors that are handed in.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use kechuang_domain::TextRole;
use kechuang_text::{Analysis, Lexicon, Token, analyse};

use crate::{
    Candidate, Profile,
    learned::{
        bag::Bag,
        feature::Feature,
        nearness::{Weighed, nearness},
    },
    profile::FieldRule,
};

/// The values of one candidate, in the order of [`Feature::ALL`].
pub type Features = [f64; Feature::ALL.len()];

/// The source's words.
#[derive(Debug, Clone, Copy)]
pub struct SourceSide<'a> {
    /// Of its title.
    pub title: &'a Analysis,
    /// Of the text below it.
    pub body: &'a Analysis,
}

/// A candidate's title, cut into words and grams.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadTitle {
    title: String,
    cut: Analysis,
    /// Its cosine with the source by the order encoder.
    contextual: f64,
}

/// How rare terms are in the library; one that is not there counts nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rarity {
    /// idf of words.
    pub words: HashMap<String, f64>,
    /// idf of grams.
    pub grams: HashMap<String, f64>,
}

/// The vectors of single words, of length 1.
pub type TermVectors = HashMap<String, Arc<[f32]>>;

impl ReadTitle {
    /// Cuts a title.
    #[must_use]
    pub fn cut(lexicon: &Lexicon, title: &str) -> Self {
        Self { title: title.to_owned(), cut: analyse(lexicon, title), contextual: 0.0 }
    }

    /// The same with its cosine with the source by the order encoder. Without one, all titles of a list are alike
    /// in it.
    #[must_use]
    pub fn with_contextual(self, cosine: f64) -> Self {
        Self { contextual: cosine, ..self }
    }

    /// The title as it is written.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }
}

impl Rarity {
    /// The words and the grams whose idf is asked for, each once.
    #[must_use]
    pub fn asked<'a>(
        source: SourceSide<'a>,
        titles: &'a [ReadTitle],
    ) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
        let distinct = |of: fn(&Analysis) -> &Vec<Token>| {
            let titles = titles.iter().flat_map(move |title| of(&title.cut));
            of(source.title).iter().chain(titles).map(|token| token.text.as_str()).collect()
        };
        (distinct(|cut| &cut.words), distinct(|cut| &cut.grams))
    }
}

/// The features of every candidate, in their order; `titles` go with them one by one.
#[must_use]
pub fn features(
    profile: &Profile,
    source: SourceSide<'_>,
    candidates: &[Candidate],
    titles: &[ReadTitle],
    rarity: &Rarity,
    vectors: &TermVectors,
) -> Vec<Features> {
    let titles: Vec<Title<'_>> = titles.iter().map(Title::of).collect();
    let list = List::new(profile, source, &titles, rarity, vectors);
    candidates.iter().zip(&titles).map(|(candidate, title)| list.row(candidate, title)).collect()
}

/// A candidate's title as two bags.
struct Title<'a> {
    read: &'a ReadTitle,
    words: Bag<'a>,
    grams: Bag<'a>,
}

impl<'a> Title<'a> {
    fn of(read: &'a ReadTitle) -> Self {
        let (words, grams) = (Bag::of(&read.cut.words), Bag::of(&read.cut.grams));
        Self { read, words, grams }
    }
}

/// What is the same for all candidates of a list.
struct List<'a> {
    title_rule: &'a FieldRule,
    rarity: &'a Rarity,
    vectors: &'a TermVectors,
    name_words: Bag<'a>,
    name_grams: Bag<'a>,
    words_said: BTreeSet<&'a str>,
    grams_said: BTreeSet<&'a str>,
    mean_words: f64,
    mean_grams: f64,
    repeats: BTreeMap<&'a str, u32>,
}

impl<'a> List<'a> {
    fn new(
        profile: &'a Profile,
        source: SourceSide<'a>,
        titles: &[Title<'a>],
        rarity: &'a Rarity,
        vectors: &'a TermVectors,
    ) -> Self {
        let SourceSide { title, body } = source;
        let mut repeats = BTreeMap::new();
        for title in titles {
            *repeats.entry(title.read.title()).or_insert(0) += 1;
        }
        Self {
            title_rule: &profile.fields.title,
            rarity,
            vectors,
            name_words: Bag::of(&title.words),
            name_grams: Bag::of(&title.grams),
            words_said: said(&title.words, &body.words),
            grams_said: said(&title.grams, &body.grams),
            mean_words: mean_of(titles.iter().map(|title| title.words.length())),
            mean_grams: mean_of(titles.iter().map(|title| title.grams.length())),
            repeats,
        }
    }

    fn row(&self, candidate: &Candidate, title: &Title<'_>) -> Features {
        let Title { read, words, grams } = title;
        let word_idf = |term: &str| self.rarity.words.get(term).copied().unwrap_or(0.0);
        let gram_idf = |term: &str| self.rarity.grams.get(term).copied().unwrap_or(0.0);
        let FieldRule { words: of_words, grams: of_grams } = self.title_rule;
        let index = candidate.fields.iter().find(|field| field.role == TextRole::Title);
        let (name, near) = (self.weighed(&self.name_words), self.weighed(words));
        Feature::ALL.map(|feature| match feature {
            Feature::TitleWords => index.map_or(0.0, |field| f64::from(field.words)),
            Feature::TitleGrams => index.map_or(0.0, |field| f64::from(field.grams)),
            Feature::NameWords => {
                words.bm25(&self.name_words, *of_words, word_idf, self.mean_words)
            }
            Feature::NameGrams => {
                grams.bm25(&self.name_grams, *of_grams, gram_idf, self.mean_grams)
            }
            Feature::WordsSaid => words.share(&self.words_said, word_idf),
            Feature::GramsSaid => grams.share(&self.grams_said, gram_idf),
            Feature::Contextual => read.contextual,
            Feature::TitleNear => nearness(&near, &name),
            Feature::Repeats => {
                libm::log(self.repeats.get(read.title()).map_or(1.0, |times| f64::from(*times)))
            }
        })
    }

    /// The vectors of a text's words, each with its idf.
    fn weighed(&self, words: &Bag<'_>) -> Vec<Weighed<'_>> {
        let known = words.terms().filter_map(|word| Some((word, self.vectors.get(word)?)));
        let idf = |word: &str| self.rarity.words.get(word).copied().unwrap_or(0.0);
        known.map(|(word, vector)| (&vector[..], idf(word))).collect()
    }
}

/// The mean; 0 of none.
fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn said<'a>(title: &'a [Token], body: &'a [Token]) -> BTreeSet<&'a str> {
    title.iter().chain(body).map(|token| token.text.as_str()).collect()
}
