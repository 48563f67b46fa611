//! The verbs of documents: those with a path.

use super::{Call, Result};
use crate::dynamic::verbs::Verb;
use crate::value::Element;
use crate::{JsonDocEdit, JsonKey, JsonPath, Value};

impl Call<'_> {
    pub(super) fn on_document(
        self,
        verb: &Verb,
        args: &[Value],
        mut view: JsonDocEdit<'_>,
    ) -> Result {
        match verb.name {
            "set" => {
                let value = args.get(1).cloned().unwrap_or_default();
                view.set(self.json_path(args)?, value);
            }
            "insert" => {
                let (path, index) = (self.json_path(args)?, self.index(args, 1)?);
                view.insert(path, index, args.get(2).cloned().unwrap_or_default());
            }
            "push" => {
                let value = args.get(1).cloned().unwrap_or_default();
                view.push(self.json_path(args)?, value);
            }
            "move" => {
                let (from, to) = (self.index(args, 1)?, self.index(args, 2)?);
                view.move_item(self.json_path(args)?, from, to);
            }
            "delete" => return Ok(Value::Bool(view.delete(self.json_path(args)?))),
            _ => view.clear(),
        }
        Ok(Value::Null)
    }

    /// A path as text with dots, or as a list of keys and indices.
    fn json_path(self, args: &[Value]) -> Result<JsonPath> {
        let given = args.first().unwrap_or(&Value::Null);
        let read = match given {
            Value::Str(text) => text.parse(),
            Value::List(keys) => {
                let key = |key: &Value| match key {
                    Value::Str(name) => Some(JsonKey::from(name)),
                    index => u32::from_value(index).map(JsonKey::from),
                };
                let keys: Option<Vec<JsonKey>> = keys.iter().map(key).collect();
                let expected = || "a list of keys and indices".to_owned();
                let keys = keys.ok_or_else(|| self.misfit(given, expected()))?;
                JsonPath::new(keys)
            }
            _ => return Err(self.misfit(given, "a path".to_owned())),
        };
        read.map_err(|error| self.misfit(given, format!("a path ({error})")))
    }
}
