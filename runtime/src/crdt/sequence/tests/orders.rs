//! Every order of a few changes, and runs that stay whole.

use super::schedules::Net;
use super::{Subject, Verb};
use crate::{Sequence, Text};

/// All orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in orders(last) {
        for at in 0..=last {
            let mut order = order.clone();
            order.insert(at, last);
            all.push(order);
        }
    }
    all
}

/// Two replicas that start alike do two things each, a third one thing; all orders in which a fourth hears of them.
fn every_order<T: Subject>(verbs: [[&Verb; 2]; 2], third: &Verb) {
    let make = || {
        let mut net = Net::<T>::new(7, 4);
        net.act(0, Verb::Insert(0, vec![1, 2, 3, 4]));
        net.seal(0);
        for to in 1..4 {
            net.deliver(0, to).unwrap();
        }
        for (at, verbs) in verbs.iter().enumerate() {
            for verb in verbs {
                net.act(at, (*verb).clone());
                net.seal(at);
            }
        }
        net.act(2, third.clone());
        net.seal(2);
        net
    };
    let count = make().sealed.len();
    for order in orders(count - 1) {
        let mut net = make();
        for number in order {
            net.deliver(number + 1, 3).unwrap();
        }
        let said = net.finish(&[]);
        said.unwrap_or_else(|error| panic!("{verbs:?} {third:?}: {error}"));
    }
}

#[test]
fn all_orders_of_five_changes_give_what_the_oracle_says() {
    let verbs = [
        Verb::Insert(2, vec![10, 11]),
        Verb::Insert(0, vec![20]),
        Verb::Delete(1, 2),
        Verb::Set(1, 30),
        Verb::Move(1, 0),
        Verb::Move(0, 1),
    ];
    for (number, a) in verbs.iter().enumerate() {
        for b in &verbs[number..] {
            for third in [&verbs[0], &verbs[2], &verbs[5]] {
                every_order::<Sequence<i64>>([[a, &verbs[0]], [b, &verbs[3]]], third);
            }
        }
    }
}

/// Types a run at a place of a text that all hold, forwards or backwards, one change a character.
fn typed(net: &mut Net<Text>, at: usize, place: usize, run: &[i64], forwards: bool) {
    for (number, value) in run.iter().enumerate() {
        let place = if forwards { place + number } else { place };
        net.act(at, Verb::Insert(place, vec![*value]));
        net.seal(at);
    }
}

#[test]
fn runs_stay_whole_forwards_and_backwards() {
    let (a, b) = ([101, 102, 103, 104], [201, 202, 203]);
    for (forwards, backwards) in [(true, true), (true, false), (false, true), (false, false)] {
        for place in 0..=2 {
            let mut net = Net::<Text>::new(3, 3);
            net.act(0, Verb::Insert(0, vec![1, 2]));
            net.seal(0);
            net.deliver(0, 1).unwrap();
            net.deliver(0, 2).unwrap();
            typed(&mut net, 0, place, &a, forwards);
            typed(&mut net, 1, place, &b, backwards);
            for number in 0..net.sealed.len() {
                net.deliver(number, 2).unwrap();
            }
            let text = net.replicas[2].state().values();
            let run = |values: &[i64], forwards: bool| {
                let mut run: Vec<i64> = values
                    .iter()
                    .map(|value| i64::from(u32::from(super::letter(*value))))
                    .collect();
                if !forwards {
                    run.reverse();
                }
                run
            };
            for run in [run(&a, forwards), run(&b, backwards)] {
                let whole = text.windows(run.len()).any(|part| part == run);
                assert!(whole, "{text:?} does not hold {run:?} in one piece");
            }
            net.finish(&[]).unwrap();
        }
    }
}
