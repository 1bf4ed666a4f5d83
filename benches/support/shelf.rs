//! Fingerprints filed in memory, as a database would file them.

use std::collections::{BTreeMap, HashMap};

use kechuang_text::near::{Fingerprint, Text};

/// Candidates with most shared keys that are compared with one record.
const COMPARED: usize = 50;

/// Records by their keys and titles, as a database would have them.
#[derive(Debug)]
pub struct Shelf {
    keys: HashMap<u64, Vec<usize>>,
    titles: HashMap<u64, Vec<usize>>,
}

impl Shelf {
    /// Files every text under its place.
    #[must_use]
    pub fn of(texts: &[Text]) -> Self {
        let mut shelf = Self { keys: HashMap::new(), titles: HashMap::new() };
        for (at, text) in texts.iter().enumerate() {
            let fingerprint = Fingerprint::of(text);
            for key in fingerprint.keys() {
                shelf.keys.entry(*key).or_default().push(at);
            }
            if let Some(title) = fingerprint.title() {
                shelf.titles.entry(title).or_default().push(at);
            }
        }
        shelf
    }

    /// Every record that shares the title or enough keys, with the number of keys, most first.
    #[must_use]
    pub fn sharing(&self, text: &Text) -> Vec<(usize, usize)> {
        let fingerprint = Fingerprint::of(text);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for key in fingerprint.keys() {
            for at in self.keys.get(key).into_iter().flatten() {
                *shared.entry(*at).or_default() += 1;
            }
        }
        let title = fingerprint.title();
        for at in title.and_then(|title| self.titles.get(&title)).into_iter().flatten() {
            *shared.entry(*at).or_default() += Fingerprint::SHARED_MIN;
        }
        let mut found: Vec<_> =
            shared.into_iter().filter(|(_, count)| *count >= Fingerprint::SHARED_MIN).collect();
        found.sort_by_key(|(at, count)| (std::cmp::Reverse(*count), *at));
        found
    }

    /// The places of those that are compared.
    #[must_use]
    pub fn candidates(&self, text: &Text) -> Vec<usize> {
        self.sharing(text).into_iter().take(COMPARED).map(|(at, _)| at).collect()
    }

    /// Rows that a database reads to find one record's candidates.
    #[must_use]
    pub fn rows_read(&self, text: &Text) -> usize {
        Fingerprint::of(text).keys().iter().filter_map(|key| self.keys.get(key)).map(Vec::len).sum()
    }
}
