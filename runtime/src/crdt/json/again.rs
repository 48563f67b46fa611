//! Making an own change to a document again, on what is there by now.
//!
//! Items are inserted behind the nearest item to their left that is still there, those of a row together. What leads through an
//! item that is gone has nothing left to act on. A step cuts what is left of what it had seen.

use super::ops::read_step;
use super::wire::read_path;
use super::{JsonDoc, JsonDocEdit, Key};
use crate::Stamp;
use crate::codec::{Dec, DecodeError};
use crate::crdt::Restamp;
use crate::crdt::sequence::{Made, Positions, read_made};
use crate::edit::At;

/// Makes the ops of a change again.
pub(super) fn make_again(
    doc: &mut JsonDoc,
    input: &mut Dec<'_>,
    at: At<'_>,
    cx: &mut Restamp<'_>,
) -> Result<(), DecodeError> {
    let mut path: Vec<Key> = Vec::new();
    for _ in 0..input.count()? {
        read_path(input, &mut path)?;
        let all = read_made(input)?;
        match by_now(doc, &path, cx) {
            Some(path) => shape(doc, &path, &all, at, cx),
            None => all.iter().for_each(|_| cx.drop_one()),
        }
    }
    for _ in 0..input.count()? {
        let (cut, put) = read_step(input, &mut path)?;
        let cut = cx.translate(&cut);
        let done = by_now(doc, &path, cx)
            .is_some_and(|path| JsonDocEdit::new(doc, at).again(&path, cut, put));
        if !done {
            cx.drop_one();
        }
    }
    // Items into which nothing was put in the end do not show.
    doc.root.refresh(Some(&doc.initial));
    Ok(())
}

/// The path as it is by now; none when it leads through an item that is gone.
fn by_now(doc: &JsonDoc, path: &[Key], cx: &Restamp<'_>) -> Option<Vec<Key>> {
    let (mut place, mut now) = (doc.root(), Vec::with_capacity(path.len()));
    for key in path {
        let key = match key {
            Key::Name(name) => {
                place = place.child(name);
                key.clone()
            }
            Key::Item(item) => {
                let again = cx.item(*item)?;
                place = place.item_place(again);
                if again == *item && !place.is_there() {
                    return None;
                }
                Key::Item(again)
            }
        };
        now.push(key);
    }
    Some(now)
}

/// Makes and moves the items of one list again.
fn shape(doc: &mut JsonDoc, path: &[Key], all: &[Made], at: At<'_>, cx: &mut Restamp<'_>) {
    for made in all {
        JsonDocEdit::new(doc, at).shape(path, |positions| match made.element {
            None => insert(positions, made, at, cx),
            Some(element) => relocate(positions, made, element, at, cx),
        });
    }
}

fn insert(positions: &mut Positions, made: &Made, at: At<'_>, cx: &mut Restamp<'_>) -> bool {
    let index = index(positions, made, cx);
    let Some(first) = positions.insert(at, index, made.len) else {
        return false;
    };
    cx.made_items(made.first, made.len, first);
    true
}

fn relocate(
    positions: &mut Positions,
    made: &Made,
    element: Stamp,
    at: At<'_>,
    cx: &mut Restamp<'_>,
) -> bool {
    let to = index(positions, made, cx);
    let from = cx.item(element).and_then(|element| {
        let from = positions.before(element)?;
        (positions.at(from) == Some(element)).then_some(from)
    });
    let Some(from) = from else {
        cx.drop_one();
        return false;
    };
    // Indices count without the item.
    let to = if from < to { to - 1 } else { to };
    from != to && positions.relocate(at, from, to)
}

/// Where items go by now.
fn index(positions: &mut Positions, made: &Made, cx: &Restamp<'_>) -> usize {
    let now = |item: Option<Stamp>| item.and_then(|item| cx.item(item));
    match now(made.right) {
        Some(right) => positions.before(right).unwrap_or(0),
        None => positions.behind(now(made.left)),
    }
}
