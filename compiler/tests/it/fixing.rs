//! `holoc check --fix` and `--unsafe-fixes`, from outside.

use crate::program::{folder, holoc, read, with_input};

const RATES: &str = "orb a @networked { sync_rate: 20 }\norb b @networked(rate: 30) {}\norb c @synced(rate: 5) { state { x: 1 } }\n";
const GUESS: &str = "orb a @netwroked {\n  state { health: 100 }\n}\n";

#[test]
fn safe_fixes_are_applied_until_none_is_left() {
    let dir = folder(&[("rates.hsplus", RATES), ("guess.hsplus", GUESS)]);
    let ran = holoc(&dir, &["check", ".", "--fix"]).exits(1);
    assert_eq!(
        read(&dir, "rates.hsplus"),
        RATES
            .replace("20 ", "20hz ")
            .replace("30)", "30hz)")
            .replace("5)", "5hz)")
    );
    assert_eq!(read(&dir, "guess.hsplus"), GUESS);
    assert!(
        ran.stderr.contains("fixed 3 problems in ./rates.hsplus\n"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.ends_with("1 error\n"), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("HS106") && !ran.stdout.contains("HS110"),
        "{}",
        ran.stdout
    );
}

#[test]
fn guesses_are_applied_when_asked_for() {
    let dir = folder(&[("guess.hsplus", GUESS)]);
    let ran = holoc(&dir, &["check", ".", "--unsafe-fixes"]).exits(0);
    assert_eq!(
        read(&dir, "guess.hsplus"),
        GUESS.replace("netwroked", "networked")
    );
    assert_eq!(
        ran.stderr,
        "fixed 1 problem in ./guess.hsplus\nno problems\n"
    );
}

#[test]
fn what_needs_no_fix_is_not_touched() {
    let dir = folder(&[("good.hsplus", "orb a @networked {}\n")]);
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    let path = dir.path().join("good.hsplus");
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(old)
        .unwrap();
    assert_eq!(
        holoc(&dir, &["check", ".", "--fix"]).exits(0).stderr,
        "no problems\n"
    );
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), old);
}

#[test]
fn standard_input_is_printed_fixed() {
    let dir = folder(&[("other.hsplus", RATES)]);
    let ran = with_input(&dir, &["check", "-", "--fix"], RATES).exits(0);
    assert_eq!(
        ran.stdout,
        RATES
            .replace("20 ", "20hz ")
            .replace("30)", "30hz)")
            .replace("5)", "5hz)")
    );
    let ran = with_input(&dir, &["check", "-", "--fix"], GUESS).exits(1);
    assert_eq!(ran.stdout, GUESS);
    assert!(ran.stderr.contains("HS106"), "{}", ran.stderr);
    with_input(&dir, &["check", "-", "other.hsplus", "--fix"], GUESS).exits(2);
    assert_eq!(read(&dir, "other.hsplus"), RATES);
}

#[test]
fn a_mark_stays_and_a_bad_byte_keeps_the_file_as_it_is() {
    let dir = folder(&[("mark.hsplus", &format!("\u{feff}{RATES}"))]);
    holoc(&dir, &["check", ".", "--fix"]).exits(0);
    assert!(read(&dir, "mark.hsplus").starts_with("\u{feff}orb a @networked { sync_rate: 20hz }"));
    let bytes = [RATES.as_bytes(), b"// caf\xe9\n"].concat();
    std::fs::write(dir.path().join("bad.hsplus"), &bytes).unwrap();
    holoc(&dir, &["check", ".", "--fix"]).exits(1);
    assert_eq!(std::fs::read(dir.path().join("bad.hsplus")).unwrap(), bytes);
}

/// Every fixture with a mistake: after all fixes that help there is no more wrong with it than before.
#[test]
fn fixes_never_make_a_fixture_worse() {
    use holo_grammar::diagnostic::Severity;
    use holoc::fix::{Level, mend};
    use holoc::lock::Lock;

    let mut fixed = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(text) = std::fs::read(&path)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
        else {
            continue;
        };
        if path.extension().is_none_or(|ending| ending != "hsplus") {
            continue;
        }
        let mut read = |text: &str| {
            crate::support::compile("a.hsplus", text, &mut Lock::default()).diagnostics
        };
        let errors = |told: &[holo_grammar::diagnostic::Diagnostic]| {
            told.iter()
                .filter(|one| one.severity == Severity::Error)
                .count()
        };
        let before = errors(&read(&text));
        let mended = mend(&text, Level::All, &mut read);
        assert!(
            errors(&mended.diagnostics) <= before,
            "{}: {}",
            path.display(),
            mended.text
        );
        assert_eq!(mended.fixed == 0, mended.text == text, "{}", path.display());
        fixed += mended.fixed;
    }
    assert!(fixed > 10, "{fixed}");
}

/// Codes whose remedy takes a decision that no tool can make, or that lies outside the source.
const DECIDED_BY_A_PERSON: [&str; 19] = [
    "HS014", "HS017", "HS024", "HS101", "HS102", "HS103", "HS104", "HS105", "HS107", "HS112",
    "HS120", "HS124", "HS125", "HS128", "HS132", "HS145", "HS146", "HS147", "HS149",
];

/// Each fix, applied to the wrong example on the page of its code: the mistake is gone.
#[test]
fn every_fix_mends_the_example_on_its_page() {
    use holoc::explain::pages::CODES;
    use holoc::fix::{Level, mend};
    use holoc::lock::Lock;

    let mut without = Vec::new();
    for page in CODES {
        let mut lock = Lock::default();
        for (fence, text) in page.examples() {
            let mut read = |text: &str| {
                crate::support::compile("example.hsplus", text, &mut lock.clone()).diagnostics
            };
            match fence {
                "hsplus before" => {
                    crate::support::compile("example.hsplus", &text, &mut lock);
                }
                "hsplus wrong" => {
                    let told = read(&text);
                    let mut ours = told.iter().filter(|one| one.code.id == page.topic);
                    if ours.all(|one| one.fixes.is_empty()) {
                        without.push(page.topic);
                        continue;
                    }
                    let mended = mend(&text, Level::All, &mut read);
                    let left = mended
                        .diagnostics
                        .iter()
                        .any(|one| one.code.id == page.topic);
                    assert!(!left, "{}:\n{}", page.topic, mended.text);
                }
                _ => {}
            }
        }
    }
    assert_eq!(without, DECIDED_BY_A_PERSON);
}

/// One report stands for all rates without a unit, and carries the fix of each.
#[test]
fn what_is_told_once_is_mended_everywhere() {
    use holoc::lock::Lock;

    let told = crate::support::compile("a.hsplus", RATES, &mut Lock::default()).diagnostics;
    assert_eq!(told.len(), 1);
    let along: Vec<_> = told[0]
        .along
        .iter()
        .map(|fix| &RATES[fix.span.range()])
        .collect();
    assert_eq!(along, ["30", "5"]);
    // A template's rate is read with each of its objects, and mended once.
    let template = "template \"T\" @networked(rate: 9) { hp: 1 @synced }\nobject \"A\" using \"T\" @synced { mp: 2 @synced }\n";
    let told = crate::support::compile("a.hsplus", template, &mut Lock::default()).diagnostics;
    let bare: Vec<_> = told.iter().filter(|one| one.code.id == "HS110").collect();
    assert_eq!((bare.len(), bare[0].along.len()), (1, 0));
    let mut readings = 0;
    let mut read = |text: &str| {
        readings += 1;
        crate::support::compile("a.hsplus", text, &mut Lock::default()).diagnostics
    };
    let mended = holoc::fix::mend(RATES, holoc::fix::Level::Safe, &mut read);
    assert_eq!((mended.fixed, mended.diagnostics, readings), (3, vec![], 2));
}

/// What a template says counts for its other objects, so no certain fix takes it away.
#[test]
fn what_a_template_says_is_never_taken_away() {
    for source in [
        "template \"T\" @networked(rate: 10hz) {}\nobject \"A\" using \"T\" @networked(rate: 30hz) {}\n",
        "template \"T\" @networked(authority: \"owner\") {}\nobject \"A\" using \"T\" @host_only {}\n",
        "template \"T\" @networked(sync_position: false) {}\nobject \"A\" using \"T\" @networked(sync: [position]) {}\n",
    ] {
        let dir = folder(&[("a.hsplus", source)]);
        let ran = holoc(&dir, &["check", "a.hsplus", "--fix"]).exits(0);
        assert!(ran.stdout.contains("Warning"), "{source}{}", ran.stdout);
        assert_eq!(read(&dir, "a.hsplus"), source);
    }
    let one = "orb a @networked(authority: \"owner\") @networked(rate: 5hz) @host_only { sync_rate: 30hz }\n";
    let dir = folder(&[("a.hsplus", one)]);
    holoc(&dir, &["check", "a.hsplus", "--fix"]).exits(0);
    assert_eq!(
        read(&dir, "a.hsplus"),
        "orb a @networked() @networked() @host_only { sync_rate: 30hz }\n"
    );
}
