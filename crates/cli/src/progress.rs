//! Progress of long work: bars on a terminal, plain notes elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
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
    /// Work of `total` steps; 0 where nobody knows how many.
    #[must_use]
    pub fn new(output: Output, what: &'static str, total: u64) -> Self {
        let bar = if output.draws_progress() {
            let bar = ProgressBar::new(total);
            let form = if total > 0 {
                "{msg} {bar:30} {pos}/{len} {elapsed}"
            } else {
                "{msg} {spinner} {pos} {elapsed}"
            };
            // The forms above are known to be right.
            if let Ok(style) = ProgressStyle::with_template(form) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        } else {
            ProgressBar::hidden()
        };
        bar.set_message(what);
        Self { bar, output, what }
    }

    /// So much more is done.
    pub fn advance(&self, by: u64) {
        self.bar.inc(by);
    }

    /// All is done; `result` says what came of it.
    pub fn done(&self, result: &str) {
        self.bar.finish_and_clear();
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
