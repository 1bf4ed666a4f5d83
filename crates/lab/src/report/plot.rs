//! Plots, as numbers that a template draws in SVG.

use kechuang_eval::{Bin, Metric};

use super::{DemandView, METRICS, ProfileView};

/// Width of a plot's inside, in pixels.
const WIDTH: f64 = 520.0;
/// Height of a row.
const ROW: f64 = 24.0;
/// Height and width of the square in which told probabilities stand beside what came true.
const SQUARE: f64 = 240.0;
/// Half the height of the plot of gains.
const HALF: f64 = 90.0;
/// Room left and right of an interval, as a part of the shown range.
const MARGIN: f64 = 0.1;

/// One metric of each profile with its interval, one row each.
pub(super) struct Intervals {
    pub(super) rows: Vec<IntervalRow>,
    pub(super) height: f64,
    /// The values at the left and the right edge.
    pub(super) ends: (f64, f64),
}

pub(super) struct IntervalRow {
    pub(super) label: String,
    pub(super) y: f64,
    pub(super) mean: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Intervals {
    pub(super) fn of(metric: Metric, profiles: &[ProfileView]) -> Self {
        let at = METRICS.iter().position(|one| *one == metric).unwrap_or_default();
        let values = profiles.iter().filter_map(|profile| {
            let cell = profile.cells.get(at)?;
            let (low, high) =
                cell.interval.map_or((cell.mean, cell.mean), |drawn| (drawn.low, drawn.high));
            Some((profile.name.clone(), cell.mean, low, high))
        });
        let values: Vec<_> = values.collect();
        let least = values.iter().map(|one| one.2).fold(f64::INFINITY, f64::min);
        let most = values.iter().map(|one| one.3).fold(f64::NEG_INFINITY, f64::max);
        let room = ((most - least) * MARGIN).max(0.005);
        let (left, right) = (least - room, most + room);
        let x = |value: f64| (value - left) / (right - left) * WIDTH;
        let rows = values.into_iter().enumerate().map(|(row, (label, mean, low, high))| {
            let y = ROW * (row as f64 + 0.5);
            IntervalRow { label, y, mean: x(mean), low: x(low), high: x(high) }
        });
        let rows: Vec<_> = rows.collect();
        Self { height: ROW * rows.len() as f64, rows, ends: (left, right) }
    }
}

/// Told probabilities beside how often they came true; larger dots are of more pairs.
pub(super) struct Reliability {
    pub(super) dots: Vec<Dot>,
}

pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
    pub(super) n: usize,
}

impl Reliability {
    pub(super) fn of(bins: &[Bin]) -> Self {
        let most = bins.iter().map(|bin| bin.n).max().unwrap_or(1) as f64;
        let dots = bins.iter().map(|bin| Dot {
            x: bin.told * SQUARE,
            y: (1.0 - bin.came_true) * SQUARE,
            radius: 3.0 + 9.0 * (bin.n as f64 / most).sqrt(),
            n: bin.n,
        });
        Self { dots: dots.collect() }
    }
}

/// What each demand gains, one bar each, most first.
pub(super) struct Gains {
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) is_gain: bool,
    pub(super) title: String,
    pub(super) gain: f64,
}

impl Gains {
    pub(super) fn of(demands: &[DemandView]) -> Self {
        let step = WIDTH / demands.len().max(1) as f64;
        let bars = demands.iter().enumerate().map(|(at, demand)| {
            let height = demand.gain.abs() * HALF;
            let is_gain = demand.gain >= 0.0;
            Bar {
                x: at as f64 * step,
                y: if is_gain { HALF - height } else { HALF },
                width: (step * 0.8).max(0.5),
                height,
                is_gain,
                title: demand.title.clone(),
                gain: demand.gain,
            }
        });
        Self { bars: bars.collect() }
    }
}
