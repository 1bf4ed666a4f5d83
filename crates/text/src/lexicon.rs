//! The tables that segmentation, search and reading share, built once from their text forms.

use std::collections::{HashMap, HashSet};

use jieba_rs::Jieba;
use sha2::{Digest, Sha256};

use crate::{
    Chains, chains, normalise,
    unit::{Unit, Units},
};

/// How often a term of the user dictionary is taken to occur. Above every word of the general
/// dictionary that could cut it apart, so that 质子交换膜 stays whole.
const TERM_FREQUENCY: usize = 100_000;

/// The shortest part that search does not find within a longer word.
const HIDDEN_CHARS: usize = 4;

/// The text forms of the tables; `data/lexicon/README.md` describes them.
#[derive(Debug, Clone, Copy)]
pub struct LexiconSources<'a> {
    /// One domain term a line.
    pub terms: &'a str,
    /// Traditional and simplified character, tab-separated.
    pub traditional: &'a str,
    /// One word a line, in the sections `# function` and `# generic`.
    pub stopwords: &'a str,
    /// One group of words with the same meaning a line.
    pub synonyms: &'a str,
    /// Written unit, canonical unit, dimension, factor and offset, tab-separated.
    pub units: &'a str,
    /// Chain, stage, name of the stage, term and synonyms, tab-separated; [`Chains`] reads it.
    pub chains: &'a str,
}

/// A line of a table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("词表 {file} 第 {line} 行有误：{what}")]
pub struct LexiconError {
    /// Which table.
    pub file: &'static str,
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// Everything that is known about words, characters and units.
pub struct Lexicon {
    pub(crate) jieba: Jieba,
    pub(crate) simplified: HashMap<char, char>,
    pub(crate) units: Units,
    function_words: HashSet<String>,
    generic_words: HashSet<String>,
    synonyms: HashMap<String, Vec<String>>,
    chains: Chains,
    hash: String,
}

impl Lexicon {
    /// Builds the tables. Takes some 0.3 seconds, most of it for the general dictionary.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn build(sources: &LexiconSources<'_>) -> Result<Self, LexiconError> {
        let mut jieba = Jieba::new();
        for (_, term) in lines(sources.terms) {
            jieba.add_word(term, Some(TERM_FREQUENCY), None);
        }
        let mut chains = Chains::parse(sources.chains)?;
        for word in whole_words(&jieba, &chains) {
            jieba.add_word(word, Some(TERM_FREQUENCY), None);
        }
        let synonyms = synonyms(sources.synonyms, &chains)?;
        chains.learn(&synonyms);
        let (function_words, generic_words) = stopwords(sources.stopwords)?;
        Ok(Self {
            jieba,
            simplified: simplified(sources.traditional)?,
            units: Units::parse(sources.units)?,
            function_words,
            generic_words,
            synonyms,
            chains,
            hash: hash(sources),
        })
    }

    /// Tells this lexicon from every other: texts cut with different hashes do not compare.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Whether a word only holds sentences together (的, 以及, the).
    #[must_use]
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }

    /// Whether a word says little in this field (技术, 研究, 提高).
    #[must_use]
    pub fn is_generic_word(&self, word: &str) -> bool {
        self.generic_words.contains(word)
    }

    /// Other words of the same meaning.
    #[must_use]
    pub fn synonyms_of(&self, word: &str) -> &[String] {
        self.synonyms.get(word).map_or(&[], Vec::as_slice)
    }

    /// The terms of the industry chains, which place a text in them.
    #[must_use]
    pub fn chains(&self) -> &Chains {
        &self.chains
    }

    /// The unit written like this, in NFKC form.
    #[must_use]
    pub fn unit(&self, written: &str) -> Option<&Unit> {
        self.units.get(written)
    }
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("hash", &self.hash).finish_non_exhaustive()
    }
}

/// The words of the chains that are cut as wholes. A longer one that holds a word of four characters or
/// more is left to its parts: of a whole, search finds parts of two and three characters only, so that
/// 燃料电池增湿器 would hide 燃料电池.
fn whole_words<'a>(jieba: &Jieba, chains: &'a Chains) -> Vec<&'a str> {
    let words: HashSet<&str> = chains.words().collect();
    let hides_a_word = |word: &str| {
        let bounds: Vec<usize> =
            word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        (HIDDEN_CHARS..bounds.len() - 1).any(|length| {
            let mut parts =
                bounds.iter().zip(&bounds[length..]).map(|(from, to)| &word[*from..*to]);
            parts.any(|part| words.contains(part) || jieba.has_word(part))
        })
    };
    chains.words().filter(|word| !hides_a_word(word)).collect()
}

/// The lines of a table that say something, with their numbers.
pub(crate) fn lines(table: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(table.lines())
        .map(|(number, line)| (number, line.trim_end()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn stopwords(table: &str) -> Result<(HashSet<String>, HashSet<String>), LexiconError> {
    let mut function = HashSet::new();
    let mut generic = HashSet::new();
    let mut section: Option<&mut HashSet<String>> = None;
    for (line, word) in (1..).zip(table.lines().map(str::trim)) {
        match word {
            "" => {}
            "# function" => section = Some(&mut function),
            "# generic" => section = Some(&mut generic),
            comment if comment.starts_with('#') => {}
            word => match &mut section {
                Some(section) => drop(section.insert(word.to_lowercase())),
                None => {
                    return Err(LexiconError {
                        file: "stopwords.txt",
                        line,
                        what: "词在「# function」或「# generic」小节之前".to_owned(),
                    });
                }
            },
        }
    }
    Ok((function, generic))
}

fn simplified(table: &str) -> Result<HashMap<char, char>, LexiconError> {
    let mut simplified = HashMap::new();
    for (line, row) in lines(table) {
        let mut cells = row.split('\t').map(|cell| {
            let mut chars = cell.chars();
            chars.next().filter(|_| chars.next().is_none())
        });
        let (Some(Some(from)), Some(Some(to)), None) = (cells.next(), cells.next(), cells.next())
        else {
            return Err(LexiconError {
                file: "traditional.tsv",
                line,
                what: "应为「繁体字<TAB>简体字」，各一个字".to_owned(),
            });
        };
        simplified.insert(from, to);
    }
    Ok(simplified)
}

/// The groups of the table, and those of the chains: a line of theirs joins the group that one of its
/// words is in, or makes one of its own.
fn synonyms(table: &str, chains: &Chains) -> Result<HashMap<String, Vec<String>>, LexiconError> {
    let mut groups = Groups::default();
    for (line, group) in lines(table) {
        groups
            .put(groups.members.len(), group.split_whitespace())
            .map_err(|what| LexiconError { file: "synonyms.txt", line, what })?;
    }
    for term in chains.terms().iter().filter(|term| !term.synonyms.is_empty()) {
        let known = term.words().find_map(|word| groups.of_word.get(&word.to_lowercase()));
        let group = known.copied().unwrap_or(groups.members.len());
        groups.put(group, term.words()).map_err(|what| LexiconError {
            file: chains::FILE,
            line: term.line,
            what,
        })?;
    }
    Ok(groups.synonyms())
}

/// Groups of words with the same meaning, in small letters; no word is in two.
#[derive(Default)]
struct Groups {
    members: Vec<Vec<String>>,
    of_word: HashMap<String, usize>,
}

impl Groups {
    /// Adds words to a group, which may be the next new one.
    fn put<'a>(
        &mut self,
        group: usize,
        words: impl Iterator<Item = &'a str>,
    ) -> Result<(), String> {
        if group == self.members.len() {
            self.members.push(Vec::new());
        }
        for word in words.map(str::to_lowercase) {
            match *self.of_word.entry(word.clone()).or_insert(group) {
                other if other != group => return Err(format!("「{word}」在两组同义词中")),
                _ if self.members[group].contains(&word) => {}
                _ => self.members[group].push(word),
            }
        }
        Ok(())
    }

    fn synonyms(self) -> HashMap<String, Vec<String>> {
        let mut synonyms = HashMap::new();
        for group in &self.members {
            for word in group {
                let others = group.iter().filter(|other| *other != word).cloned().collect();
                synonyms.insert(word.clone(), others);
            }
        }
        synonyms
    }
}

/// Also covers the code that cuts: two versions of the program that cut differently must not share an
/// index.
fn hash(sources: &LexiconSources<'_>) -> String {
    let mut hasher = Sha256::new();
    let code = [crate::segment::CUT_VERSION, normalise::FOLD_VERSION];
    let tables = [
        sources.terms,
        sources.traditional,
        sources.stopwords,
        sources.synonyms,
        sources.units,
        sources.chains,
    ];
    for part in code.into_iter().chain(tables) {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    kechuang_domain::hex(&hasher.finalize()[..16])
}
