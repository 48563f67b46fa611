//! Changing bytes a little: what is almost right gets further than what is wrong all over.

use super::envelope::Writer;
use crate::rng::Rng;

/// No input grows beyond this.
const MAX: usize = 256 << 10;

/// Numbers that a length, a count or a time could not be.
const HUGE: [u64; 9] = [
    127,
    128,
    16_384,
    65_537,
    1 << 20,
    (1 << 31) - 1,
    1 << 32,
    1 << 62,
    u64::MAX,
];

/// One to four changes to some bytes; `others` are of the same sort.
#[must_use]
pub fn mutate(bytes: &[u8], others: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if rng.chance(60) && !out.is_empty() {
        // One byte of the same length as a number, and mostly another meaning: it is often well-formed.
        let at = rng.below(out.len());
        out[at] = match rng.below(4) {
            0 => out[at].wrapping_add(1),
            1 => out[at].wrapping_sub(1),
            2 => out[at] ^ (1 << rng.below(7)),
            _ => out[rng.below(out.len())],
        };
        return out;
    }
    for _ in 0..=rng.below(4) {
        once(&mut out, others, rng);
    }
    out
}

/// The same to text, which stays text.
#[must_use]
pub fn mutate_text(text: &str, others: &[Vec<u8>], rng: &mut Rng) -> String {
    let bytes = match rng.below(6) {
        0 => nest(text, rng),
        _ => mutate(text.as_bytes(), others, rng),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A part of a text inside many brackets.
fn nest(text: &str, rng: &mut Rng) -> Vec<u8> {
    let at = rng.below(text.len() + 1);
    let (open, shut) = *rng.pick(&[
        ("[", "]"),
        ("{\"a\":", "}"),
        ("Option<", ">"),
        ("Vec<", ">"),
    ]);
    let times = 1 << rng.below(14);
    let mut out = text.as_bytes()[..at].to_vec();
    out.extend(open.repeat(times).into_bytes());
    out.extend(shut.repeat(times).into_bytes());
    out.extend(&text.as_bytes()[at..]);
    out
}

fn once(out: &mut Vec<u8>, others: &[Vec<u8>], rng: &mut Rng) {
    let at = rng.below(out.len() + 1);
    let end = at + rng.below((out.len() - at).min(40) + 1);
    match rng.below(12) {
        _ if out.is_empty() => out.push(rng.bits() as u8),
        0 => out.truncate(at),
        1 | 2 if at < out.len() => out[at] ^= 1 << rng.below(8),
        3 if at < out.len() => out[at] = *rng.pick(&[0, 1, 2, 3, 0x7f, 0x80, 0xff]),
        4 => out.insert(at, *rng.pick(&[0, 1, 2, 3, 4, 5, 6, 7, 0x7f, 0x80, 0xff])),
        5 => drop(out.drain(at..end)),
        6 | 7 => {
            let mut number = Writer::default();
            number.varint(*rng.pick(&HUGE));
            let end = number_end(out, at);
            out.splice(at..end, number.0);
        }
        8 | 9 => {
            let piece = out[at..end].to_vec();
            let often = if rng.chance(5) { 14 } else { 4 };
            let times = 1 << rng.below(often);
            if out.len() + piece.len() * times < MAX {
                out.splice(at..at, piece.repeat(times));
            }
        }
        10 => {
            // A part of it to another place.
            let piece: Vec<u8> = out.drain(at..end).collect();
            let to = rng.below(out.len() + 1);
            out.splice(to..to, piece);
        }
        _ => {
            let Some(other) = others.get(rng.below(others.len().max(1))) else {
                return;
            };
            let from = rng.below(other.len() + 1);
            let until = from + rng.below((other.len() - from).min(64) + 1);
            let end = if rng.chance(50) { end } else { at };
            out.splice(at..end, other[from..until].iter().copied());
        }
    }
}

/// Where the number that begins at a place ends.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let more = rest.iter().take_while(|byte| **byte & 0x80 != 0).count();
    (at + more + 1).min(bytes.len())
}
