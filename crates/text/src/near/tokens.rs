//! A title and a text as tokens: what is left when width, case, marks and markup are gone.

use sha2::{Digest, Sha256};

use crate::{Lexicon, normalise};

/// Characters that hold a sentence together and change when it is put in other words. They tell
/// nothing apart, so that keys and comparison go without them; only an exact duplicate needs them.
const PARTICLES: &str =
    "的地得了着过之其该此这而或并且把将被由从到向也都则即又和与及以在于对中为是等";

/// Set in the token of a word of letters, the rest of which is a hash. Every other token is a
/// character.
const WORD_BIT: u32 = 1 << 31;

/// A title and a text, cut for comparison.
///
/// A token is a Chinese character, a digit, or a word of other letters in lower case. Marks, blanks
/// and commands of LaTeX (`\mathrm`) are no tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub(super) title: Vec<u32>,
    pub(super) body: Vec<u32>,
    /// SHA-256 of all tokens, with those that the comparison leaves out.
    pub(super) exact: [u8; 32],
    /// Whether nothing is left to compare.
    pub(super) is_blank: bool,
}

impl Text {
    /// Cuts a record's title and text; either may be empty. Takes time in proportion to both.
    #[must_use]
    pub fn of(lexicon: &Lexicon, title: &str, text: &str) -> Self {
        let mut title = cut(&normalise(lexicon, title).text);
        let mut body = cut(&normalise(lexicon, text).text);
        let mut hasher = Sha256::new();
        hasher.update((title.len() as u64).to_le_bytes());
        for token in title.iter().chain(&body) {
            hasher.update(token.to_le_bytes());
        }
        drop_particles(&mut title);
        drop_particles(&mut body);
        let is_blank = title.is_empty() && body.is_empty();
        Self { title, body, exact: hasher.finalize().into(), is_blank }
    }
}

fn drop_particles(tokens: &mut Vec<u32>) {
    let particles: Vec<u32> = PARTICLES.chars().map(u32::from).collect();
    tokens.retain(|token| !particles.contains(token));
}

/// The tokens of a folded text.
fn cut(text: &str) -> Vec<u32> {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            while chars.next_if(char::is_ascii_alphabetic).is_some() {}
        } else if is_letter(c) {
            let mut hash = letter(0, c);
            while let Some(next) = chars.next_if(|next| is_letter(*next)) {
                hash = letter(hash, next);
            }
            tokens.push(WORD_BIT | (mix(hash) >> 33) as u32);
        } else if c.is_alphanumeric() {
            tokens.push(u32::from(c));
        }
    }
    tokens
}

/// A letter of a script that writes words: what lies below the Chinese radicals.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && c < '\u{2e80}'
}

fn letter(hash: u64, c: char) -> u64 {
    c.to_lowercase().fold(hash, |hash, c| step(hash, u32::from(c)))
}

/// Takes one more token into a hash; [`mix`] ends it.
pub(super) const fn step(hash: u64, token: u32) -> u64 {
    (hash.rotate_left(5) ^ token as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Spreads a hash over all its bits (the end of `SplitMix64`, Steele, Lea and Flood 2014).
pub(super) const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
