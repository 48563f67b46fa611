//! `cargo run -p holo-tests --bin conform -- FILE...`: replays conformance fixtures and says what does not hold.

use std::process::ExitCode;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("conform: give the fixtures to replay");
        return ExitCode::from(2);
    }
    let mut failed = 0;
    for file in &files {
        let told = match std::fs::read_to_string(file) {
            Ok(text) => holo_tests::conform::replay(&text),
            Err(error) => Err(error.to_string()),
        };
        match told {
            Ok(failures) => {
                for failure in &failures {
                    println!("{file}: step {}: {}", failure.step, failure.message);
                }
                failed += usize::from(!failures.is_empty());
            }
            Err(why) => {
                println!("{file}: {why}");
                failed += 1;
            }
        }
    }
    println!("{} of {} hold", files.len() - failed, files.len());
    ExitCode::from(u8::from(failed > 0))
}
