//! What types declare of their live fields: where each stands, and how it travels and is shown.
//!
//! Generated code calls [`Declare`] in the order in which its views take places; nothing here has values.

use hashbrown::HashMap;

use super::frame::Path;
use super::{LiveError, Moving};
use crate::crdt::{Orb, OrbInfo};
use crate::policy::Interpolation;

/// Paths of field ids by number, so that a field is one number while it is worked with.
#[derive(Debug, Default)]
pub(super) struct Paths {
    all: Vec<Path>,
    numbers: HashMap<Path, u32>,
}

impl Paths {
    /// More fields than this are no schema's: frames may name fields that are not known here.
    const MOST: usize = 16_384;

    pub(super) fn number(&mut self, path: &[u32]) -> Result<u32, LiveError> {
        if let Some(number) = self.numbers.get(path) {
            return Ok(*number);
        }
        if self.all.len() >= Self::MOST {
            return Err(LiveError::TooMany("fields"));
        }
        let number = self.all.len() as u32;
        self.all.push(path.into());
        self.numbers.insert(path.into(), number);
        Ok(number)
    }

    pub(super) fn get(&self, number: u32) -> &[u32] {
        self.all.get(number as usize).map_or(&[], |path| path)
    }
}

/// How a live field travels and is shown.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) mode: Interpolation,
    pub(super) delay_ms: u32,
    pub(super) quantum: Option<f64>,
    pub(super) bounds: Option<(f64, f64)>,
    pub(super) threshold: Option<f64>,
    pub(super) priority: i32,
    pub(super) period_us: u64,
}

/// One place in the views of a type: a live field, or a map whose entries may have some.
#[derive(Clone, Debug)]
pub(super) struct SlotShape {
    pub(super) path: u32,
    pub(super) options: Options,
    /// What the entries of a map are.
    pub(super) entries: Option<u32>,
}

/// The places of each type, by number. The first is that of the root.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    all: Vec<Vec<SlotShape>>,
    by_type: HashMap<std::any::TypeId, u32>,
    /// The least of the bytes a second that types declare.
    bandwidth: Option<u64>,
}

impl Shapes {
    pub(super) fn slot(&self, shape: u32, slot: u32) -> Option<&SlotShape> {
        self.all.get(shape as usize)?.get(slot as usize)
    }

    /// The bytes a second that all frames together may take.
    pub(super) fn bandwidth(&self) -> Option<u64> {
        self.bandwidth
    }

    /// The shortest time between two sendings of one field, in microseconds.
    pub(super) fn shortest_period(&self) -> Option<u64> {
        let fields = self.all.iter().flatten();
        fields.map(|slot| slot.options.period_us).min()
    }
}

/// Takes down what a type declares. Generated code calls it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Declare<'a> {
    shapes: &'a mut Shapes,
    paths: &'a mut Paths,
    at: Vec<u32>,
    shape: u32,
    /// How often what says nothing itself is sent.
    rate_hz: f64,
}

/// How often live fields are sent where nothing is declared.
pub const RATE_HZ: f64 = 20.0;

impl<'a> Declare<'a> {
    /// Takes down a whole type and what it holds; its number.
    pub(super) fn root<T: Moving>(shapes: &'a mut Shapes, paths: &'a mut Paths) -> u32 {
        let mut declare = Self {
            shapes,
            paths,
            at: Vec::new(),
            shape: 0,
            rate_hz: RATE_HZ,
        };
        declare.whole::<T>()
    }

    fn whole<T: Moving>(&mut self) -> u32 {
        let key = std::any::TypeId::of::<T>();
        if let Some(number) = self.shapes.by_type.get(&key) {
            return *number;
        }
        let number = self.shapes.all.len() as u32;
        self.shapes.all.push(Vec::new());
        self.shapes.by_type.insert(key, number);
        let outer = (std::mem::take(&mut self.at), self.shape);
        self.shape = number;
        T::declare(self);
        (self.at, self.shape) = outer;
        number
    }

    /// A live field of the type, by its place in the table.
    pub fn field<T: Orb>(&mut self, index: usize) {
        self.put(T::INFO, index, None);
    }

    /// A nested type.
    pub fn part<T: Orb, P: Moving>(&mut self, index: usize) {
        let rate = self.rate_hz;
        self.rate_hz = T::INFO.rate_hz.unwrap_or(rate);
        self.at
            .extend(T::INFO.fields.get(index).map(|field| field.id));
        P::declare(self);
        self.at.pop();
        self.rate_hz = rate;
    }

    /// A map of such types.
    pub fn map<T: Orb, P: Moving>(&mut self, index: usize) {
        let rate = self.rate_hz;
        self.rate_hz = T::INFO.rate_hz.unwrap_or(rate);
        let entries = self.whole::<P>();
        self.put(T::INFO, index, Some(entries));
        self.rate_hz = rate;
    }

    /// The root itself is a map.
    pub(super) fn entries<P: Moving>(&mut self) {
        static BARE: OrbInfo = OrbInfo::new("", &[]);
        let entries = self.whole::<P>();
        self.put(&BARE, 0, Some(entries));
    }

    fn put(&mut self, info: &'static OrbInfo, index: usize, entries: Option<u32>) {
        let field = info.fields.get(index);
        let (orb, own) = (info.policy, field.map(|field| field.policy));
        if let Some(limit) = orb.bandwidth_limit {
            let least = self.shapes.bandwidth.map_or(limit, |held| held.min(limit));
            self.shapes.bandwidth = Some(least);
        }
        let delay = orb.interpolation_delay_ms;
        let buffer = own.and_then(|own| own.jitter_buffer_ms).or(orb.buffer_ms);
        let rate = own.and_then(|own| own.rate_hz).or(info.rate_hz);
        let rate = rate.unwrap_or(self.rate_hz).clamp(1.0, 240.0);
        let mode = own.and_then(|own| own.interpolation);
        let options = Options {
            mode: mode.unwrap_or(orb.interpolation),
            delay_ms: delay.max(buffer.unwrap_or(0)),
            quantum: own.and_then(|own| own.quantum),
            bounds: own.and_then(|own| own.bounds),
            threshold: orb.threshold,
            priority: own.and_then(|own| own.priority).unwrap_or(0),
            period_us: (1e6 / rate) as u64,
        };
        self.at.extend(field.map(|field| field.id));
        // A schema has fewer fields than there may be paths; what is beyond shares the number of none.
        let path = self.paths.number(&self.at).unwrap_or(u32::MAX);
        if field.is_some() {
            self.at.pop();
        }
        let slots = self.shapes.all.get_mut(self.shape as usize);
        slots.into_iter().for_each(|slots| {
            slots.push(SlotShape {
                path,
                options: options.clone(),
                entries,
            });
        });
    }
}
