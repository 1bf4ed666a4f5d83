//! How near the words of one text are to those of another, by their vectors.

/// A word's vector of length 1 and its weight.
pub(crate) type Weighed<'a> = (&'a [f32], f64);

/// For each word of `these` the highest cosine with a word of `those` (0 where all are negative), mean by
/// weight; 0 where one side has no words. After Kusner et al., "From word embeddings to document distances",
/// ICML 2015, in the relaxed form, with cosines instead of distances.
pub(crate) fn nearness(these: &[Weighed<'_>], those: &[Weighed<'_>]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (vector, weight) in these {
        let cosines = those.iter().map(|(other, _)| cosine(vector, other));
        sum += weight * f64::from(cosines.fold(0.0_f32, f32::max));
        weights += weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// In eight sums side by side, which a processor adds at once; the order is fixed, so that the result is too.
fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in one.chunks_exact(8).zip(other.chunks_exact(8)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest = one.chunks_exact(8).remainder().iter().zip(other.chunks_exact(8).remainder());
    sums.iter().sum::<f32>() + rest.map(|(a, b)| a * b).sum::<f32>()
}
