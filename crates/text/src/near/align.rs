//! How much of a text stands, piece by piece, along some place of another.

use super::tokens::{mix, step};

/// Tokens in one piece: about a clause, so that clauses may change places. `benches/duplicates.rs` chose
/// this among 12, 16 and 24.
const PIECE: usize = 12;
/// A rest shorter than this belongs to the piece before it.
const REST_MIN: usize = 6;
/// Tokens in a seed, which tells where a piece may lie.
const SEED: usize = 3;
/// Places of one seed that are looked at, so that a text that repeats itself costs no more.
const PLACES: usize = 8;
/// Steps along a chain of seeds, also where seeds collide.
const STEPS: usize = 32;
/// Diagonals so near each other are one place: words were replaced by longer ones.
const DRIFT: usize = 16;
/// Tokens around a place that still belong to it.
const MARGIN: usize = 4;
/// Places that are laid along each piece.
const TRIES: usize = 2;

/// The longest common subsequence of two token sequences; of `a` the first 128 tokens count.
pub(super) fn common(a: &[u32], b: &[u32]) -> usize {
    let a = &a[..a.len().min(128)];
    let mut open = u128::MAX;
    for token in b {
        let mut here = 0_u128;
        for (at, other) in a.iter().enumerate() {
            here |= u128::from(other == token) << at;
        }
        let taken = open & here;
        open = open.wrapping_add(taken) | (open - taken);
    }
    let within = u128::MAX.checked_shr(128 - a.len() as u32).unwrap_or(0);
    (!open & within).count_ones() as usize
}

/// For each piece of `shorter`, its length and how many of its tokens stand along its best place in
/// `longer`. Takes time in proportion to both.
pub(super) fn pieces(shorter: &[u32], longer: &[u32]) -> Vec<(usize, usize)> {
    let seeds = Seeds::of(longer);
    let mut found = Vec::with_capacity(shorter.len() / PIECE + 1);
    let mut start = 0;
    while start < shorter.len() {
        let rest = shorter.len() - start;
        let end = if rest < PIECE + REST_MIN { shorter.len() } else { start + PIECE };
        let best = places(&seeds, shorter, start, end)
            .into_iter()
            .map(|diagonal| {
                // A diagonal is a place in `longer` less one in `shorter`, made positive.
                let place = |at: usize| (at + diagonal).saturating_sub(shorter.len());
                let from = place(start).saturating_sub(MARGIN).min(longer.len());
                let to = (place(end) + MARGIN).min(longer.len());
                common(&shorter[start..end], &longer[from..to.max(from)])
            })
            .max();
        found.push((end - start, best.unwrap_or(0)));
        start = end;
    }
    found
}

/// The diagonals on which most seeds of a piece lie, best first.
fn places(seeds: &Seeds<'_>, text: &[u32], start: usize, end: usize) -> Vec<usize> {
    let mut diagonals: Vec<usize> = Vec::new();
    for (at, seed) in (start..).zip(text[start..end].windows(SEED)) {
        diagonals.extend(seeds.places(seed).map(|place| place + text.len() - at));
    }
    diagonals.sort_unstable();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut to = 0;
    for from in 0..diagonals.len() {
        while to < diagonals.len() && diagonals[to] <= diagonals[from] + DRIFT {
            to += 1;
        }
        runs.push((to - from, diagonals[from + (to - from) / 2]));
    }
    let mut best: Vec<usize> = Vec::new();
    runs.sort_by_key(|(votes, diagonal)| (std::cmp::Reverse(*votes), *diagonal));
    for (_, diagonal) in runs {
        if best.len() < TRIES && best.iter().all(|other| other.abs_diff(diagonal) > DRIFT) {
            best.push(diagonal);
        }
    }
    best
}

/// Where the seeds of a text lie: chains through its places, one for each hash.
struct Seeds<'a> {
    text: &'a [u32],
    /// The first place of each chain, or the text's length.
    first: Vec<u32>,
    /// The next place on the same chain.
    next: Vec<u32>,
}

impl<'a> Seeds<'a> {
    fn of(text: &'a [u32]) -> Self {
        let none = text.len() as u32;
        let mut seeds = Self {
            text,
            first: vec![none; (text.len() * 2).next_power_of_two()],
            next: vec![none; text.len()],
        };
        for (at, seed) in text.windows(SEED).enumerate().rev() {
            let chain = seeds.chain(seed);
            seeds.next[at] = std::mem::replace(&mut seeds.first[chain], at as u32);
        }
        seeds
    }

    fn chain(&self, seed: &[u32]) -> usize {
        let hash = mix(seed.iter().fold(0, |hash, token| step(hash, *token)));
        hash as usize & (self.first.len() - 1)
    }

    /// The first places of a seed.
    fn places(&self, seed: &[u32]) -> impl Iterator<Item = usize> {
        let mut at = self.first[self.chain(seed)] as usize;
        let chain = std::iter::from_fn(move || {
            let here = at;
            at = *self.next.get(here)? as usize;
            Some(here)
        });
        chain.take(STEPS).filter(move |at| self.text[*at..].starts_with(seed)).take(PLACES)
    }
}
