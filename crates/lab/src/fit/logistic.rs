//! Logistic regression: the probability that an answer reaches a level.

use nalgebra::{DMatrix, DVector};

/// Newton's method stops after so many rounds; it takes less than ten where it converges at all.
const ROUNDS: usize = 50;

/// A step of this length changes no probability that is shown.
const CONVERGED: f64 = 1e-10;

/// The intercept, then the weights, that make the observed outcomes likeliest, less `penalty` / 2 × |weights|²
/// (the intercept is free). Found by Newton's method from zero. `None` where it does not converge: without a
/// penalty, as soon as the features part the outcomes.
#[must_use]
pub fn logistic(width: usize, rows: &[(Vec<f64>, bool)], penalty: f64) -> Option<Vec<f64>> {
    let columns = width + 1;
    let mut weights = DVector::<f64>::zeros(columns);
    for _ in 0..ROUNDS {
        let mut curvature = DMatrix::<f64>::identity(columns, columns) * penalty;
        let mut slope = &weights * -penalty;
        curvature[(0, 0)] = 0.0;
        slope[0] = 0.0;
        for (features, came_true) in rows {
            let row =
                DVector::from_iterator(columns, [1.0].into_iter().chain(features.iter().copied()));
            let probability = sigmoid(weights.dot(&row));
            curvature.ger(probability * (1.0 - probability), &row, &row, 1.0);
            slope.axpy(f64::from(u8::from(*came_true)) - probability, &row, 1.0);
        }
        let step = curvature.cholesky()?.solve(&slope);
        weights += &step;
        if !weights.iter().all(|weight| weight.is_finite()) {
            return None;
        }
        if step.norm() < CONVERGED {
            return Some(weights.iter().copied().collect());
        }
    }
    None
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::logistic;

    #[test]
    fn two_shares_are_found_again() {
        // 3 of 4 at 1, 1 of 4 at 0: intercept ln(1/3), weight ln(3) − ln(1/3).
        let row = |x: f64, came_true| (vec![x], came_true);
        let rows: Vec<_> = [3, 1]
            .into_iter()
            .zip([1.0, 0.0])
            .flat_map(|(true_of_4, x)| (0..4).map(move |n| row(x, n < true_of_4)))
            .collect();
        let weights = logistic(1, &rows, 0.0).expect("both outcomes at both places");
        let third = (1.0_f64 / 3.0).ln();
        assert!((weights[0] - third).abs() < 1e-8, "{weights:?}");
        assert!((weights[1] + 2.0 * third).abs() < 1e-8, "{weights:?}");
    }

    #[test]
    fn what_features_part_needs_a_penalty() {
        let rows: Vec<_> = (0..10).map(|n| (vec![f64::from(n)], n >= 5)).collect();
        assert_eq!(logistic(1, &rows, 0.0), None);
        let weights = logistic(1, &rows, 1.0).expect("a penalty keeps it finite");
        assert!(weights[1] > 0.0);
    }
}
