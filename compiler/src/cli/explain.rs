//! `holoc explain`: a page on one topic, or the list of topics.

use std::io::{self, Write};

use super::FINE;
use super::session::{Failure, colours};
use crate::explain::{explain, topics};

pub(super) fn run(topic: Option<&str>) -> Result<u8, Failure> {
    let page = match topic {
        Some(topic) => explain(topic).map_err(|unknown| Failure::Usage(unknown.to_string()))?,
        None => topics(),
    };
    let stdout = io::stdout();
    let colour = colours(&stdout);
    let mut stdout = io::BufWriter::new(stdout.lock());
    for line in page.lines() {
        let heading = line.starts_with('#');
        if colour && heading {
            writeln!(stdout, "\x1b[1m{line}\x1b[0m")?;
        } else {
            writeln!(stdout, "{line}")?;
        }
    }
    stdout.flush()?;
    Ok(FINE)
}
