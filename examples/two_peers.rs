//! Two people edit one player while they are cut off from each other, and agree once they are not.
//!
//! `player.hsplus` is the declaration; `holoc build examples/player.hsplus -o examples/generated` made the code from it.

mod generated;

use std::fmt::Write;

use generated::player::Player;
use holo_runtime::{Error, Replica, ReplicaId, Value, Version};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", run()?);
    Ok(())
}

fn run() -> Result<String, Box<dyn std::error::Error>> {
    let mut alice = Replica::<Player>::new(ReplicaId::random());
    let mut bob = Replica::<Player>::new(ReplicaId::random());
    let mut out = String::new();

    // Together: what Alice does, Bob has.
    alice.edit(|p| {
        p.inventory.insert("torch");
        p.inventory.insert("map");
    });
    let mut bytes = send(&mut alice, &mut bob)?;
    table(&mut out, "together", &alice, &bob)?;

    // Cut off: both go on. Bob drops the map that Alice has just put in again.
    alice.edit(|p| {
        p.position.set([2.0, 1.6, -1.0]);
        p.inventory.insert("map");
        p.inventory.insert("sword");
    });
    bob.edit(|p| {
        p.health.set(90);
        p.inventory.remove("map");
        p.inventory.remove("torch");
    });
    table(&mut out, "cut off", &alice, &bob)?;

    // Back: each gets what it lacks, Alice's twice and Bob's late.
    let late = bob.changes_since(alice.version());
    bytes += send(&mut alice, &mut bob)?;
    bob.apply(alice.changes_since(&Version::new()))?;
    bytes += late.encoded_len();
    alice.apply(late)?;
    table(&mut out, "back together", &alice, &bob)?;

    writeln!(out, "{bytes} bytes sent")?;
    let converged = alice.state_hash() == bob.state_hash();
    writeln!(out, "{}", if converged { "converged" } else { "DIVERGED" })?;
    Ok(out)
}

/// Sends what the other lacks; how many bytes that took.
fn send(from: &mut Replica<Player>, to: &mut Replica<Player>) -> Result<usize, Error> {
    let delta = from.changes_since(to.version());
    let bytes = delta.encoded_len();
    to.apply(delta)?;
    Ok(bytes)
}

fn table(
    out: &mut String,
    title: &str,
    alice: &Replica<Player>,
    bob: &Replica<Player>,
) -> std::fmt::Result {
    writeln!(out, "{title:<14} {:<32} bob", "alice")?;
    let [a, b] = [alice, bob].map(Replica::state);
    let rows = [
        ("position", [a, b].map(|p| p.position.get().to_string())),
        ("health", [a, b].map(|p| p.health.get().to_string())),
        ("inventory", [a, b].map(|p| words(p.inventory.sorted()))),
    ];
    for (name, [a, b]) in rows {
        writeln!(
            out,
            "  {name:<12} {a:<32} {}",
            if b.is_empty() { "-" } else { &b }
        )?;
    }
    writeln!(out)
}

fn words(values: Vec<&Value>) -> String {
    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_ends_with_converged() {
        let out = super::run().unwrap();
        assert!(out.ends_with("\nconverged\n"), "{out}");
        // Bob had not seen that Alice put the map in again, so it stays; the torch he had seen is gone.
        let last = out.rfind("back together").unwrap();
        assert_eq!(out[last..].matches(r#""map", "sword""#).count(), 2, "{out}");
        assert!(!out[last..].contains("torch"), "{out}");
    }
}
