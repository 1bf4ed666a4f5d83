//! What an evaluation shows, as a page or as Markdown: every profile with its intervals, any two of them compared, what
//! each part brings, how levels are told, and which demands gain and lose.

mod plot;

use std::collections::BTreeMap;

use askama::Template;
use kechuang_eval::{CONFIDENCE, Difference, Interval, Metric, RESAMPLES, if_enough};

use self::plot::{Gains, Intervals, Reliability};
use crate::{Abstention, Evaluations, LabError, Levels, Result, Shown, Variant};

/// Metrics in the report, in their order.
const METRICS: [Metric; 4] = [Metric::NdcgAt10, Metric::Mrr, Metric::Auc, Metric::RecallAt100];

/// Metrics by which parts are told to bring something.
const OF_PARTS: [Metric; 2] = [Metric::NdcgAt10, Metric::Auc];

/// Demands that gain most, and so many that lose most, with their texts.
const DEMANDS_SHOWN: usize = 10;

/// Characters of a demand's text that are shown.
const TEXT_CHARS: usize = 240;

/// A difference this unlikely by chance is marked.
const SIGNIFICANT: f64 = 0.05;

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The data set's name.
    pub dataset: &'a str,
    /// The command that makes the report again.
    pub command: &'a str,
    /// What the program calls itself, with its version.
    pub program: &'a str,
    /// Profiles, in the order in which they are told; gains are measured over the first.
    pub profiles: &'a [String],
    /// The last of these without each of its parts.
    pub variants: &'a [Variant],
    /// What was measured, also of the variants.
    pub evaluations: &'a Evaluations,
    /// Profiles of which something was fitted on this very data set.
    pub fitted_here: &'a [String],
    /// The bootstrap's seed.
    pub seed: u64,
}

impl Report<'_> {
    /// The report as a page that needs nothing else.
    ///
    /// # Errors
    /// Judgements that give no figures.
    pub fn html(&self) -> Result<String> {
        render(&self.view()?)
    }

    /// The report as Markdown, without plots.
    ///
    /// # Errors
    /// Judgements that give no figures.
    pub fn markdown(&self) -> Result<String> {
        render(&Markdown { view: self.view()? })
    }

    fn view(&self) -> Result<View<'_>> {
        let profiles = self.profiles.iter().map(|name| self.profile(name));
        let profiles = profiles.collect::<Result<Vec<_>>>()?;
        let mut pairs = Vec::new();
        for (at, first) in self.profiles.iter().enumerate() {
            for second in &self.profiles[at + 1..] {
                let gains = self.gains(second, first, &METRICS)?;
                pairs.push(Compared { what: format!("{second} 比 {first}"), gains });
            }
        }
        let (base, whole) = (&self.profiles[0], &self.profiles[self.profiles.len() - 1]);
        let parts = self.variants.iter().map(|variant| {
            let gains = self.gains(whole, &variant.profile.name, &OF_PARTS)?;
            Ok(Compared { what: variant.without.clone(), gains })
        });
        let demands = self.demands(base, whole)?;
        let levels = self.profiles.iter().filter_map(|name| {
            let levels = self.evaluations.by_profile.get(name)?.levels.as_ref()?;
            Some(LevelView { profile: name, levels, plot: Reliability::of(&levels.reliability) })
        });
        let named = METRICS.map(|metric| (metric.name(), plot::Intervals::of(metric, &profiles)));
        Ok(View {
            dataset: self.dataset,
            command: self.command,
            program: self.program,
            count: self.evaluations.demands.len(),
            confidence: format!("{:.0}%", CONFIDENCE * 100.0),
            resamples: RESAMPLES,
            fitted_here: self.fitted_here.join("、"),
            metrics: METRICS.map(Metric::name),
            part_metrics: OF_PARTS.map(Metric::name),
            plots: named.into_iter().collect(),
            levels: levels.collect(),
            gains: Gains::of(&demands),
            changes: vec![
                Changes::of("得益最多", demands.iter().filter(|one| one.gain > 0.0)),
                Changes::of("损失最多", demands.iter().rev().filter(|one| one.gain < 0.0)),
            ],
            base,
            whole,
            profiles,
            pairs,
            parts: parts.collect::<Result<_>>()?,
        })
    }

    fn profile(&self, name: &str) -> Result<ProfileView> {
        let figures = self.figures(name)?;
        let cells = METRICS.map(|metric| {
            let mean = figures.mean(metric)?;
            Ok(Cell { mean, interval: if_enough(figures.interval(metric, self.seed))? })
        });
        let cells = cells.into_iter().collect::<Result<_>>()?;
        Ok(ProfileView { name: name.to_owned(), cells })
    }

    fn gains(&self, ours: &str, theirs: &str, metrics: &[Metric]) -> Result<Vec<Gain>> {
        let (ours, theirs) = (self.figures(ours)?, self.figures(theirs)?);
        let gain = |metric: &Metric| {
            Ok(Gain { drawn: if_enough(ours.compare(theirs, *metric, self.seed))? })
        };
        metrics.iter().map(gain).collect()
    }

    fn figures(&self, name: &str) -> Result<&kechuang_eval::Evaluation> {
        let found = self.evaluations.by_profile.get(name).map(|one| &one.figures);
        found.ok_or_else(|| LabError::Bench(format!("没有量过排序方案「{name}」")))
    }

    /// What each demand gains in nDCG@10, most first.
    fn demands(&self, base: &str, whole: &str) -> Result<Vec<DemandView>> {
        let of = |name: &str| Ok::<_, LabError>(self.figures(name)?.values(Metric::NdcgAt10));
        let (before, after) = (of(base)?, of(whole)?);
        let nothing = BTreeMap::new();
        let shown =
            |name: &str| self.evaluations.by_profile.get(name).map_or(&nothing, |one| &one.shown);
        let (shown_before, shown_after) = (shown(base), shown(whole));
        let mut demands: Vec<DemandView> = after
            .into_iter()
            .filter_map(|(demand, after)| {
                let before = *before.get(demand)?;
                let text = self.evaluations.demands.get(demand)?;
                let cut: String = text.text.chars().take(TEXT_CHARS).collect();
                let ellipsis = if cut.len() < text.text.len() { "…" } else { "" };
                let side = |name: &str, score, shown: &BTreeMap<String, Vec<Shown>>| Side {
                    profile: name.to_owned(),
                    score,
                    shown: shown.get(demand).cloned().unwrap_or_default(),
                };
                Some(DemandView {
                    title: text.title.clone(),
                    text: format!("{cut}{ellipsis}").replace('\n', " "),
                    gain: after - before,
                    sides: [side(base, before, shown_before), side(whole, after, shown_after)],
                })
            })
            .collect();
        demands.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.title.cmp(&b.title)));
        Ok(demands)
    }
}

fn render(template: &impl Template) -> Result<String> {
    template.render().map_err(|error| LabError::Bench(format!("报告没有写成：{error}")))
}

#[derive(Template)]
#[template(path = "report.html")]
struct View<'a> {
    dataset: &'a str,
    command: &'a str,
    program: &'a str,
    /// Demands.
    count: usize,
    confidence: String,
    resamples: usize,
    fitted_here: String,
    metrics: [&'static str; 4],
    part_metrics: [&'static str; 2],
    plots: Vec<(&'static str, Intervals)>,
    profiles: Vec<ProfileView>,
    pairs: Vec<Compared>,
    base: &'a str,
    whole: &'a str,
    parts: Vec<Compared>,
    levels: Vec<LevelView<'a>>,
    gains: Gains,
    changes: Vec<Changes>,
}

/// The same as Markdown.
#[derive(Template)]
#[template(path = "report.md", escape = "none")]
struct Markdown<'a> {
    view: View<'a>,
}

/// A profile's figures.
struct ProfileView {
    name: String,
    cells: Vec<Cell>,
}

/// One figure, with where it would mostly fall with other demands.
struct Cell {
    mean: f64,
    interval: Option<Interval>,
}

impl Cell {
    fn told(&self) -> String {
        match self.interval {
            Some(Interval { low, high, .. }) => format!("{:.4}（{low:.3}–{high:.3}）", self.mean),
            None => format!("{:.4}", self.mean),
        }
    }
}

/// What one profile gains over another.
struct Compared {
    what: String,
    gains: Vec<Gain>,
}

/// What is gained in one metric; nothing where there are too few demands to tell.
struct Gain {
    drawn: Option<Difference>,
}

impl Gain {
    fn told(&self) -> String {
        let Some(Difference { gain: Interval { mean, low, high }, p_value }) = self.drawn else {
            return "需求太少".to_owned();
        };
        format!("{mean:+.4}（{low:+.3} 至 {high:+.3}，p = {p_value:.3}）")
    }

    /// `gain` or `loss` where it is hardly chance.
    fn kind(&self) -> &'static str {
        match self.drawn {
            Some(drawn) if drawn.p_value < SIGNIFICANT && drawn.gain.mean > 0.0 => "gain",
            Some(drawn) if drawn.p_value < SIGNIFICANT && drawn.gain.mean < 0.0 => "loss",
            _ => "",
        }
    }
}

/// How a profile tells levels.
struct LevelView<'a> {
    profile: &'a str,
    levels: &'a Levels,
    plot: Reliability,
}

impl Abstention {
    /// The threshold, in words.
    fn threshold(&self) -> String {
        self.good.map_or_else(|| "方案所定".to_owned(), |good| format!("{good:.2}"))
    }
}

/// Demands that change most one way.
struct Changes {
    heading: &'static str,
    demands: Vec<DemandView>,
}

impl Changes {
    fn of<'a>(heading: &'static str, demands: impl Iterator<Item = &'a DemandView>) -> Self {
        Self { heading, demands: demands.take(DEMANDS_SHOWN).cloned().collect() }
    }
}

/// A demand with what two profiles put first.
#[derive(Debug, Clone)]
struct DemandView {
    title: String,
    text: String,
    gain: f64,
    /// Before and after.
    sides: [Side; 2],
}

/// What a profile puts first.
#[derive(Debug, Clone)]
struct Side {
    profile: String,
    score: f64,
    shown: Vec<Shown>,
}

impl DemandView {
    /// The lines of a table: a place, and what stands there before and after.
    fn lines(&self) -> Vec<String> {
        let [before, after] = &self.sides;
        let cell = |side: &Side, place: usize| {
            let told =
                side.shown.get(place).map(|one| format!("{}（{} 级）", one.title, one.level));
            told.unwrap_or_default().replace('|', "／")
        };
        let line =
            |place| format!("| {} | {} | {} |", place + 1, cell(before, place), cell(after, place));
        (0..before.shown.len().max(after.shown.len())).map(line).collect()
    }
}
