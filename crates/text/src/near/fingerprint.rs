//! Keys under which a record is filed, so that its near-duplicates are found among many.

use super::{
    Text,
    compare::TITLE_TOKENS_MIN,
    tokens::{mix, step},
};

/// Tokens in one shingle of a text: long enough that texts on one subject share few, short enough
/// that some stand between replaced words. `benches/duplicates.rs` chose this among 4 and 5.
const BODY_SHINGLE: usize = 5;
/// Tokens in one shingle of a title.
const TITLE_SHINGLE: usize = 3;
/// Bins for the shingles of a text, each of which gives its least hash as a key.
const BODY_BINS: usize = 48;
/// Bins for the shingles of a title.
const TITLE_BINS: usize = 16;

const BODY_SEED: u64 = 0x6b65_6368_7561_6e67;
const TITLE_SEED: u64 = 0x7469_746c_655f_6b65;

/// What a database stores of a record to find its duplicates: the same on every machine.
///
/// File the record under each of its keys, and under [`title`](Self::title). Whatever shares the title
/// or [`SHARED_MIN`](Self::SHARED_MIN) keys is worth a [comparison](super::compare), most shared first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    exact: u64,
    title: Option<u64>,
    keys: Vec<u64>,
}

impl Fingerprint {
    /// Counts up when the same text gets other keys than before; stored ones are then made again, as
    /// they are for another [lexicon](crate::Lexicon::hash).
    pub const VERSION: u32 = 1;
    /// Keys of one record at most.
    pub const KEYS: usize = BODY_BINS + TITLE_BINS;
    /// Two records that share fewer keys are not compared. `benches/duplicates.rs` chose this among 2, 3
    /// and 4.
    pub const SHARED_MIN: usize = 3;

    /// Makes the fingerprint. Takes one hash a token.
    #[must_use]
    pub fn of(text: &Text) -> Self {
        let mut keys = Vec::with_capacity(Self::KEYS);
        least(&text.title, TITLE_SHINGLE, TITLE_SEED, TITLE_BINS, &mut keys);
        least(&text.body, BODY_SHINGLE, BODY_SEED, BODY_BINS, &mut keys);
        let [a, b, c, d, e, f, g, h, ..] = text.exact;
        let exact = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        Self { exact, title: title(&text.title), keys }
    }

    /// Equal for records whose title and text are equal but for width, case, marks and markup.
    #[must_use]
    pub const fn exact(&self) -> u64 {
        self.exact
    }

    /// Equal for titles of the same words in any order; none for a title that is too short to tell a
    /// record. Finds the records without texts, whose few keys another order would change.
    #[must_use]
    pub const fn title(&self) -> Option<u64> {
        self.title
    }

    /// The keys to file the record under, at most [`KEYS`](Self::KEYS); none for a record without
    /// words.
    #[must_use]
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// Whether the two records are worth a comparison: what a database answers by looking keys up.
    #[must_use]
    pub fn proposes(&self, other: &Self) -> bool {
        let shared = self.keys.iter().filter(|key| other.keys.contains(key)).count();
        self.title.is_some() && self.title == other.title || shared >= Self::SHARED_MIN
    }
}

fn title(tokens: &[u32]) -> Option<u64> {
    let mut sorted = tokens.to_vec();
    sorted.sort_unstable();
    let hash = sorted.iter().fold(TITLE_SEED, |hash, token| step(hash, *token));
    (tokens.len() >= TITLE_TOKENS_MIN).then_some(mix(hash))
}

/// The least hash of each bin that has any. The bin is the hash's upper part, so that equal keys lie in
/// equal bins.
fn least(tokens: &[u32], shingle: usize, seed: u64, bins: usize, keys: &mut Vec<u64>) {
    if tokens.is_empty() {
        return;
    }
    let mut least: Vec<Option<u64>> = vec![None; bins];
    for shingle in tokens.windows(shingle.min(tokens.len())) {
        let hash = mix(shingle.iter().fold(seed, |hash, token| step(hash, *token)));
        let bin = &mut least[((u128::from(hash) * bins as u128) >> 64) as usize];
        *bin = Some(bin.map_or(hash, |least| least.min(hash)));
    }
    keys.extend(least.into_iter().flatten());
}
