//! The same without a declaration: a struct of one's own with `#[derive(Synced)]`.

use holo_runtime::{Error, LwwRegister, OrSet, PnCounter, Replica, ReplicaId, Synced};

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Player {
    #[synced(initial = 100)]
    health: LwwRegister<i64>,
    inventory: OrSet<String>,
    kills: PnCounter,
    /// Not shared.
    #[synced(skip)]
    selected: usize,
}

fn main() -> Result<(), Error> {
    let mut alice = Replica::<Player>::new(ReplicaId::random());
    let mut bob = Replica::<Player>::new(ReplicaId::random());

    alice.edit(|p| {
        p.health.set(90);
        p.inventory.insert("sword");
        p.kills.increment(2);
    });
    bob.edit(|p| p.kills.increment(3));

    bob.apply(alice.changes_since(bob.version()))?;
    alice.apply(bob.changes_since(alice.version()))?;

    assert_eq!(bob.state().health.get(), &90);
    assert!(bob.state().inventory.contains("sword"));
    assert_eq!(alice.state().kills.value(), 5);
    assert_eq!(alice.state_hash(), bob.state_hash());
    println!("{:?}", alice.state());
    println!("selected, here only: {}", alice.state().selected);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs() {
        super::main().unwrap();
    }
}
