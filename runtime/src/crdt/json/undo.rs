//! What edits of a document note down for undo, how that is undone, and how a document takes on what another one held.
//!
//! A step is undone by putting back what showed at its path, place by place: items of lists, which stay where they stood when nothing is
//! left in them, come back as themselves.

use super::node::{Node, Top};
use super::read::JsonRef;
use super::{JsonDoc, JsonDocEdit, Key, Put};
use crate::codec::{Dec, DecodeError, write_bytes, write_varint};
use crate::crdt::dots::{Dots, read_plain, write_plain};
use crate::edit::{At, ItemNames};
use crate::history::{Assume, Undo};
use crate::value::Element;
use crate::{Stamp, Value};

/// What is noted.
mod deed {
    pub(super) const STEP: u8 = 0;
    pub(super) const MOVED: u8 = 1;
}

/// What showed at a place: what was put there, by its stamp, or what was there initially.
struct Row {
    /// The way from the path of the step.
    path: Vec<Key>,
    was: Was,
    stamp: Stamp,
}

enum Was {
    Map,
    List,
    Plain(Value),
    /// All that is there and below.
    Whole(Value),
}

fn write_keys(keys: &[Key], name: impl Fn(Stamp) -> Stamp, out: &mut Vec<u8>) {
    for key in keys {
        match key {
            Key::Name(name) => {
                out.push(1);
                write_bytes(out, name.as_bytes());
            }
            Key::Item(item) => {
                out.push(2);
                write_plain(name(*item), out);
            }
        }
    }
}

/// Reads keys, and gives items the names that they have now.
fn read_keys(input: &mut Dec<'_>, at: At<'_>) -> Result<Vec<Key>, DecodeError> {
    let mut keys = Vec::new();
    loop {
        keys.push(match input.u8()? {
            0 => return Ok(keys),
            1 => Key::Name(input.str()?.to_owned()),
            _ => Key::Item(read_item(input, at)?),
        });
    }
}

fn read_item(input: &mut Dec<'_>, at: At<'_>) -> Result<Stamp, DecodeError> {
    let item = read_plain(input)?;
    Ok(at.names(|names| names.now(item)).unwrap_or(item))
}

impl Row {
    fn write(&self, out: &mut Vec<u8>) {
        write_keys(&self.path, |item| item, out);
        out.push(0);
        write_plain(self.stamp, out);
        let (kind, value) = match &self.was {
            Was::Map => (0, None),
            Was::List => (1, None),
            Was::Plain(value) => (2, Some(value)),
            Was::Whole(value) => (3, Some(value)),
        };
        out.push(kind);
        value.into_iter().for_each(|value| value.encode(out));
    }

    fn read(input: &mut Dec<'_>, at: At<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            path: read_keys(input, at)?,
            stamp: read_plain(input)?,
            was: match input.u8()? {
                0 => Was::Map,
                1 => Was::List,
                2 => Was::Plain(Value::decode(&(), input)?),
                _ => Was::Whole(Value::decode(&(), input)?),
            },
        })
    }
}

/// What shows at a place and below. Without `items` a list is one whole: its items are not known where it goes.
fn rows(place: JsonRef<'_>, path: &mut Vec<Key>, items: bool, out: &mut Vec<Row>) {
    if !place.is_there() {
        return;
    }
    let made = |dots: &Dots| dots.as_slice().iter().copied().max();
    let mut row = |was, stamp: Option<Stamp>| {
        out.push(Row {
            path: path.clone(),
            was,
            stamp: stamp.unwrap_or(Stamp::ORIGIN),
        });
    };
    let written = place.written().filter(|node| node.top().is_some());
    let Some(node) = written else {
        return row(Was::Whole(place.to_value()), None);
    };
    match node.top() {
        Some(Top::Map) => {
            row(Was::Map, made(&node.made));
            for (key, child) in place.entries() {
                path.push(Key::Name(key.to_owned()));
                rows(child, path, items, out);
                path.pop();
            }
        }
        Some(Top::List) if items => {
            row(Was::List, made(&node.listed));
            for index in 0..place.len() {
                if let Some(item) = place.item_at(index) {
                    path.push(Key::Item(item));
                    rows(place.item_place(item), path, items, out);
                    path.pop();
                }
            }
        }
        Some(Top::List) => row(Was::Whole(place.to_value()), made(&node.listed)),
        _ => {
            let plain = node.greatest_plain();
            row(Was::Plain(place.to_value()), plain.map(|(stamp, _)| *stamp));
        }
    }
}

impl JsonDocEdit<'_> {
    /// Notes a step that is about to be taken.
    pub(super) fn note_step(&self, path: &[Key], put: &Put) {
        if self.at().names(|_| ()).is_none() {
            return;
        }
        let place = self.place(path);
        let mut found = Vec::new();
        rows(place, &mut Vec::new(), true, &mut found);
        let before = found.first().map_or(Stamp::ORIGIN, |row| row.stamp);
        // After a delete nothing is there, which is what the initial stamp stands for.
        let empties = matches!(put, Put::Nothing);
        let stamp = empties.then_some(Stamp::ORIGIN);
        let wide = |node: &Node| !node.children.is_empty() || node.list.is_some();
        let wide = place.written().is_some_and(wide);
        let way = |names: ItemNames<'_>, out: &mut Vec<u8>| {
            out.push(deed::STEP);
            write_keys(path, |item| names.first(item), out);
        };
        self.at().note_step((before, stamp), wide, way, |out| {
            out.push(0);
            out.push(u8::from(empties));
            write_varint(out, found.len() as u64);
            found.iter().for_each(|row| row.write(out));
        });
    }

    /// Moves an item, and notes it.
    pub(super) fn relocate(&mut self, path: &[Key], from: usize, to: usize) {
        let (at, mut moved) = (self.at(), None);
        self.shape(path, |positions| {
            let item = positions.at(from);
            let held = item.and_then(|item| positions.place_of(item));
            let done = positions.relocate(at, from, to);
            moved = item
                .zip(held)
                .filter(|_| done)
                .map(|(item, held)| (item, held, positions.place_of(item)));
            done
        });
        if let Some((item, held, now)) = moved {
            let place = |names: ItemNames<'_>, out: &mut Vec<u8>| {
                out.push(deed::MOVED);
                write_keys(path, |item| names.first(item), out);
                out.push(0);
                write_plain(names.first(item), out);
            };
            at.note_write_as(held, now, place, |out| write_plain(held, out));
        }
    }

    /// Undoes what was noted.
    pub(super) fn undo(&mut self, input: &mut Dec<'_>, cx: &mut Undo) -> Result<(), DecodeError> {
        let deed = input.u8()?;
        let path = read_keys(input, self.at())?;
        if deed == deed::MOVED {
            let (item, held) = (read_item(input, self.at())?, read_item(input, self.at())?);
            self.move_back(&path, item, held, cx);
            return Ok(());
        }
        let deleted = input.bool()?;
        let mut rows = Vec::new();
        for _ in 0..input.varint()? {
            rows.push(Row::read(input, self.at())?);
        }
        let latest = self.place(&path).written().and_then(Node::latest);
        let rules = cx.rules(latest.unwrap_or(Stamp::ORIGIN));
        if cx.probes() {
            return Ok(());
        }
        if deleted {
            self.fill_in(&path, rows);
        } else if rules && rows.is_empty() {
            let root = path.is_empty();
            self.step(&path, if root { Put::Map } else { Put::Nothing });
        } else if rules {
            for (number, row) in rows.into_iter().enumerate() {
                self.put_back(&path, row, number == 0);
            }
        }
        Ok(())
    }

    /// Puts back what was deleted where nothing else stands.
    fn fill_in(&mut self, path: &[Key], rows: Vec<Row>) {
        for (number, row) in rows.into_iter().enumerate() {
            let mut full = path.to_vec();
            full.extend_from_slice(&row.path);
            let there = self.place(&full).is_there();
            // A step leads nowhere where somebody has put something else in the way.
            let open = |depth: usize| match &full[depth] {
                Key::Name(_) => self.place(&full[..depth]).is_map(),
                Key::Item(_) => self.place(&full[..depth]).is_list(),
            };
            if !there && (path.len()..full.len()).all(open) {
                self.put_back(path, row, number == 0);
            }
        }
    }

    fn put_back(&mut self, path: &[Key], row: Row, first: bool) {
        let mut full = path.to_vec();
        full.extend(row.path);
        // What comes back at the path itself is told by whoever undoes.
        if !first {
            self.at().revives(row.stamp);
        }
        match row.was {
            Was::Map => self.step(&full, Put::Map),
            Was::List => self.step(&full, Put::List),
            Was::Plain(value) => self.step(&full, Put::Plain(value)),
            Was::Whole(value) => self.put(&full, value),
        }
    }

    fn move_back(&mut self, path: &[Key], item: Stamp, held: Stamp, cx: &mut Undo) {
        let mut ends = None;
        self.shape(path, |positions| {
            let now = positions.place_of(item);
            let there = positions.before(item);
            let there = there.filter(|from| positions.at(*from) == Some(item));
            ends = now.zip(there).zip(positions.before_place(held));
            false
        });
        let Some(((now, from), gap)) = ends else {
            return;
        };
        let to = if gap > from { gap - 1 } else { gap };
        if cx.rules(now) && from != to {
            self.relocate(path, from, to);
        }
    }

    /// Makes what shows at a place what shows at another: of maps entry by entry; a list keeps the items at its ends that are the
    /// same.
    fn become_like(&mut self, path: &[Key], then: JsonRef<'_>) {
        self.come_near(path, then);
        // Where the newest entry or item went, something may show that was hidden beneath a map or list.
        let now = self.place(path);
        if (now.is_map(), now.is_list()) != (then.is_map(), then.is_list()) {
            self.put(path, then.to_value());
        }
    }

    fn come_near(&mut self, path: &[Key], then: JsonRef<'_>) {
        let now = self.place(path);
        if now.is_map() && then.is_map() {
            let names = |place: JsonRef<'_>| {
                let entries = place.entries().into_iter();
                entries
                    .map(|(key, _)| key.to_owned())
                    .collect::<Vec<String>>()
            };
            for key in names(now).into_iter().filter(|key| then.get(key).is_none()) {
                self.step(&below(path, Key::Name(key)), Put::Nothing);
            }
            for key in names(then) {
                self.become_like(&below(path, Key::Name(key.clone())), then.child(&key));
            }
        } else if now.is_list() && then.is_list() {
            let values = |place: JsonRef<'_>| {
                let items = place.items().into_iter();
                items.map(JsonRef::to_value).collect::<Vec<Value>>()
            };
            let (old, new) = (values(now), values(then));
            let alike = |(a, b): &(&Value, &Value)| a.same(b);
            let start = old.iter().zip(&new).take_while(alike).count();
            let tails = old[start..].iter().rev().zip(new[start..].iter().rev());
            let end = tails.take_while(alike).count();
            let gone = (start..old.len() - end).filter_map(|index| now.item_at(index));
            for item in gone.collect::<Vec<Stamp>>() {
                self.step(&below(path, Key::Item(item)), Put::Nothing);
            }
            self.fill(path, start, new[start..new.len() - end].to_vec());
        } else if !now.is_there() || !now.to_value().same(&then.to_value()) {
            self.put(path, then.to_value());
        }
    }
}

fn below(path: &[Key], key: Key) -> Vec<Key> {
    let mut path = path.to_vec();
    path.push(key);
    path
}

/// Takes on what another document shows.
pub(super) fn assume(doc: &mut JsonDoc, then: &JsonDoc, at: At<'_>, how: Assume) {
    let pristine = doc.root.vacant();
    let mut view = JsonDocEdit::new(doc, at);
    match how {
        Assume::Restored => view.become_like(&[], then.root()),
        Assume::Revived if pristine && !then.root.vacant() => {
            let mut all = Vec::new();
            rows(then.root(), &mut Vec::new(), false, &mut all);
            if all.is_empty() || matches!(all[0].was, Was::Whole(_)) {
                return view.put(&[], then.to_value());
            }
            for row in all {
                view.put_back(&[], row, false);
            }
        }
        Assume::Revived => {}
    }
}
