//! Which records match the words of a search.
//!
//! A record matches when it has more than half of the query's words: the one of one, both of two, two of
//! three. A word that the segmenter has cut differently in the record counts where all its pairs of
//! characters are there. What has a character in common and nothing else is no match: nobody could make
//! sense of a count that includes it.

use kechuang_text::QueryTerm;

/// Which terms of the query a document has, one bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Had {
    pub(crate) words: u64,
    pub(crate) grams: u64,
}

/// When a document has enough of the words.
pub(crate) struct WordRule {
    /// For each word its own bit, and the bits of the grams that make it up; no grams where some are
    /// not asked for.
    words: Vec<Had>,
    /// How many must be there.
    needed: usize,
}

impl WordRule {
    pub(crate) fn of(words: &[QueryTerm], grams: &[QueryTerm]) -> Self {
        let bit =
            |text: &str| grams.iter().position(|gram| gram.text == text).map(|at| 1_u64 << at);
        let asked: Vec<Had> = if words.is_empty() {
            // Nothing but function words: then their pairs are meant.
            (0..grams.len()).map(|at| Had { words: 0, grams: 1 << at }).collect()
        } else {
            let one = |(at, word): (usize, &QueryTerm)| Had {
                words: 1 << at,
                grams: bit(&word.text).or_else(|| all_of(pairs(&word.text).map(bit))).unwrap_or(0),
            };
            words.iter().enumerate().map(one).collect()
        };
        let needed = asked.len() / 2 + 1;
        Self { words: asked, needed }
    }

    pub(crate) fn asks_nothing(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn is_met(&self, had: Had) -> bool {
        if had.words == 0 && had.grams == 0 {
            return false;
        }
        let has = |word: &&Had| {
            had.words & word.words != 0 || word.grams != 0 && had.grams & word.grams == word.grams
        };
        self.words.iter().filter(has).count() >= self.needed
    }
}

/// The pairs of neighbouring characters of a word.
fn pairs(word: &str) -> impl Iterator<Item = &str> {
    let starts = word.char_indices().map(|(at, _)| at);
    let ends = word.char_indices().skip(1).map(|(at, c)| at + c.len_utf8());
    starts.zip(ends).map(|(start, end)| &word[start..end])
}

/// Bits put together, if none is missing.
fn all_of(mut bits: impl Iterator<Item = Option<u64>>) -> Option<u64> {
    bits.try_fold(0, |all, bit| Some(all | bit?))
}
