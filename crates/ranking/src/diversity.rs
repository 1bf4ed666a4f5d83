//! What keeps a list from saying one thing many times, or from being one team's.
//!
//! Records of one owner that say nearly the same share a place: the first stands for them all. Of one owner, so
//! many stand among the first; the others follow behind those of other teams, in their order.

use std::collections::BTreeMap;

use kechuang_text::{
    Lexicon,
    near::{Rule, Text, Verdict, compare},
};
use serde::{Deserialize, Serialize};

/// How a list is kept diverse. By default it is left as it is ranked, as in runs that were saved before profiles
/// had this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiversityRule {
    /// Whether records of one owner that say nearly the same share a place.
    #[serde(default)]
    pub group_alike: bool,
    /// How many places one owner has before those of others follow; 0 for any number.
    #[serde(default)]
    pub per_owner: usize,
}

/// What a list is arranged by.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a, O> {
    /// Whose record it is.
    pub owner: O,
    /// Its title.
    pub title: &'a str,
    /// Everything below it.
    pub text: &'a str,
}

/// A place in a list: which of the ranked records has it, and which share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Index of the record that stands here.
    pub first: usize,
    /// Indexes of those of the same owner that say nearly the same.
    pub alike: Vec<usize>,
}

impl DiversityRule {
    /// Arranges a ranked list.
    #[must_use]
    pub fn arrange<O: Ord + Copy>(&self, lexicon: &Lexicon, ranked: &[Shown<'_, O>]) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let mut of_owner: BTreeMap<O, Vec<(usize, Text)>> = BTreeMap::new();
        let owners = |owner| ranked.iter().filter(|one| one.owner == owner).count();
        for (at, one) in ranked.iter().enumerate() {
            // Texts are cut only where an owner has several to compare.
            if self.group_alike && owners(one.owner) > 1 {
                let text = Text::of(lexicon, one.title, one.text);
                let before = of_owner.entry(one.owner).or_default();
                let is_alike = |other: &&(usize, Text)| {
                    Rule::default().verdict(&compare(&other.1, &text)) != Verdict::Different
                };
                if let Some((place, _)) = before.iter().find(is_alike) {
                    places[*place].alike.push(at);
                    continue;
                }
                before.push((places.len(), text));
            }
            places.push(Place { first: at, alike: Vec::new() });
        }
        if self.per_owner == 0 {
            return places;
        }
        let mut had: BTreeMap<O, usize> = BTreeMap::new();
        let (before, behind): (Vec<Place>, Vec<Place>) = places.into_iter().partition(|place| {
            let had = had.entry(ranked[place.first].owner).or_default();
            *had += 1;
            *had <= self.per_owner
        });
        before.into_iter().chain(behind).collect()
    }
}
