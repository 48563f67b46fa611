//! The verbs of sequences and text: those with a place.

use std::ops::Range;

use super::{Call, Result};
use crate::crdt::SequenceEdit;
use crate::dynamic::types::Type;
use crate::dynamic::verbs::Verb;
use crate::value::{Any, Element};
use crate::{Error, TextEdit, Value};

impl Call<'_> {
    pub(super) fn on_sequence(
        self,
        verb: &Verb,
        args: &[Value],
        ty: &Type,
        mut view: SequenceEdit<'_, Any>,
    ) -> Result {
        let index = |place| self.index(args, place);
        let taken = |any: Option<Any>| any.map_or(Value::Null, |any| any.to_value());
        let done = match verb.name {
            "insert" => view.insert(index(0)?, &self.value(args, 1, ty)?),
            "insert_all" => view.insert_all(index(0)?, &self.values(args, 1, ty)?),
            "set" => view.set(index(0)?, &self.value(args, 1, ty)?),
            "delete" => {
                let deleted = view.delete(index(0)?).map_err(Error::from)?;
                return Ok(deleted.to_value());
            }
            "delete_range" => view.delete_range(index(0)?..index(1)?),
            "move" => view.move_item(index(0)?, index(1)?),
            "pop" => return Ok(taken(view.pop())),
            "shift" => return Ok(taken(view.shift())),
            "push" => {
                view.push(&self.value(args, 0, ty)?);
                Ok(())
            }
            "extend" => {
                view.extend(&self.values(args, 0, ty)?);
                Ok(())
            }
            _ => {
                view.clear();
                Ok(())
            }
        };
        done.map_err(Error::from)?;
        Ok(Value::Null)
    }

    pub(super) fn on_text(self, verb: &Verb, args: &[Value], mut view: TextEdit<'_>) -> Result {
        let index = |place| self.index(args, place);
        let text = |place| self.text(args, place);
        let done = match verb.name {
            "insert" => view.insert(index(0)?, text(1)?),
            "insert_utf16" => view.insert_utf16(index(0)?, text(1)?),
            "delete" => view.delete(self.range(args)?),
            "delete_utf16" => view.delete_utf16(self.range(args)?),
            "replace" => view.replace(self.range(args)?, text(2)?),
            "replace_utf16" => view.replace_utf16(self.range(args)?, text(2)?),
            "splice" => view.splice(index(0)?, index(1)?, text(2)?),
            "push" => {
                view.push(text(0)?);
                Ok(())
            }
            _ => {
                view.clear();
                Ok(())
            }
        };
        done.map_err(Error::from)?;
        Ok(Value::Null)
    }

    pub(super) fn index(self, args: &[Value], place: usize) -> Result<usize> {
        let given = args.get(place).unwrap_or(&Value::Null);
        let index = u32::from_value(given).and_then(|index| usize::try_from(index).ok());
        index.ok_or_else(|| self.misfit(given, "an index".to_owned()))
    }

    /// From a place to another, or one long.
    fn range(self, args: &[Value]) -> Result<Range<usize>> {
        let start = self.index(args, 0)?;
        match args.len() {
            0 | 1 => Ok(start..start.saturating_add(1)),
            _ => Ok(start..self.index(args, 1)?),
        }
    }

    fn text(self, args: &[Value], place: usize) -> Result<&str> {
        match args.get(place).unwrap_or(&Value::Null) {
            Value::Str(text) => Ok(text),
            other => Err(self.misfit(other, "text".to_owned())),
        }
    }

    fn values(self, args: &[Value], place: usize, ty: &Type) -> Result<Vec<Any>> {
        match args.get(place).unwrap_or(&Value::Null) {
            Value::List(items) => (0..items.len())
                .map(|at| self.value(items, at, ty))
                .collect(),
            other => Err(self.misfit(other, format!("a list of {ty}"))),
        }
    }
}
