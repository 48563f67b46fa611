//! The `holoc` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    holoc::cli::main()
}
