//! Conformance fixtures: replicas of a schema, what happens to them step by step, and what has to come of it.
//!
//! A fixture is JSON; `docs/conformance.md` says what may stand in it. It is replayed through `Dynamic` and knows nothing of how
//! the runtime is made, so that another implementation can be held to the same files.

mod net;
mod past;
mod step;

use holo_runtime::Value;
use holo_runtime::dynamic::Schema;

use self::net::Net;
use self::step::Step;

/// What does not hold of a fixture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The number of the step, from 1 on.
    pub step: usize,
    /// What was expected and what was found.
    pub message: String,
}

/// Every kind of step by its key, as a fixture has it.
pub const STEPS: [&str; 22] = step::KEYS;

/// Replays a fixture, and says what does not hold.
///
/// # Errors
/// When the text is no fixture; the error names the place.
pub fn replay(text: &str) -> Result<Vec<Failure>, String> {
    let fixture = Value::from_json(text).map_err(|error| error.to_string())?;
    let Value::Map(fixture) = &fixture else {
        return Err("a fixture is an object".to_owned());
    };
    let get = |key: &str| fixture.get(key).ok_or_else(|| format!("it has no {key}"));
    let schema = schema("schema", get("schema")?)?;
    let Value::List(names) = get("replicas")? else {
        return Err("replicas: expected a list of names".to_owned());
    };
    let mut replicas = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Value::Str(name) = name else {
            return Err(format!("replicas[{index}]: expected a name, found {name}"));
        };
        let own = match fixture.get("schemas") {
            Some(Value::Map(schemas)) => schemas.get(name),
            _ => None,
        };
        let own = own
            .map(|own| self::schema(&format!("schemas.{name}"), own))
            .transpose()?;
        replicas.push((name.clone(), own.unwrap_or_else(|| schema.clone())));
    }
    let Value::List(steps) = get("steps")? else {
        return Err("steps: expected a list".to_owned());
    };
    let read = |(index, step): (usize, &Value)| {
        Step::read(step).map_err(|why| format!("steps[{index}] (step {}): {why}", index + 1))
    };
    let steps: Vec<Step> = steps
        .iter()
        .enumerate()
        .map(read)
        .collect::<Result<_, _>>()?;
    let mut net = Net::new(&replicas)?;
    let mut failures = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let place = index + 1;
        let told = net
            .take(step)
            .map_err(|why| format!("steps[{index}] (step {place}): {why}"))?;
        failures.extend(told.into_iter().map(|message| Failure {
            step: place,
            message,
        }));
    }
    Ok(failures)
}

fn schema(at: &str, value: &Value) -> Result<Schema, String> {
    let all = Schema::all_from_value(value).map_err(|error| format!("{at}: {error}"))?;
    all.into_iter()
        .next()
        .ok_or_else(|| format!("{at}: there is no orb"))
}
