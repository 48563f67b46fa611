//! [`Track`]: what was heard of one live field: whose value rules, and the samples to show it from.
//!
//! A track knows nothing of the durable value; `super::showing` compares the two.

use std::sync::Arc;

use super::curve::{self, Sample};
use super::form::{Form, Reading};
use crate::Stamp;
use crate::mutants::{self, Mutant};
use crate::policy::Interpolation;

/// Samples kept of one field.
const MOST_SAMPLES: usize = 64;
/// Samples older than this beside the newest are forgotten.
const KEPT_MS: i64 = 1_000;

/// The samples of one field, from all who moved it, in the order of the local clock.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// Which field of the entity: the number of its path.
    pub(super) path: u32,
    pub(super) form: Form,
    /// The greatest write heard of: it rules.
    pub(super) epoch: u32,
    pub(super) stamp: Stamp,
    /// When the newest frame that carried it was made, by the clock here.
    pub(super) carried: Option<i64>,
    samples: Vec<Sample>,
    /// Of values that are no numbers: when, and what.
    raws: Vec<(i64, Arc<[u8]>)>,
}

/// A value as it came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) epoch: u32,
    pub(super) stamp: Stamp,
    pub(super) sample: Sample,
    /// When the frame was made that carries it, by the clock here.
    pub(super) made: i64,
    /// When the newest frame before was made: what that did not carry had not moved since it was carried.
    pub(super) stood_until: Option<i64>,
}

impl Track {
    pub(super) fn new(path: u32, form: Form) -> Self {
        Self {
            path,
            form,
            epoch: 0,
            stamp: Stamp::ORIGIN,
            carried: None,
            samples: Vec::new(),
            raws: Vec::new(),
        }
    }

    /// A field whose values come in another form has no way from those before: a schema has changed.
    pub(super) fn change_form(&mut self, form: Form) {
        let same = std::mem::discriminant(&form) == std::mem::discriminant(&self.form);
        if !same {
            self.samples.clear();
            self.raws.clear();
        }
        self.form = form;
    }

    /// Takes a value in unless a newer one rules. A late one of the same sender is still a sample of the way.
    pub(super) fn hear(&mut self, heard: &Heard, raw: Option<&Arc<[u8]>>) {
        let rank = (heard.epoch, heard.stamp);
        let last = mutants::on(Mutant::LiveStampIgnored);
        let rules = rank >= (self.epoch, self.stamp) || last;
        let same = heard.stamp.replica == self.stamp.replica && heard.epoch == self.epoch;
        if !rules && !same {
            return;
        }
        if rules {
            (self.epoch, self.stamp) = rank;
        }
        match raw {
            Some(raw) => self.keep_raw(heard.sample.at, raw),
            None => self.keep(heard),
        }
    }

    fn keep(&mut self, heard: &Heard) {
        let sample = heard.sample;
        // Two may come: where it stood, and where it is.
        if self.samples.len() + 2 > self.samples.capacity() {
            self.forget_old(sample.at);
        }
        if let Some(last) = self.samples.last().copied() {
            if sample.at - last.at > KEPT_MS {
                // What was shown long ago leads nowhere.
                self.samples.clear();
            } else if let Some(until) = heard
                .stood_until
                .filter(|_| heard.stood_until > self.carried)
                && until > last.at
                && until < sample.at
            {
                self.samples.push(Sample {
                    at: until,
                    jump: false,
                    ..last
                });
            }
        }
        self.carried = self.carried.max(Some(heard.made));
        if self.samples.last().is_none_or(|last| last.at < sample.at) {
            return self.samples.push(sample);
        }
        let place = self.samples.partition_point(|held| held.at < sample.at);
        match self.samples.get_mut(place) {
            Some(held) if held.at == sample.at => *held = sample,
            _ => self.samples.insert(place, sample),
        }
    }

    /// Makes room before more is taken: what is old goes, and of many the oldest.
    fn forget_old(&mut self, now: i64) {
        let newest = self.samples.last().map_or(now, |last| last.at.max(now));
        let old = self
            .samples
            .partition_point(|held| held.at < newest - KEPT_MS);
        let many = (self.samples.len() + 2).saturating_sub(MOST_SAMPLES);
        // The last that is too old may be where the shown way begins.
        self.samples.drain(..old.saturating_sub(1).max(many));
    }

    fn keep_raw(&mut self, at: i64, raw: &Arc<[u8]>) {
        let place = self.raws.partition_point(|(held, _)| *held <= at);
        self.raws.insert(place, (at, raw.clone()));
        let old = self.raws.partition_point(|(held, _)| *held < at - KEPT_MS);
        let many = self.raws.len().saturating_sub(8);
        self.raws.drain(..old.saturating_sub(1).max(many));
    }

    /// When the newest sample is.
    pub(super) fn newest(&self) -> Option<i64> {
        let raw = self.raws.last().map(|(at, _)| *at);
        raw.max(self.samples.last().map(|sample| sample.at))
    }

    /// What is shown at `t`, where it shows at all. Before the first sample it is led in from the value that stood there.
    pub(super) fn shown(
        &self,
        mode: Interpolation,
        t: i64,
        rests: bool,
        stood: Option<[f64; 4]>,
    ) -> Option<Reading> {
        if self.form == Form::Raw {
            let next = self.raws.partition_point(|(at, _)| *at <= t);
            let (_, bytes) = self.raws.get(next.checked_sub(1)?)?;
            return Some(Reading::Bytes(bytes.clone()));
        }
        let shown = curve::at(&self.samples, self.form, mode, t, rests);
        let led_in = || self.led_in(mode, t, stood?);
        shown.or_else(led_in).map(Reading::Numbers)
    }

    /// The way from the value that stood there to the first sample.
    fn led_in(&self, mode: Interpolation, t: i64, stood: [f64; 4]) -> Option<[f64; 4]> {
        let first = *self.samples.first()?;
        let from = Sample {
            at: first.at - curve::LEAD_MS,
            value: stood,
            jump: false,
        };
        curve::at(&[from, first], self.form, mode, t, true)
    }
}
