//! Industry chains by their terms: what the field's words are, which mean the same, and where in which
//! chain a text belongs.
//!
//! Placing a text is careful: it goes by words of the field alone, and a text without clear ones is
//! placed nowhere. It proposes; a person confirms.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kechuang_domain::ChainCode;

use crate::{Lexicon, LexiconError, lexicon::lines, normalise};

pub(crate) const FILE: &str = "chain-terms.tsv";
/// One clear word of a stage is enough, and nothing less.
const LEAST_WEIGHT: f32 = 1.0;
/// Stages far behind the first are mentioned, not meant.
const LEAST_SHARE: f32 = 0.25;
/// VAR is vacuum arc remelting and value at risk: so few letters need a companion.
const ABBREVIATION_WEIGHT: f32 = 0.5;
const ABBREVIATION_LETTERS: usize = 3;

/// A term of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainTerm {
    /// The chain.
    pub chain: ChainCode,
    /// The stage within the chain, such as `fuel-cell`.
    pub stage: String,
    /// What the stage is called, such as 燃料电池.
    pub stage_name: String,
    /// The term in its preferred form.
    pub term: String,
    /// Other words of the same meaning.
    pub synonyms: Vec<String>,
    /// Which line of the table, from 1.
    pub line: usize,
}

impl ChainTerm {
    /// The term and its synonyms.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.term).chain(&self.synonyms).map(String::as_str)
    }
}

/// A stage that a text seems to belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct StageMatch {
    /// The chain.
    pub chain: ChainCode,
    /// The stage within the chain.
    pub stage: String,
    /// How clearly the text says so: about how many different words of the stage it holds, at least 1.
    pub weight: f32,
    /// These words, as the text's folded form has them, in their order.
    pub terms: Vec<String>,
}

/// The terms of all chains.
#[derive(Debug, Clone)]
pub struct Chains {
    terms: Vec<ChainTerm>,
    /// The terms of each word, by its form in small letters, one in each stage.
    places: HashMap<String, Vec<usize>>,
    /// How many characters the longest word has that begins with this one.
    begins: HashMap<char, usize>,
}

impl Chains {
    /// Reads the table: chain, stage, name of the stage, term and synonyms, tab-separated; synonyms are
    /// separated by blanks. A word may stand in several stages, but once in each, and has its synonyms
    /// in one line only.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(table: &str) -> Result<Self, LexiconError> {
        let mut chains = Self { terms: Vec::new(), places: HashMap::new(), begins: HashMap::new() };
        let mut grouped: BTreeSet<String> = BTreeSet::new();
        for (line, row) in lines(table) {
            let term = term_of(line, row).map_err(|what| error(line, what))?;
            chains.add(term, &mut grouped).map_err(|what| error(line, what))?;
        }
        Ok(chains)
    }

    fn add(&mut self, term: ChainTerm, grouped: &mut BTreeSet<String>) -> Result<(), String> {
        let place = self.terms.len();
        for word in term.words() {
            let key = word.to_lowercase();
            if !term.synonyms.is_empty() && !grouped.insert(key.clone()) {
                return Err(format!("「{word}」的同义词已在另一行"));
            }
            self.begin(&key);
            let places = self.places.entry(key).or_default();
            let same_stage =
                |other: &ChainTerm| (&other.chain, &other.stage) == (&term.chain, &term.stage);
            if places.iter().any(|at| *at == place || same_stage(&self.terms[*at])) {
                return Err(format!("「{word}」在环节 {} 中出现两次", term.stage));
            }
            places.push(place);
        }
        self.terms.push(term);
        Ok(())
    }

    fn begin(&mut self, key: &str) {
        if let Some(first) = key.chars().next() {
            let longest = self.begins.entry(first).or_default();
            *longest = (*longest).max(key.chars().count());
        }
    }

    /// Takes words that mean the same as those of the table to stand where those stand.
    pub(crate) fn learn(&mut self, synonyms: &HashMap<String, Vec<String>>) {
        let mut learnt: Vec<(String, Vec<usize>)> = Vec::new();
        for (word, others) in synonyms {
            if self.places.contains_key(word) {
                continue;
            }
            let known = others.iter().filter_map(|other| self.places.get(other)).flatten();
            let known: BTreeSet<usize> = known.copied().collect();
            let mut stages = BTreeSet::new();
            let stage_of = |at: &usize| (&self.terms[*at].chain, &self.terms[*at].stage);
            let places: Vec<usize> =
                known.into_iter().filter(|at| stages.insert(stage_of(at))).collect();
            if !places.is_empty() {
                learnt.push((word.clone(), places));
            }
        }
        for (word, places) in learnt {
            self.begin(&word);
            self.places.insert(word, places);
        }
    }

    /// All terms, in the order of the table.
    #[must_use]
    pub fn terms(&self) -> &[ChainTerm] {
        &self.terms
    }

    /// All words, terms and synonyms, each once.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let all: BTreeSet<&str> = self.terms.iter().flat_map(ChainTerm::words).collect();
        all.into_iter()
    }

    /// Words of the same meaning as this one by this table; [`Lexicon::synonyms_of`] knows those of both
    /// tables.
    #[must_use]
    pub fn synonyms_of(&self, word: &str) -> Vec<&str> {
        let key = word.to_lowercase();
        let places = self.places.get(&key).map_or(&[][..], Vec::as_slice);
        let said = places.iter().flat_map(|at| self.terms[*at].words());
        said.filter(|other| other.to_lowercase() != key).collect()
    }

    /// The stages that a text belongs to, the clearest first; of equals the first of the table. Takes
    /// time in proportion to the text. Words that only the lexicon's synonyms know count where the chains
    /// are the lexicon's own ([`Lexicon::chains`]).
    #[must_use]
    pub fn classify(&self, lexicon: &Lexicon, text: &str) -> Vec<StageMatch> {
        let mut stages: BTreeMap<(&ChainCode, &str), (usize, StageMatch)> = BTreeMap::new();
        for (word, count) in self.found(lexicon, text) {
            let Some(places) = self.places.get(&word) else { continue };
            let chains: BTreeSet<_> = places.iter().map(|at| &self.terms[*at].chain).collect();
            for at in places {
                let ChainTerm { chain, stage, .. } = &self.terms[*at];
                let (first, found) = stages.entry((chain, stage)).or_insert_with(|| {
                    let (chain, stage) = (chain.clone(), stage.clone());
                    (*at, StageMatch { chain, stage, weight: 0.0, terms: Vec::new() })
                });
                *first = (*first).min(*at);
                found.weight += clearness(&word, count) / chains.len() as f32;
                found.terms.push(word.clone());
            }
        }
        let mut stages: Vec<_> = stages.into_values().collect();
        stages.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then(a.0.cmp(&b.0)));
        let highest = stages.first().map_or(0.0, |(_, stage)| stage.weight);
        let least = LEAST_WEIGHT.max(highest * LEAST_SHARE);
        stages.into_iter().map(|(_, stage)| stage).filter(|stage| stage.weight >= least).collect()
    }

    /// The words that a text holds, the longest at each place, with how often, in their order.
    fn found(&self, lexicon: &Lexicon, text: &str) -> Vec<(String, u16)> {
        let text = normalise(lexicon, text).text.to_lowercase();
        let mut bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bounds.push(text.len());
        let mut found: Vec<(String, u16)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut at = 0;
        while at + 1 < bounds.len() {
            let longest_chars = text[bounds[at]..].chars().next().and_then(|c| self.begins.get(&c));
            let furthest = (at + longest_chars.copied().unwrap_or(0)).min(bounds.len() - 1);
            let longest = (at + 1..=furthest).rev().find(|end| {
                let (start, end) = (bounds[at], bounds[*end]);
                self.places.contains_key(&text[start..end]) && stands_alone(&text, start, end)
            });
            let Some(end) = longest else {
                at += 1;
                continue;
            };
            let word = &text[bounds[at]..bounds[end]];
            let place = *places.entry(word).or_insert(found.len());
            match found.get_mut(place) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => found.push((word.to_owned(), 1)),
            }
            at = end;
        }
        found
    }
}

fn term_of(line: usize, row: &str) -> Result<ChainTerm, String> {
    let mut cells = row.split('\t').map(str::trim);
    let mut cell = || cells.next().filter(|cell| !cell.is_empty());
    let (Some(chain), Some(stage), Some(stage_name), Some(term)) = (cell(), cell(), cell(), cell())
    else {
        return Err("应为「产业链<TAB>环节<TAB>环节名称<TAB>词<TAB>同义词」".to_owned());
    };
    Ok(ChainTerm {
        chain: chain
            .parse()
            .map_err(|error: kechuang_domain::code::BadChainCode| error.to_string())?,
        stage: stage.to_owned(),
        stage_name: stage_name.to_owned(),
        term: term.to_owned(),
        synonyms: cell().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        line,
    })
}

const fn error(line: usize, what: String) -> LexiconError {
    LexiconError { file: FILE, line, what }
}

/// A second time says less than another word; of an abbreviation it says nothing.
fn clearness(word: &str, count: u16) -> f32 {
    let letters_only = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if letters_only && word.len() <= ABBREVIATION_LETTERS {
        ABBREVIATION_WEIGHT
    } else {
        f32::from(count).sqrt()
    }
}

/// Whether no letter or digit is cut off from another: PEM is not in PEMFC.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let cut_before =
        joins(text[..start].chars().next_back()) && joins(text[start..].chars().next());
    let cut_behind = joins(text[..end].chars().next_back()) && joins(text[end..].chars().next());
    !cut_before && !cut_behind
}
