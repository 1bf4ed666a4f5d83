//! Ridge regression: the weights of a linear order.

use nalgebra::{DMatrix, DVector};

/// The weights w that make Σ (y − w·x)² + penalty × |w|² least, from rows of features x and targets y, without an
/// intercept: features and targets are centred within their list, which a constant would not change.
///
/// Hoerl and Kennard, "Ridge regression: biased estimation for nonorthogonal problems", Technometrics 1970. With
/// a penalty above 0 there is always exactly one answer. `None` where the penalty is not above 0 or a number is not
/// finite.
#[must_use]
pub fn ridge<'a>(
    width: usize,
    rows: impl IntoIterator<Item = (&'a [f64], f64)>,
    penalty: f64,
) -> Option<Vec<f64>> {
    let mut products = DMatrix::<f64>::identity(width, width) * penalty;
    let mut targets = DVector::<f64>::zeros(width);
    for (features, target) in rows {
        let features = DVector::from_column_slice(features);
        products.ger(1.0, &features, &features, 1.0);
        targets.axpy(target, &features, 1.0);
    }
    let weights = products.cholesky()?.solve(&targets);
    weights.iter().all(|weight| weight.is_finite()).then(|| weights.iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::ridge;

    #[test]
    fn a_line_is_found_again_and_a_penalty_draws_it_to_zero() {
        let rows = [([1.0, 0.0], 2.0), ([0.0, 1.0], -1.0), ([1.0, 1.0], 1.0)];
        let fit = |penalty| {
            ridge(2, rows.iter().map(|(features, target)| (&features[..], *target)), penalty)
        };
        let near = fit(1e-9).expect("a penalty above 0");
        assert!((near[0] - 2.0).abs() < 1e-6 && (near[1] + 1.0).abs() < 1e-6, "{near:?}");
        // (XᵀX + I)⁻¹ Xᵀy with XᵀX = [[2, 1], [1, 2]] and Xᵀy = [3, 0].
        let drawn = fit(1.0).expect("a penalty above 0");
        assert!((drawn[0] - 9.0 / 8.0).abs() < 1e-12 && (drawn[1] + 3.0 / 8.0).abs() < 1e-12);
        assert_eq!(fit(-5.0), None);
    }
}
