//! Our figures beside those of other CRDT libraries, in one run. Here are the arguments and the order; a workload is a module.

#![allow(
    clippy::expect_used,
    reason = "a subject that fails has no figure; the panic says what went wrong"
)]

mod crowd;
mod goals;
mod measure;
mod random;
mod report;
mod subjects;
mod texts;
mod trace;
mod w1;
mod w2;
mod w3;
mod w4;
mod w5;
mod w6;
mod w7;

use std::process::ExitCode;

use crate::report::Report;
use crate::trace::Trace;

const USAGE: &str =
    "usage: holo-bench [--json | --markdown] [--goals] [--quick] [--only SUBJECT] [W1 W2 W2c W3 W4 W5 W6 W7 crowd]

  --json      one figure a line, as JSON
  --markdown  tables and goals for RESULTS.md
  --goals     our figures against the goals; exits with 1 if one is missed
  --quick     without the subjects that take seconds
  --only      only subjects whose names begin so, such as `holo`";

type Workload = (&'static str, &'static str, fn(&mut Report));

/// In the order in which they run.
const WORKLOADS: [Workload; 9] = [
    ("W1", "replay of `automerge-paper`", w1::run),
    ("W2", "replay of three more traces", w2::alone),
    ("W2c", "two documents of several authors", w2::together),
    ("W3", "50,000 push and shift, append and crop", w3::run),
    ("W4", "a map: 1,000,000 sets over 1,000 keys", w4::run),
    (
        "W5",
        "a counter: 1,000,000 increments; 1,000 replicas",
        w5::run,
    ),
    (
        "W6",
        "a set: 1,000,000 adds and removes over 10,000 words",
        w6::run,
    ),
    ("W7", "ticks: 100 of 1,000 things move", w7::run),
    ("crowd", "500 push and shift, append and crop", crowd::run),
];

/// The name of a workload as it is in [`WORKLOADS`], in whatever case it is written.
fn workload(name: &str) -> Option<&'static str> {
    let same = |(known, ..): &&Workload| known.eq_ignore_ascii_case(name);
    WORKLOADS.iter().find(same).map(|(known, ..)| *known)
}

#[derive(Default)]
struct Arguments {
    json: bool,
    markdown: bool,
    goals: bool,
    quick: bool,
    only: String,
    workloads: Vec<&'static str>,
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--json" => arguments.json = true,
            "--markdown" => arguments.markdown = true,
            "--goals" => arguments.goals = true,
            "--quick" => arguments.quick = true,
            "--only" => {
                let missing = || format!("`--only` wants the name of a subject\n\n{USAGE}");
                arguments.only = given.next().ok_or_else(missing)?;
            }
            name => {
                let known = workload(name).ok_or(format!("there is no `{name}`\n\n{USAGE}"))?;
                arguments.workloads.push(known);
            }
        }
    }
    Ok(arguments)
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let mut report = Report::new(arguments.quick, arguments.only.clone());
    // Limits in time move with the machine, and with what else it does just now.
    let judged = arguments.goals || arguments.markdown;
    let calibration = judged.then(|| Trace::read("automerge-paper")).flatten();
    if arguments.markdown {
        print!("{}", heading());
    }
    for (name, title, run) in WORKLOADS {
        if !arguments.workloads.is_empty() && !arguments.workloads.contains(&name) {
            continue;
        }
        eprintln!("{name} …");
        report.calibrated(name, goals::machine(calibration.as_ref()));
        run(&mut report);
        if !arguments.json {
            println!("## {name}: {title}\n\n{}", report.table(name));
        }
    }
    if arguments.json {
        print!("{}", report.json());
    }
    judge(&arguments, &report)
}

fn judge(arguments: &Arguments, report: &Report) -> ExitCode {
    let outcomes = goals::outcomes(report);
    let table = goals::table(&outcomes);
    match (arguments.goals || arguments.markdown, arguments.json) {
        (true, true) => eprintln!("{table}"),
        (true, false) => println!("## Goals\n\n{table}"),
        (false, _) => {}
    }
    if arguments.goals && goals::missed(&outcomes) {
        return ExitCode::from(1);
    }
    ExitCode::SUCCESS
}

fn heading() -> String {
    let versions = include_str!("../Cargo.lock");
    let version = |name: &str| {
        let line = format!("name = \"{name}\"\nversion = \"");
        let rest = versions.split(&line).nth(1).unwrap_or_default();
        format!("{name} {}", rest.split('"').next().unwrap_or_default())
    };
    let peers = [
        "loro",
        "yrs",
        "automerge",
        "diamond-types",
        "cola",
        "crdts",
        "crdt-kit",
    ];
    format!(
        "# Results\n\nWritten by `cargo run --release -- --markdown > RESULTS.md`; see [README.md](README.md) for what each workload is.\n\
         Medians of 5 runs, or of one where it takes more than 5 s. Peers: {}.\n\n",
        peers.map(version).join(", ")
    )
}
