//! The command line: arguments, streams, exit codes. One command a file.
//!
//! A contract that other tools rely on: what a command prints and how it exits changes only on purpose.

mod ast;
mod build;
mod check;
mod compat;
mod explain;
mod fix;
mod fmt;
mod infer;
mod manner;
mod new;
mod session;
mod watch;

use std::io::Write;
use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::fix::Level;
use crate::report::Format;
use manner::When;
use session::Failure;

/// Exit codes: fine, errors in a source or stale output, wrong usage or a failing system.
const FINE: u8 = 0;
const WRONG: u8 = 1;
const FAILED: u8 = 2;

/// Compiles HoloScript orbs to typed Rust that converges.
#[derive(Debug, Parser)]
#[command(name = "holoc", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colours; NO_COLOR counts for auto
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    color: When,
    /// Say what is wrong and what was asked for, and nothing else
    #[arg(short, long, global = true)]
    quiet: bool,
}

/// What can be written beside the Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// The schema of each source as JSON, for programs that read it at run time
    Schema,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write one Rust file per source, the modules of each folder, and holo.lock
    Build {
        /// Files, folders (searched for .hsplus, .gitignore honoured) or - for standard input [default: as holo.toml says]
        #[arg(value_name = "PATH")]
        paths: Vec<Utf8PathBuf>,
        /// Where to write [default: as holo.toml says, or generated]
        #[arg(short, long, value_name = "DIR")]
        out: Option<Utf8PathBuf>,
        /// Write nothing; print a diff and exit 1 if something would change
        #[arg(long)]
        check: bool,
        /// What to write beside the Rust; what is there from before is kept fresh without being asked for
        #[arg(long, value_enum, value_name = "WHAT")]
        emit: Vec<Emit>,
    },
    /// Say what is wrong
    Check {
        /// Files, folders (searched for .hsplus, .gitignore honoured) or - for standard input [default: as holo.toml says]
        #[arg(value_name = "PATH")]
        paths: Vec<Utf8PathBuf>,
        /// How to say it
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
        /// Apply the fixes whose meaning is certain; standard input is printed fixed
        #[arg(long)]
        fix: bool,
        /// Apply guesses too; look at what they did
        #[arg(long)]
        unsafe_fixes: bool,
        /// The folder whose holo.lock counts [default: that of build]
        #[arg(short, long, value_name = "DIR")]
        out: Option<Utf8PathBuf>,
    },
    /// Say what is inferred, and why
    Infer {
        /// Files, folders (searched for .hsplus, .gitignore honoured) or - for standard input [default: as holo.toml says]
        #[arg(value_name = "PATH")]
        paths: Vec<Utf8PathBuf>,
        /// How to say it
        #[arg(long, value_enum, default_value_t = Plain::Human)]
        format: Plain,
        /// The folder whose holo.lock counts [default: that of build]
        #[arg(short, long, value_name = "DIR")]
        out: Option<Utf8PathBuf>,
    },
    /// Lay sources out: two spaces a level, comments kept
    Fmt {
        /// Files, folders (searched for .hsplus, .gitignore honoured) or - for standard input to standard output [default: as holo.toml says, or .]
        #[arg(value_name = "PATH")]
        paths: Vec<Utf8PathBuf>,
        /// Write nothing; print a diff and exit 1 if something would change
        #[arg(long)]
        check: bool,
    },
    /// Say what changed between two locks, or two versions of sources: safe, breaking or forbidden
    ///
    /// Exits with 0 if all changes are safe, and with 1 if one is not.
    Compat {
        /// A holo.lock, a source, or a folder of sources (with the holo.lock in it, if there is one)
        #[arg(value_name = "OLD")]
        old: Utf8PathBuf,
        /// As OLD; sources without a holo.lock are numbered on top of OLD, as a build would
        #[arg(value_name = "NEW")]
        new: Utf8PathBuf,
        /// How to say it
        #[arg(long, value_enum, default_value_t = Plain::Human)]
        format: Plain,
    },
    /// Make a small project that builds and runs at once
    New {
        /// The folder to make; its last part names the package
        #[arg(value_name = "NAME")]
        name: Utf8PathBuf,
        /// The folder of holo-runtime, to depend on it by its path
        #[arg(long, value_name = "DIR")]
        runtime: Option<Utf8PathBuf>,
    },
    /// Build whenever a source changes, until it is stopped
    Watch {
        /// Files or folders (searched for .hsplus, .gitignore honoured) [default: as holo.toml says]
        #[arg(value_name = "PATH")]
        paths: Vec<Utf8PathBuf>,
        /// Where to write [default: as holo.toml says, or generated]
        #[arg(short, long, value_name = "DIR")]
        out: Option<Utf8PathBuf>,
    },
    /// Print the completions of a shell
    Completions {
        /// The shell
        #[arg(value_enum, value_name = "SHELL")]
        shell: Shell,
    },
    /// Explain a code, a trait, an option, a rule or a type; without one, list them
    Explain {
        /// As in HS101, @networked, sync_rate, R5 or PnCounter
        #[arg(value_name = "TOPIC")]
        topic: Option<String>,
    },
    /// Print the syntax tree of a file
    Ast {
        /// A file, or - for standard input
        #[arg(value_name = "PATH")]
        path: Utf8PathBuf,
        /// How to print it
        #[arg(long, value_enum, default_value_t = Tree::Json)]
        format: Tree,
    },
}

/// The formats of `infer` and `compat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Plain {
    /// Lines for people.
    Human,
    /// One JSON object.
    Json,
}

/// The formats of `ast`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tree {
    /// One JSON object.
    Json,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each goes to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { FAILED } else { FINE });
        }
    };
    manner::set(arguments.color, arguments.quiet);
    let result = run(arguments.command);
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => session::fail(&failure),
    }
}

fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::Build {
            paths,
            out,
            check,
            emit,
        } => {
            let schemas = emit.contains(&Emit::Schema);
            build::run(&paths, out.as_deref(), check, schemas)
        }
        Command::Check {
            paths,
            format,
            fix,
            unsafe_fixes,
            out,
        } => {
            let level = match (fix, unsafe_fixes) {
                (_, true) => Some(Level::All),
                (true, false) => Some(Level::Safe),
                (false, false) => None,
            };
            check::run(&paths, format, level, out.as_deref())
        }
        Command::Infer { paths, format, out } => infer::run(&paths, format, out.as_deref()),
        Command::Fmt { paths, check } => session::project().and_then(|project| {
            let here = [Utf8PathBuf::from(".")];
            fmt::run(session::sources(&paths, &project).unwrap_or(&here), check)
        }),
        Command::Compat { old, new, format } => compat::run(&old, &new, format),
        Command::New { name, runtime } => new::run(&name, runtime.as_deref()),
        Command::Watch { paths, out } => watch::run(&paths, out.as_deref()),
        Command::Completions { shell } => completions(shell),
        Command::Explain { topic } => explain::run(topic.as_deref()),
        Command::Ast { path, format } => ast::run(&path, format),
    }
}

fn completions(shell: Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "holoc", &mut script);
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&script)?;
    stdout.flush()?;
    Ok(FINE)
}
