//! How paths look in a change, and a place in a state. The walker that checks all of it is `crate::codec::check`'s.

use super::Key;
use super::node::{Node, Top};
use crate::codec::{Dec, DecodeError, Enc, MAX_DEPTH, Mode, write_bytes};
use crate::value::Element;
use crate::{Hlc, Stamp};

/// What a state says of a place.
pub(super) const PLAIN: u64 = 1;
pub(super) const MAP: u64 = 2;
pub(super) const GONE: u64 = 4;
pub(super) const LIST: u64 = 8;

/// So many items of an initial value can be named.
const MAX_INITIAL: u64 = 1 << 30;

impl Node {
    /// Writes it. In a hash there is only what shows, and `gone` where initial values were taken away above.
    pub(super) fn encode(&self, gone: bool, out: &mut Enc) {
        match out.mode() {
            Mode::Body | Mode::Leaves => self.encode_all(out),
            Mode::Hash => self.encode_shown(gone, out),
        }
    }

    fn encode_all(&self, out: &mut Enc) {
        let map = !self.made.is_empty() || !self.children.is_empty();
        let list = !self.listed.is_empty() || self.list.is_some();
        let flag = |flag: u64, set: bool| if set { flag } else { 0 };
        let flags = flag(PLAIN, !self.plain.is_empty()) | flag(MAP, map);
        out.varint(flags | flag(GONE, self.gone.is_set()) | flag(LIST, list));
        if self.gone.is_set() {
            self.gone.encode(out);
        }
        if !self.plain.is_empty() {
            let mut plain: Vec<_> = self.plain.iter().collect();
            plain.sort_by_key(|(stamp, _)| stamp.replica);
            out.varint(plain.len() as u64);
            for (stamp, value) in plain {
                out.stamp(*stamp);
                value.encode(&mut out.out);
            }
        }
        if map {
            self.made.encode(out);
            out.varint(self.children.len() as u64);
            for (key, child) in self.children.iter() {
                write_bytes(&mut out.out, key.as_bytes());
                child.encode(false, out);
            }
        }
        if list {
            self.listed.encode(out);
            out.varint(u64::from(self.list.is_some()));
            if let Some(list) = &self.list {
                list.encode(out);
            }
        }
    }

    /// Of several kinds only the one that shows; where nothing is written, what is said of initial values.
    fn encode_shown(&self, gone: bool, out: &mut Enc) {
        let below = gone || self.gone.is_set();
        let top = self.top();
        let kind = |kind: Top| top.is_none_or(|top| top == kind);
        out.varint(u64::from(self.gone.is_set()));
        if self.gone.is_set() {
            self.gone.encode(out);
        }
        out.varint(top.map_or(0, |top| top as u64 + 1));
        if let Some((stamp, value)) = self.greatest_plain().filter(|_| kind(Top::Plain)) {
            out.stamp(*stamp);
            value.encode(&mut out.out);
        }
        if kind(Top::Map) {
            self.made.encode(out);
            let said = self.children.iter();
            let said: Vec<_> = said.filter(|(_, child)| child.speaks(below)).collect();
            out.varint(said.len() as u64);
            for (key, child) in said {
                write_bytes(&mut out.out, key.as_bytes());
                child.encode(below, out);
            }
        }
        if kind(Top::List) {
            self.listed.encode(out);
            let list = self.list.as_ref().filter(|list| list.speaks(below));
            out.varint(u64::from(list.is_some()));
            if let Some(list) = list {
                list.encode_shown(below, out);
            }
        }
    }
}

/// Writes a path as what it shares with the one before, and the rest.
pub(super) fn write_path(path: &[Key], before: &[Key], tx: Stamp, out: &mut Enc) {
    let pairs = before.iter().zip(path);
    let shared = pairs.take_while(|(a, b)| a == b).count();
    out.varint(shared as u64);
    out.varint((path.len() - shared) as u64);
    for key in &path[shared..] {
        match key {
            Key::Name(name) => {
                out.varint(name.len() as u64 + 1);
                out.out.extend_from_slice(name.as_bytes());
            }
            Key::Item(item) => {
                out.varint(0);
                write_item(*item, tx, out);
            }
        }
    }
}

/// An item: 0 and its index in the initial value; 1 and how long before the change its author made it, zigzag; or 2 + an index in
/// the replica table and how long before the change.
fn write_item(item: Stamp, tx: Stamp, out: &mut Enc) {
    let time = item.time.bits();
    match item.replica {
        None => {
            out.varint(0);
            out.varint(time);
        }
        Some(_) if item.replica == tx.replica => {
            out.varint(1);
            out.zigzag(i128::from(tx.time.bits()) - i128::from(time));
        }
        Some(replica) => {
            out.named(replica, item.time, 2);
            out.varint(tx.time.bits().saturating_sub(time));
        }
    }
}

/// Reads a path that begins as the one before.
pub(crate) fn read_path(input: &mut Dec<'_>, path: &mut Vec<Key>) -> Result<(), DecodeError> {
    let shared = usize::try_from(input.varint()?).map_err(|_| DecodeError::Range("path"))?;
    if shared > path.len() {
        return Err(DecodeError::Range("path"));
    }
    let next = path.get(shared).cloned();
    path.truncate(shared);
    for index in 0..input.count()? {
        let key = read_key(input)?;
        if index == 0 && next.as_ref() == Some(&key) {
            return Err(DecodeError::NotCanonical("path"));
        }
        if path.len() >= MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        path.push(key);
    }
    Ok(())
}

fn read_key(input: &mut Dec<'_>) -> Result<Key, DecodeError> {
    let Some(len) = input.varint()?.checked_sub(1) else {
        return read_item(input).map(Key::Item);
    };
    let len = usize::try_from(len).map_err(|_| DecodeError::Truncated)?;
    let name = std::str::from_utf8(input.take(len)?).map_err(|_| DecodeError::Utf8)?;
    Ok(Key::Name(name.to_owned()))
}

fn read_item(input: &mut Dec<'_>) -> Result<Stamp, DecodeError> {
    let range = DecodeError::Range("item");
    let time = match input.varint()? {
        0 => {
            let time = Hlc::from_bits(input.varint()?);
            let known = time.bits() < MAX_INITIAL;
            return known
                .then_some(Stamp {
                    time,
                    replica: None,
                })
                .ok_or(range);
        }
        1 => i128::from(input.base().bits()).checked_sub(input.zigzag()?),
        code => {
            let index = usize::try_from(code - 2).map_err(|_| DecodeError::Range("item"))?;
            let item = input.stamp_of(index)?;
            let known = item.time < input.base() && item.replica != input.author();
            return known.then_some(item).ok_or(range);
        }
    };
    // Of its author's items a change names those before it and its own.
    let end = i128::from(input.base().bits()) + i128::from(input.ticks());
    let time = time.filter(|time| (1..end).contains(time));
    let time = time.and_then(|time| u64::try_from(time).ok());
    match (input.author(), time) {
        (Some(author), Some(time)) => Ok(Stamp::new(Hlc::from_bits(time), author)),
        _ => Err(range),
    }
}
