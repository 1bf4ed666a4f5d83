//! Bootstraps: known answers, repeatable by seed.

use kechuang_eval::significance::{mean_interval, paired_difference};

#[test]
fn equal_values_leave_no_room_for_chance() {
    let interval = mean_interval(&[0.5; 40], 7).unwrap();
    assert_eq!((interval.low, interval.mean, interval.high), (0.5, 0.5, 0.5));
}

#[test]
fn the_interval_has_the_width_that_theory_gives() {
    // 200 zeros and 200 ones: standard error sqrt(0.25 / 400) = 0.025.
    let values: Vec<f64> = (0..400).map(|index| f64::from(index % 2)).collect();
    let interval = mean_interval(&values, 7).unwrap();
    assert_eq!(interval.mean, 0.5);
    assert!((interval.low - (0.5 - 1.96 * 0.025)).abs() < 0.004, "{interval:?}");
    assert!((interval.high - (0.5 + 1.96 * 0.025)).abs() < 0.004, "{interval:?}");
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    let values: Vec<f64> = (0..50).map(|index| (f64::from(index) * 0.7).sin()).collect();
    assert_eq!(mean_interval(&values, 1).unwrap(), mean_interval(&values, 1).unwrap());
    assert_ne!(mean_interval(&values, 1).unwrap(), mean_interval(&values, 2).unwrap());
}

#[test]
fn a_p_value_tells_a_gain_from_noise() {
    let check = |gains: &[f64], expected: std::ops::RangeInclusive<f64>| {
        let baseline = vec![0.5; gains.len()];
        let ours: Vec<f64> = gains.iter().map(|gain| 0.5 + gain).collect();
        let gained = paired_difference(&ours, &baseline, 7).unwrap();
        let lost = paired_difference(&baseline, &ours, 7).unwrap();
        assert!(expected.contains(&gained.p_value), "{gains:?}: {gained:?}");
        assert_eq!(gained.p_value, lost.p_value);
    };
    check(&[0.0; 20], 1.0..=1.0);
    check(&[0.1; 20], 0.0..=0.0002);
    check(&[0.1, -0.1].repeat(20), 1.0..=1.0);
    // Of 36 differences each way up or down, draws follow a binomial law: a mean of 0.1 is 24 or
    // more of a kind, two-sided 0.0652; a mean of 0.05 is 21 or more, 0.4050.
    check(&[0.4, -0.2].repeat(18), 0.060..=0.070);
    check(&[0.35, -0.25].repeat(18), 0.395..=0.415);
}

#[test]
fn what_cannot_be_resampled_is_an_error() {
    let interval = |values: &[f64]| mean_interval(values, 1).unwrap_err().to_string();
    assert_eq!(interval(&[]), "a bootstrap needs at least 2 values, got 0");
    assert_eq!(interval(&[1.0]), "a bootstrap needs at least 2 values, got 1");
    assert_eq!(interval(&[1.0, f64::NAN]), "value 1 of a bootstrap is NaN");
    let unequal = paired_difference(&[1.0, 2.0], &[1.0], 1).unwrap_err();
    assert_eq!(unequal.to_string(), "cannot pair 2 values with 1");
}
