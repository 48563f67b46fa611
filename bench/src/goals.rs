//! The goals: what each workload should reach, and by what a limit in milliseconds is measured on another machine.

use crate::measure::millis;
use crate::report::{Report, align, number};
use crate::subjects::diamond;
use crate::texts::replay;
use crate::trace::Trace;
use crate::w2;

/// In what diamond-types replays `automerge-paper` on the machine on which the limits in time were set.
const THERE: f64 = 36.6;

/// By what a figure is bounded.
enum Bound {
    /// So many times the best peer's, some peers aside.
    Best(f64, &'static [&'static str]),
    /// So many times one peer's.
    Peer(f64, &'static str),
    /// A time on the machine on which the limits were set.
    Time(f64),
    /// A figure that is the same on every machine.
    Fixed(f64),
}

struct Goal {
    workload: &'static str,
    /// Which of our rows.
    subject: &'static str,
    /// Ours, added up.
    metrics: Vec<String>,
    unit: &'static str,
    bound: Bound,
}

/// A goal and what became of it.
pub(crate) struct Outcome {
    goal: String,
    /// None where there is nothing to measure yet.
    ours: Option<f64>,
    limit: f64,
    unit: &'static str,
    by: String,
}

impl Outcome {
    fn met(&self) -> bool {
        self.ours.is_some_and(|ours| ours <= self.limit)
    }
}

/// How slow this machine is just now, by the one on which the limits in time were set. One where it cannot be told.
pub(crate) fn machine(trace: Option<&Trace>) -> f64 {
    trace.map_or(1.0, |trace| {
        millis(replay::<diamond::Document>("diamond-types", trace).time) / THERE
    })
}

fn goal(workload: &'static str, metrics: &[&str], unit: &'static str, bound: Bound) -> Goal {
    let metrics = metrics.iter().map(|metric| (*metric).to_owned()).collect();
    Goal {
        workload,
        subject: "holo",
        metrics,
        unit,
        bound,
    }
}

/// A goal of the live lane.
fn lane(metric: &str, unit: &'static str, bound: Bound) -> Goal {
    Goal {
        subject: "holo, live lane",
        ..goal("W7", &[metric], unit, bound)
    }
}

/// The goals, as the table of figures to beat has them.
fn goals() -> Vec<Goal> {
    use Bound::{Best, Fixed, Peer, Time};
    const NO_TEXT: &[&str] = &["cola"];
    let mut goals = vec![
        goal("W1", &["replay"], "ms", Best(0.6, NO_TEXT)),
        goal("W1", &["encoded"], "B", Best(0.8, NO_TEXT)),
        goal("W1", &["load and read"], "ms", Time(1.5)),
        goal("W1", &["peak"], "KiB", Fixed(3_072.0)),
    ];
    for name in w2::ALONE {
        let metric = format!("{name} replay");
        goals.push(goal("W2", &[&metric], "ms", Best(0.8, NO_TEXT)));
    }
    for name in w2::TOGETHER {
        let (apply, messages) = (format!("{name} apply"), format!("{name} messages"));
        goals.push(goal("W2c", &[&apply], "ms", Peer(10.0 / 8.8, "cola")));
        goals.push(goal("W2c", &[&messages], "B", Peer(0.9, "yrs")));
    }
    goals.push(goal("W3", &["list"], "ms", Time(10.0)));
    goals.push(goal("W3", &["text"], "ms", Best(0.8, &[])));
    for kind in ["u32", "text"] {
        let [keys, delta, growth] = ["keys", "delta", "growth"].map(|of| format!("{kind} {of}"));
        goals.push(goal("W4", &[&keys], "ms", Time(120.0)));
        goals.push(goal("W4", &[&delta], "B", Fixed(5_000.0)));
        goals.push(goal("W4", &[&growth], "KiB", Fixed(0.0)));
    }
    goals.extend([
        goal("W5", &["increments"], "ms", Time(5.0)),
        goal("W5", &["merge deltas"], "ms", Time(0.1)),
        goal("W5", &["merge full states"], "ms", Time(2.0)),
        goal("W6", &["add and remove"], "ms", Time(80.0)),
        goal("W6", &["merge"], "ms", Time(6.0)),
        goal("W6", &["encoded"], "B", Fixed(60_000.0)),
        goal("W7", &["tick"], "B", Fixed(6_000.0)),
        goal("W7", &["set", "encode"], "µs", Time(4.0)),
        goal("W7", &["apply"], "µs", Time(3.0)),
        goal("W7", &["growth"], "×", Fixed(1.0)),
        goal("W7", &["memory growth"], "KiB", Fixed(0.0)),
        lane("tick", "B", Fixed(1_200.0)),
        lane("encode", "µs", Time(10.0)),
        lane("apply", "µs", Time(10.0)),
        lane("growth", "×", Fixed(1.0)),
        lane("memory growth", "KiB", Fixed(0.0)),
    ]);
    goals
}

/// Our figures against the goals, as far as they were measured.
pub(crate) fn outcomes(report: &Report) -> Vec<Outcome> {
    goals()
        .iter()
        .filter_map(|goal| outcome(report, goal))
        .collect()
}

fn outcome(report: &Report, goal: &Goal) -> Option<Outcome> {
    let Goal {
        workload,
        subject,
        metrics,
        unit,
        bound,
    } = goal;
    if !report.has(workload) {
        return None;
    }
    let figures: Option<Vec<f64>> = metrics
        .iter()
        .map(|metric| report.value(workload, subject, metric))
        .collect();
    let metric = metrics.first()?;
    let which = subject.strip_prefix("holo, ");
    let which = which.map_or(String::new(), |lane| format!("{lane}: "));
    let (limit, by) = match bound {
        Bound::Best(times, but) => {
            let (best, whose) = report.best(workload, metric, but)?;
            (
                best * times,
                format!("{times} × {whose}'s {}", number(best)),
            )
        }
        Bound::Peer(times, peer) => {
            let figure = report.value(workload, peer, metric)?;
            (
                figure * times,
                format!("{times:.2} × {peer}'s {}", number(figure)),
            )
        }
        Bound::Time(limit) => {
            let machine = report.machine(workload);
            (
                limit * machine,
                format!("{} {unit} there, × {machine:.2} here", number(*limit)),
            )
        }
        Bound::Fixed(limit) => (*limit, String::new()),
    };
    Some(Outcome {
        goal: format!("{workload} {which}{}", metrics.join(" + ")),
        ours: figures.map(|figures| figures.iter().sum()),
        limit,
        unit,
        by,
    })
}

/// True when one is missed.
pub(crate) fn missed(outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|outcome| !outcome.met())
}

/// The table of goals. The ratio is ours by the limit: up to 1 the goal is met.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let heading = ["goal", "holo", "limit", "unit", "ratio", "", "the limit is"];
    let mut lines = vec![heading.map(str::to_owned).to_vec()];
    for outcome in outcomes {
        let Outcome {
            goal,
            ours,
            limit,
            unit,
            by,
        } = outcome;
        let verdict = match ours {
            None => "not there yet",
            Some(_) if outcome.met() => "met",
            Some(_) => "missed",
        };
        let figure = |write: &dyn Fn(f64) -> String| ours.map_or("–".to_owned(), write);
        lines.push(vec![
            goal.clone(),
            figure(&number),
            number(*limit),
            (*unit).to_owned(),
            figure(&|ours| ratio(ours, *limit)),
            verdict.to_owned(),
            by.clone(),
        ]);
    }
    align(&lines)
}

fn ratio(ours: f64, limit: f64) -> String {
    if limit == 0.0 {
        "–".to_owned()
    } else {
        format!("{:.2}", ours / limit)
    }
}
