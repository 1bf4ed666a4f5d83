//! How far two orders agree.

/// Kendall's tau-b of two lists of scores of the same things: 1 where every pair stands alike in both, −1 where every
/// pair stands the other way round, 0 where they have nothing to do with each other. Ties count in neither direction.
/// `None` where one of the lists tells nothing apart.
///
/// ```text
/// tau-b = (concordant - discordant) / sqrt((pairs - ties in a) * (pairs - ties in b))
/// ```
///
/// Kendall, "The treatment of ties in ranking problems", Biometrika 33(3), 1945. Counts every pair, so that it is for
/// lists of some hundreds.
///
/// # Panics
/// Where the lists are not of one length.
#[must_use]
pub fn kendall_tau(a: &[f64], b: &[f64]) -> Option<f64> {
    assert_eq!(a.len(), b.len(), "two scores of each thing");
    let (mut agreement, mut apart_in_a, mut apart_in_b) = (0.0, 0.0, 0.0);
    for one in 0..a.len() {
        for other in one + 1..a.len() {
            let (in_a, in_b) = (sign(a[one], a[other]), sign(b[one], b[other]));
            agreement += in_a * in_b;
            apart_in_a += in_a * in_a;
            apart_in_b += in_b * in_b;
        }
    }
    let most = f64::sqrt(apart_in_a * apart_in_b);
    (most > 0.0).then(|| agreement / most)
}

fn sign(one: f64, other: f64) -> f64 {
    match one.total_cmp(&other) {
        std::cmp::Ordering::Less => -1.0,
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Greater => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::kendall_tau;

    #[test]
    fn it_agrees_with_figures_worked_out_by_hand() {
        let check = |a: &[f64], b: &[f64], expected: Option<f64>| {
            let tau = kendall_tau(a, b);
            let is_near = tau.zip(expected).is_none_or(|(tau, told)| (tau - told).abs() < 1e-12);
            assert!(tau.is_some() == expected.is_some() && is_near, "{tau:?} {expected:?}");
            assert_eq!(tau, kendall_tau(b, a));
        };
        check(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0], Some(1.0));
        check(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0], Some(-1.0));
        // Of six pairs five alike, one the other way round.
        check(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0], Some(4.0 / 6.0));
        // One tie in the first list, none in the second: two pairs alike of three.
        check(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0], Some(2.0 / f64::sqrt(6.0)));
        check(&[1.0, 1.0], &[1.0, 2.0], None);
        check(&[], &[], None);
    }
}
