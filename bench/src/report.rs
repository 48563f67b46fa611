//! What was measured, as rows; and rows as tables and as JSON. Goals are `goals`'.

use std::fmt::Write;

use crate::measure::{Measured, kib, micros, millis};

/// One figure.
pub(crate) struct Row {
    pub(crate) workload: &'static str,
    pub(crate) subject: String,
    pub(crate) metric: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// Of how many runs it is the median; zero where it does not depend on time.
    pub(crate) runs: usize,
}

/// All figures of a run, how it is run, and what there is to say about a workload.
#[derive(Default)]
pub(crate) struct Report {
    /// Leave out what takes seconds.
    pub(crate) quick: bool,
    /// Only subjects whose names begin so.
    only: String,
    pub(crate) rows: Vec<Row>,
    notes: Vec<(&'static str, String)>,
    machine: Vec<(&'static str, f64)>,
}

impl Report {
    pub(crate) fn new(quick: bool, only: String) -> Self {
        Self {
            quick,
            only,
            ..Self::default()
        }
    }

    /// A number of bytes, or another figure that is the same in every run.
    pub(crate) fn add(
        &mut self,
        workload: &'static str,
        subject: &str,
        metric: &str,
        (value, unit): (f64, &'static str),
    ) {
        self.push(workload, subject, metric, value, unit, 0);
    }

    /// A median in milliseconds.
    pub(crate) fn millis<T>(
        &mut self,
        workload: &'static str,
        subject: &str,
        metric: &str,
        measured: &Measured<T>,
    ) {
        let value = millis(measured.time);
        self.push(workload, subject, metric, value, "ms", measured.runs);
    }

    /// A median in microseconds.
    pub(crate) fn micros<T>(
        &mut self,
        workload: &'static str,
        subject: &str,
        metric: &str,
        measured: &Measured<T>,
    ) {
        let value = micros(measured.time);
        self.push(workload, subject, metric, value, "µs", measured.runs);
    }

    /// Peak memory above the start.
    pub(crate) fn peak<T>(
        &mut self,
        workload: &'static str,
        subject: &str,
        metric: &str,
        measured: &Measured<T>,
    ) {
        self.add(workload, subject, metric, (kib(measured.peak), "KiB"));
    }

    /// A sentence under the table of a workload.
    pub(crate) fn note(&mut self, workload: &'static str, note: &str) {
        self.notes.push((workload, note.to_owned()));
    }

    /// True for a subject that nobody asked for.
    pub(crate) fn skips(&self, subject: &str) -> bool {
        !subject.starts_with(&self.only)
    }

    /// How slow the machine was just before a workload, by the one on which limits in time were set.
    pub(crate) fn calibrated(&mut self, workload: &'static str, factor: f64) {
        self.machine.push((workload, factor));
    }

    /// What was said of it.
    pub(crate) fn machine(&self, workload: &str) -> f64 {
        let found = self.machine.iter().find(|(of, _)| *of == workload);
        found.map_or(1.0, |(_, factor)| *factor)
    }

    /// True when anything of a workload was measured.
    pub(crate) fn has(&self, workload: &str) -> bool {
        self.rows.iter().any(|row| row.workload == workload)
    }

    /// The figure of a subject, if it was measured.
    pub(crate) fn value(&self, workload: &str, subject: &str, metric: &str) -> Option<f64> {
        let row = self
            .rows
            .iter()
            .find(|row| row.workload == workload && row.subject == subject && row.metric == metric);
        row.map(|row| row.value)
    }

    /// The smallest figure of all peers but for some, and whose it is.
    pub(crate) fn best(&self, workload: &str, metric: &str, but: &[&str]) -> Option<(f64, &str)> {
        let rows = self.rows.iter().filter(|row| {
            row.workload == workload
                && row.metric == metric
                && !row.subject.starts_with("holo")
                && !row.subject.starts_with("floor")
                && !but.contains(&row.subject.as_str())
        });
        rows.map(|row| (row.value, row.subject.as_str()))
            .min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn push(
        &mut self,
        workload: &'static str,
        subject: &str,
        metric: &str,
        value: f64,
        unit: &'static str,
        runs: usize,
    ) {
        self.rows.push(Row {
            workload,
            subject: subject.to_owned(),
            metric: metric.to_owned(),
            value,
            unit,
            runs,
        });
    }

    /// The table of one workload, in Markdown that also reads well as it is.
    pub(crate) fn table(&self, workload: &str) -> String {
        let rows = || self.rows.iter().filter(|row| row.workload == workload);
        let (mut subjects, mut metrics) = (Vec::new(), Vec::new());
        for row in rows() {
            if !subjects.contains(&row.subject.as_str()) {
                subjects.push(row.subject.as_str());
            }
            let metric = (row.metric.as_str(), row.unit);
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        let mut lines = vec![vec![String::new()]];
        lines[0].extend(metrics.iter().map(|(metric, unit)| header(metric, unit)));
        for subject in subjects {
            let mut line = vec![subject.to_owned()];
            for (metric, _) in &metrics {
                let found = rows().find(|row| row.subject == subject && row.metric == *metric);
                line.push(found.map_or("–".to_owned(), cell));
            }
            lines.push(line);
        }
        let mut text = align(&lines);
        for (_, note) in self.notes.iter().filter(|(of, _)| *of == workload) {
            text.push_str(&format!("\n{note}\n"));
        }
        text
    }

    /// One object a line.
    pub(crate) fn json(&self) -> String {
        let line = |row: &Row| {
            let object = serde_json::json!({
                "workload": row.workload, "subject": row.subject, "metric": row.metric,
                "value": row.value, "unit": row.unit,
            });
            format!("{object}\n")
        };
        self.rows.iter().map(line).collect()
    }
}

fn header(metric: &str, unit: &str) -> String {
    format!("{metric}, {unit}")
}

/// A figure, with the number of runs where these were fewer than usual.
fn cell(row: &Row) -> String {
    let runs = if row.runs == 1 { " (1 run)" } else { "" };
    format!("{}{runs}", number(row.value))
}

/// Three digits that count, whole numbers whole.
pub(crate) fn number(value: f64) -> String {
    if value.abs() < 1e-9 {
        "0".to_owned()
    } else if value.abs() >= 100.0 || value.fract() == 0.0 {
        thousands(value.round() as i64)
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else if value.abs() >= 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

fn thousands(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = if value < 0 { "-" } else { "" }.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Lines of cells as a Markdown table with straight columns; the first line is the heading.
pub(crate) fn align(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let widths = lines.iter().map(|line| line[column].chars().count());
        widths.max().unwrap_or(0).max(3)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            let pad = " ".repeat(widths[column] - cell.chars().count());
            let (before, after) = if column == 0 {
                ("", pad)
            } else {
                (pad.as_str(), String::new())
            };
            let _ = write!(text, "| {before}{cell}{after} ");
        }
        text.push_str("|\n");
        if at == 0 {
            let rule = |(column, width): (usize, &usize)| {
                let last = if column == 0 { "-" } else { ":" };
                format!("|-{}{last}", "-".repeat(*width))
            };
            text.extend(widths.iter().enumerate().map(rule));
            text.push_str("|\n");
        }
    }
    text
}
