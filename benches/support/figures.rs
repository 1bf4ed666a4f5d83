//! Figures from times.

use std::time::Duration;

/// Times of one thing, in runs.
#[derive(Debug, Default)]
pub struct Times {
    runs: Vec<Vec<Duration>>,
}

impl Times {
    /// Begins another run.
    pub fn begin_run(&mut self) {
        self.runs.push(Vec::new());
    }

    /// Adds a time to the present run.
    pub fn add(&mut self, time: Duration) {
        if let Some(run) = self.runs.last_mut() {
            run.push(time);
        }
    }

    /// The median over the runs of the mean within a run, in milliseconds.
    #[must_use]
    pub fn mean_ms(&self) -> f64 {
        self.median_of(|run| {
            let sum: Duration = run.iter().sum();
            sum.as_secs_f64() * 1e3 / run.len().max(1) as f64
        })
    }

    /// The median over the runs of a percentile within a run, in milliseconds.
    #[must_use]
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        self.median_of(|run| {
            let mut sorted = run.to_vec();
            sorted.sort_unstable();
            let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
            sorted.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        })
    }

    fn median_of(&self, figure: impl Fn(&[Duration]) -> f64) -> f64 {
        let mut figures: Vec<f64> = self.runs.iter().map(|run| figure(run)).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or(0.0)
    }
}

/// A line of a table: what, mean, p50, p99.
pub fn print_times(what: &str, times: &Times) {
    println!(
        "{what:<44} mean {:8.3} ms   p50 {:8.3} ms   p99 {:8.3} ms",
        times.mean_ms(),
        times.percentile_ms(50),
        times.percentile_ms(99)
    );
}

/// A ratio beside its bar.
pub fn print_ratio(what: &str, ratio: f64, bar: &str) {
    println!("{what:<44} {ratio:6.2}   (bar: {bar})");
}
