//! Progress of long work: bars on a terminal, plain notes elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kechuang_domain::{Step, Watch};

use crate::output::Output;

/// The progress of one piece of work.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    output: Output,
    what: &'static str,
}

impl Progress {
    /// Work that begins now.
    #[must_use]
    pub fn begun(output: Output, what: &'static str, total: u64) -> Self {
        let progress = Self::idle(output, what);
        progress.begin(total);
        progress
    }

    /// Work that will begin later: nothing is shown until then.
    #[must_use]
    pub fn idle(output: Output, what: &'static str) -> Self {
        Self { bar: ProgressBar::hidden(), output, what }
    }

    /// Begins work of `total` steps; 0 where nobody knows how many. One bar at a time is shown.
    pub fn begin(&self, total: u64) {
        if !self.output.draws_progress() {
            return;
        }
        self.bar.reset();
        self.bar.set_length(total);
        self.bar.set_message(self.what);
        let form = if total > 0 {
            "{msg} {bar:30} {pos}/{len} {elapsed}"
        } else {
            "{msg} {spinner} {pos} {elapsed}"
        };
        // The forms above are known to be right.
        if let Ok(style) = ProgressStyle::with_template(form) {
            self.bar.set_style(style);
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// So much more is done.
    pub fn advance(&self, by: u64) {
        self.bar.inc(by);
    }

    /// The work is over; the bar goes.
    pub fn end(&self) {
        self.bar.disable_steady_tick();
        self.bar.finish_and_clear();
        self.bar.set_draw_target(ProgressDrawTarget::hidden());
    }

    /// The work is over; `result` says what came of it.
    pub fn done(&self, result: &str) {
        self.end();
        self.output.note(&format!("{}：{result}", self.what));
    }
}

/// A watcher that advances `progress` by what `count` makes of each step, and tells `watch` first.
#[must_use]
pub fn advancing(watch: &Watch, progress: &Progress, count: fn(Step) -> u64) -> Watch {
    let (watch, progress) = (watch.clone(), progress.clone());
    Watch::new(move |step| {
        watch.reached(step);
        progress.advance(count(step));
    })
}

/// Changes whose vectors a step has committed.
#[must_use]
pub fn changes_encoded(step: Step) -> u64 {
    match step {
        Step::VectorsCommitted(changes) => changes as u64,
        _ => 0,
    }
}

/// Records that a step has saved.
#[must_use]
pub fn records_saved(step: Step) -> u64 {
    match step {
        Step::DataCommitted(records) => records as u64,
        _ => 0,
    }
}

/// Changes that a step has made visible.
#[must_use]
pub fn changes_indexed(step: Step) -> u64 {
    match step {
        Step::IndexCommitted(changes) => changes as u64,
        _ => 0,
    }
}
