//! Putting the recall stages' scores together.

use kechuang_domain::FieldScore;

use crate::{Candidate, Profile};

/// The weighted sum of the lexical fields.
#[must_use]
pub fn lexical_score(profile: &Profile, fields: &[FieldScore]) -> f64 {
    fields
        .iter()
        .map(|field| {
            let rule = profile.fields.of(field.role);
            f64::from(rule.words.weight) * f64::from(field.words)
                + f64::from(rule.grams.weight) * f64::from(field.grams)
        })
        .sum()
}

/// The fused score of each candidate of one list: its lexical score, and beside it `vector.weight` times
/// the list's highest lexical score times the cosine (0 where that is negative).
///
/// So meaning counts by how near it is and not by how the list spreads, and words keep their scale. Of four
/// ways to fuse (this one, min-max, z-scores, a product) it did best over a range of weights; see the
/// README. A candidate that has no vector yet is given the list's mean cosine. In a list in which none has
/// one, the fused score is the lexical one to the bit.
#[must_use]
pub fn fuse(profile: &Profile, candidates: &[Candidate]) -> Vec<f64> {
    let lexical: Vec<f64> =
        candidates.iter().map(|candidate| lexical_score(profile, &candidate.fields)).collect();
    let cosines: Vec<f64> = candidates.iter().filter_map(cosine).collect();
    let weight = profile.vector.weight;
    if weight <= 0.0 || cosines.is_empty() {
        return lexical;
    }
    let mean = cosines.iter().sum::<f64>() / cosines.len() as f64;
    let highest = lexical.iter().copied().fold(0.0, f64::max);
    // Where no word is shared at all, meaning alone decides.
    let scale = if highest > 0.0 { highest } else { 1.0 };
    let meaning = candidates.iter().map(|candidate| cosine(candidate).unwrap_or(mean));
    lexical.iter().zip(meaning).map(|(words, near)| words + weight * scale * near).collect()
}

fn cosine(candidate: &Candidate) -> Option<f64> {
    candidate.meaning.map(|cosine| f64::from(cosine).max(0.0))
}

/// The fused score of each candidate as a share of the highest, 0 to 1.
pub(crate) fn closeness(profile: &Profile, candidates: &[Candidate]) -> Vec<f64> {
    let fused = fuse(profile, candidates);
    let highest = fused.iter().copied().fold(0.0, f64::max);
    if highest <= 0.0 {
        return vec![0.0; fused.len()];
    }
    fused.into_iter().map(|score| score / highest).collect()
}
