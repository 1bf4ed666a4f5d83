//! Places for what comes from another field than the demand, where somebody asks for them.

use serde::{Deserialize, Serialize};

use crate::diversity::Place;

/// How far one looks for answers from other fields. By default not at all, as in runs that were saved before profiles had
/// this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeighbourRule {
    /// Candidates that are read, from the first, where places are asked for.
    #[serde(default)]
    pub depth: usize,
}

/// The first `top` places. At least `wanted` of them, at most a half, are neighbours, as far as there are any: the best of
/// those that stand below take the last places of others.
#[must_use]
pub fn with_neighbours(
    mut places: Vec<Place>,
    top: usize,
    wanted: usize,
    is_neighbour: impl Fn(&Place) -> bool,
) -> Vec<Place> {
    let below = places.split_off(top.min(places.len()));
    let had = places.iter().filter(|place| is_neighbour(place)).count();
    let lacking = wanted.min(top / 2).saturating_sub(had);
    let more: Vec<Place> = below.into_iter().filter(&is_neighbour).take(lacking).collect();
    for _ in 0..(places.len() + more.len()).saturating_sub(top) {
        if let Some(last) = places.iter().rposition(|place| !is_neighbour(place)) {
            places.remove(last);
        }
    }
    places.extend(more);
    places
}
