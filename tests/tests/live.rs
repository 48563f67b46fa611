//! Seeded runs of the live lane; see `holo_tests::live`. `HOLO_SEEDS` sets how many, `HOLO_SEED` runs one.

use holo_tests::live::LiveSim;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn what_nobody_moves_shows_everywhere_as_it_settled() {
    let seeds = match number("HOLO_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("HOLO_SEEDS").unwrap_or(60),
    };
    let (mut frames, mut lost, mut overlaid) = (0, 0, 0);
    for seed in seeds {
        println!("HOLO_SEED={seed}");
        let mut sim = LiveSim::new(seed);
        sim.run(3_000);
        frames += sim.frames;
        lost += sim.lost;
        overlaid += sim.overlaid;
    }
    println!("{frames} frames, {lost} lost on the way, {overlaid} times a live value was shown");
    assert!(
        lost > 0 && overlaid > frames / 10,
        "{frames} {lost} {overlaid}"
    );
}
