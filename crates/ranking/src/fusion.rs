//! Putting the recall stages' scores together.

use kechuang_domain::FieldScore;

use crate::{Candidate, Profile, profile::VectorRule};

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

/// The fused score of each candidate of one list, by its share of the list's highest lexical score and by
/// its cosine (0 where that is negative):
///
/// ```text
/// fused = highest × (share ^ lexical_exponent + weight × cosine)
/// ```
///
/// So meaning counts by how near it is and not by how the list spreads. An exponent below 1 draws the shares
/// together: the first by words is often far ahead of the second, for one rare word. Of the ways to fuse that
/// were tried on two tasks (this one, min-max, z-scores, reciprocal ranks, a product) it did best over a range
/// of weights; see the README. A candidate that has no vector yet is given the list's mean cosine. In a list in
/// which none has one, the fused score is the lexical one to the bit.
#[must_use]
pub fn fuse(profile: &Profile, candidates: &[Candidate]) -> Vec<f64> {
    let lexical: Vec<f64> =
        candidates.iter().map(|candidate| lexical_score(profile, &candidate.fields)).collect();
    let cosines: Vec<f64> = candidates.iter().filter_map(cosine).collect();
    let VectorRule { weight, lexical_exponent, .. } = profile.vector;
    if weight <= 0.0 || cosines.is_empty() {
        return lexical;
    }
    let mean = cosines.iter().sum::<f64>() / cosines.len() as f64;
    let highest = lexical.iter().copied().fold(0.0, f64::max);
    // Where no word is shared at all, meaning alone decides.
    let scale = if highest > 0.0 { highest } else { 1.0 };
    let meaning = candidates.iter().map(|candidate| cosine(candidate).unwrap_or(mean));
    let words = lexical.iter().map(|score| drawn_together(*score, scale, lexical_exponent));
    words.zip(meaning).map(|(words, near)| words + weight * scale * near).collect()
}

/// scale × (score / scale) ^ exponent. Exponent 1 leaves the score as it is, to the bit. The power is computed by
/// `libm`, the same on every machine: saved answers are made again to the byte.
fn drawn_together(score: f64, scale: f64, exponent: f64) -> f64 {
    if exponent >= 1.0 { score } else { scale * libm::pow((score / scale).max(0.0), exponent) }
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
