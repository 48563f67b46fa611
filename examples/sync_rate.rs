//! How often a coordinator sends while somebody writes a thousand times a second, on the machine's own clock.
//!
//! ```sh
//! cargo run -p holo-examples --example sync_rate
//! ```

use std::time::{Duration, Instant};

use holo_runtime::sync::{Code, Coordinator, PeerId, SyncError};
use holo_runtime::{LwwRegister, Replica, ReplicaId, Synced};

#[derive(Debug, Synced)]
#[synced(rate = "20hz")]
struct Ball {
    height: LwwRegister<i64>,
}

const PEER: PeerId = PeerId(1);

/// Writes so long; how many messages went out, the last value, and what the other has in the end.
fn measure(length: Duration) -> Result<(u64, i64, i64), SyncError> {
    let new = || Coordinator::new(Replica::<Ball>::new(ReplicaId::random()));
    let (mut here, mut there) = (new(), new());
    here.connect(PEER, 0);
    there.connect(PEER, 0);
    let start = Instant::now();
    let mut written = 0;
    while start.elapsed() < length {
        let now = start.elapsed().as_millis() as u64;
        // A thousand a second, whatever the sleep below makes of a millisecond.
        while written <= now as i64 {
            written += 1;
            here.edit(|ball| ball.height.set(written));
        }
        exchange(&mut here, &mut there, now)?;
        std::thread::sleep(Duration::from_micros(300));
    }
    let sent = here.statistics().sent[Code::Changes as usize].messages;
    let end = start.elapsed().as_millis() as u64;
    for later in 0..20 {
        exchange(&mut here, &mut there, end + later * 50)?;
    }
    Ok((sent, written, *there.state().height.get()))
}

fn exchange(
    a: &mut Coordinator<Ball>,
    b: &mut Coordinator<Ball>,
    now: u64,
) -> Result<(), SyncError> {
    while let Some(message) = a.poll(now) {
        b.handle(PEER, &message.bytes, now)?;
    }
    while let Some(message) = b.poll(now) {
        a.handle(PEER, &message.bytes, now)?;
    }
    Ok(())
}

fn main() -> Result<(), SyncError> {
    let length = Duration::from_secs(5);
    let (sent, written, arrived) = measure(length)?;
    let rate = sent as f64 / length.as_secs_f64();
    println!(
        "{written} writes, {sent} messages: {rate:.1} a second; last written {written}, last arrived {arrived}"
    );
    Ok(())
}

#[test]
fn the_last_value_arrives_in_fewer_messages_than_writes() -> Result<(), SyncError> {
    let (sent, written, arrived) = measure(Duration::from_millis(400))?;
    assert_eq!(written, arrived);
    assert!(sent > 0 && sent < written as u64 / 2, "{sent} of {written}");
    Ok(())
}
