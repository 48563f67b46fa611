//! Interpolation: through the samples, without a step, never not a number.

use crate::Quat;
use crate::live::curve::{Sample, at};
use crate::live::form::Form;
use crate::policy::Interpolation;

const MODES: [Interpolation; 3] = [
    Interpolation::Linear,
    Interpolation::Hermite,
    Interpolation::CatmullRom,
];

/// A small seeded generator (SplitMix64).
struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn part(&mut self) -> f64 {
        self.below(2_001) as f64 / 1_000.0 - 1.0
    }
}

fn samples(rng: &mut Rng, form: Form) -> Vec<Sample> {
    let mut time = 10_000;
    let count = 1 + rng.below(12);
    let one = |_| {
        let most = if rng.below(8) == 0 { 600 } else { 90 };
        time += 1 + rng.below(most) as i64;
        let parts = [rng.part(), rng.part(), rng.part(), rng.part()];
        let value = match form {
            Form::Rotation(_) => {
                let [x, y, z, w] = parts;
                let Quat { x, y, z, w } = Quat::new(x, y, z, w).normalized();
                [x, y, z, w]
            }
            _ => parts,
        };
        Sample {
            at: time,
            value,
            jump: false,
        }
    };
    (0..count).map(one).collect()
}

fn distance(a: [f64; 4], b: [f64; 4], form: Form) -> f64 {
    let off = |sign: f64| {
        let parts = a.iter().zip(b);
        parts
            .map(|(a, b)| (a - b * sign).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    match form {
        // A quaternion and its opposite are one rotation.
        Form::Rotation(_) => off(1.0).min(off(-1.0)),
        _ => off(1.0),
    }
}

#[test]
fn every_mode_passes_through_its_samples_without_a_step() {
    for seed in 0..100 {
        let mut rng = Rng(seed);
        for form in [Form::Vector(0.001), Form::Rotation(10)] {
            let samples = samples(&mut rng, form);
            let (first, last) = (samples[0].at, samples[samples.len() - 1].at);
            for mode in MODES {
                for sample in &samples {
                    let met = at(&samples, form, mode, sample.at, false).unwrap();
                    assert!(distance(met, sample.value, form) < 1e-9, "{seed} {mode:?}");
                }
                let mut before = samples[0].value;
                for t in first..last + 400 {
                    let value = at(&samples, form, mode, t, false).unwrap();
                    assert!(value.iter().all(|part| part.is_finite()), "{seed} {mode:?}");
                    let step = distance(before, value, form);
                    // The longest way a millisecond can take is between samples a millisecond apart.
                    let ways = samples.windows(2).map(|pair| {
                        let time = (pair[1].at - pair[0].at).min(50) as f64;
                        distance(pair[0].value, pair[1].value, form) * 4.0 / time
                    });
                    let most = ways.fold(0.0, f64::max) + 1e-9;
                    assert!(step <= most, "{seed} {mode:?} {t}: {step} > {most}");
                    before = value;
                }
                let end = at(&samples, form, mode, last + 10_000, false).unwrap();
                assert!(distance(end, samples[samples.len() - 1].value, form) < 4.0);
            }
        }
    }
}

#[test]
fn a_straight_even_motion_is_straight_in_every_mode_and_carried_on_a_little() {
    let sample = |at: i64| Sample {
        at,
        value: [at as f64 / 1_000.0, 0.0, 0.0, 0.0],
        jump: false,
    };
    let samples: Vec<Sample> = (0..6).map(|tick| sample(tick * 50)).collect();
    let form = Form::Vector(0.001);
    for mode in MODES {
        for t in 60..=300 {
            let [x, ..] = at(&samples, form, mode, t, false).unwrap();
            assert!((x - t as f64 / 1_000.0).abs() < 1e-9, "{mode:?} {t}: {x}");
        }
        let [late, ..] = at(&samples, form, mode, 5_000, false).unwrap();
        assert!(
            (late - 0.3).abs() < 1e-9,
            "no farther than the last way was long"
        );
        let [rests, ..] = at(&samples, form, mode, 5_000, true).unwrap();
        assert_eq!(rests, 0.25, "what is known to stand stands");
    }
}

#[test]
fn a_jump_has_nothing_in_between() {
    let sample = |at: i64, x: f64, jump: bool| Sample {
        at,
        value: [x, 0.0, 0.0, 0.0],
        jump,
    };
    let form = Form::Vector(0.001);
    for samples in [
        [sample(0, 0.0, false), sample(50, 5.1, false)],
        [sample(0, 0.0, false), sample(50, 1.0, true)],
    ] {
        for mode in MODES {
            let x = |t| at(&samples, form, mode, t, false).map(|[x, ..]| x);
            assert_eq!((x(-1), x(0), x(49)), (None, Some(0.0), Some(0.0)));
            assert_eq!((x(50), x(120)), (Some(samples[1].value[0]), x(50)));
        }
    }
}

#[test]
fn a_turn_goes_the_shorter_way() {
    let half = std::f64::consts::FRAC_PI_4;
    let turned = |angle: f64| [0.0, (angle / 2.0).sin(), 0.0, (angle / 2.0).cos()];
    let [x, y, z, w] = turned(half);
    let samples = [
        Sample {
            at: 0,
            value: turned(0.0),
            jump: false,
        },
        Sample {
            at: 100,
            value: [-x, -y, -z, -w],
            jump: false,
        },
    ];
    let form = Form::Rotation(10);
    let middle = at(&samples, form, Interpolation::Linear, 50, false).unwrap();
    assert!(distance(middle, turned(half / 2.0), form) < 1e-9);
    let carried = at(&samples, form, Interpolation::Linear, 150, false).unwrap();
    assert!(
        distance(carried, turned(half * 1.5), form) < 1e-9,
        "{carried:?}"
    );
}
