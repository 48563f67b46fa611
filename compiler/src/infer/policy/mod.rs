//! Options that matter while a program runs: ownership, channel, interpolation, persistence, room, tier.
//!
//! Reads them into the schema's [`Policy`] and [`FieldPolicy`]. Rate and authority have rules of their own beside this one.

mod read;
mod table;

pub(super) use table::canonical;

use holo_codegen::schema::{
    Authority, Channel, Compression, Consistency, FieldPolicy, Interpolation, Ownership,
    OwnershipModel, Persistence, Policy, Storage, Tier,
};
use holo_grammar::ast::{Arg, TraitUse, Value};

use super::options::Options;
use super::{Cx, rate};
use crate::family;
use crate::resolve::{Decl, Shape};
use read::{count, flag, millis, number, word};

/// Traits that let people take a thing into their hands.
const GRABS: [&str; 2] = ["grabbable", "throwable"];

/// Reports options that nobody knows, or with values they cannot have.
pub(super) fn check<'a>(cx: &mut Cx<'a>, shape: &Shape<'a>) {
    let fields = shape.props.iter().chain(&shape.state);
    let on_fields = fields.flat_map(|decl| decl.governed.into_iter().chain(&decl.field.traits));
    let mut all: Vec<&TraitUse> = shape.traits.iter().copied().chain(on_fields).collect();
    // A trait that governs several fields is one trait.
    all.sort_by_key(|used| used.span);
    all.dedup_by_key(|used| used.span);
    for used in all
        .into_iter()
        .filter(|used| family::owned(&used.name.text))
    {
        for arg in &used.args {
            if let Some(key) = &arg.key {
                read::check(cx, &used.name.text, key, &arg.value);
            }
        }
    }
}

/// The options of a node that are in force.
struct Said<'s, 'a> {
    shape: &'s Shape<'a>,
    options: &'s Options<'a>,
}

impl<'a> Said<'_, 'a> {
    /// What an option of `@networked` and its like is set to.
    fn option(&self, name: &str) -> Option<&'a Value> {
        self.options.last(name).map(|used| used.value)
    }

    /// What an option of another trait is set to: by the last one that sets it.
    fn of(&self, traits: &[&str], name: &str) -> Option<&'a Value> {
        let used = self.shape.traits.iter().rev();
        let mut used = used.filter(|used| traits.contains(&used.name.text.as_str()));
        used.find_map(|used| argument(&used.args, name))
    }

    fn has(&self, name: &str) -> bool {
        self.shape.traits.iter().any(|used| used.name.text == name)
    }
}

fn argument<'a>(args: &'a [Arg], name: &str) -> Option<&'a Value> {
    let mut named = args.iter().rev();
    let arg = named.find(|arg| arg.key.as_ref().is_some_and(|key| key.text == name))?;
    Some(&arg.value)
}

/// The options of an orb.
pub(super) fn decide<'a>(shape: &Shape<'a>, options: &Options<'a>) -> Policy {
    let said = &Said { shape, options };
    let default = Policy::default();
    let delay = said
        .option("interpolation_delay")
        .or(said.option("interpolation_ms"));
    let ms = |value: Option<&Value>| value.and_then(|value| millis(value, 1.0));
    Policy {
        channel: channel(said),
        interpolation: said
            .option("interpolation")
            .and_then(interpolation)
            .unwrap_or_default(),
        interpolation_delay_ms: ms(delay).unwrap_or(default.interpolation_delay_ms),
        ownership: ownership(said),
        persistence: persistence(said),
        room: said.option("room").and_then(word).map(str::to_owned),
        max_peers: said.option("max_peers").and_then(count),
        tier: said
            .option("syncTier")
            .and_then(word)
            .and_then(Tier::from_word),
        threshold: said.option("threshold").and_then(number),
        buffer_ms: ms(said.option("buffer_ms")),
        latency_tolerance_ms: ms(said.option("latency_tolerance")),
        bandwidth_limit: said
            .option("bandwidth_limit")
            .and_then(count)
            .map(u64::from),
        compression: compression(said),
        visible_to_others: said
            .of(&["owner_only", "host_only", "owned"], "visible_to_others")
            .and_then(flag)
            .unwrap_or(default.visible_to_others),
    }
}

fn channel(said: &Said<'_, '_>) -> Option<Channel> {
    let named = |name| {
        said.option(name)
            .and_then(word)
            .and_then(Channel::from_word)
    };
    let reliable = || match said.option("reliable").and_then(flag)? {
        true => Some(Channel::Reliable),
        false => Some(Channel::Unreliable),
    };
    // `mode: "reliable"` speaks of the channel.
    named("channel").or_else(reliable).or_else(|| named("mode"))
}

fn interpolation(value: &Value) -> Option<Interpolation> {
    match (flag(value), word(value)) {
        (Some(true), _) => Some(Interpolation::Linear),
        (Some(false), _) => Some(Interpolation::None),
        (None, Some("catmull-rom")) => Some(Interpolation::CatmullRom),
        // Between two rotations the shortest way is what `linear` takes.
        (None, Some("slerp")) => Some(Interpolation::Linear),
        (None, word) => Interpolation::from_word(word?),
    }
}

fn ownership(said: &Said<'_, '_>) -> Ownership {
    let default = Ownership::default();
    let of_node = |name| said.of(&["owned", "ownership"], name);
    let grabs = GRABS.iter().any(|name| said.has(name));
    let model = said
        .option("ownership")
        .or(said.option("ownership_model"))
        .and_then(word);
    let model = match model {
        Some("mine") => Some(OwnershipModel::Owner),
        model => model.and_then(OwnershipModel::from_word),
    };
    let transferable = of_node("transferable")
        .or(of_node("transfer_allowed"))
        .or(said.option("transferable"));
    Ownership {
        model: model.unwrap_or_default(),
        transferable: transferable.and_then(flag).unwrap_or(default.transferable),
        claim_on_interact: said
            .option("auto_claim_on_interact")
            .and_then(flag)
            .unwrap_or(default.claim_on_interact),
        // What people take into their hands is theirs while they hold it.
        transfer_on_grab: of_node("transfer_on_grab").and_then(flag).unwrap_or(grabs),
        transfer_on_release: of_node("transfer_on_release")
            .and_then(flag)
            .unwrap_or_default(),
        transfer_cooldown_ms: of_node("transfer_cooldown")
            .and_then(|value| millis(value, 1000.0))
            .unwrap_or_default(),
        owner_can_delete: of_node("owner_can_delete")
            .and_then(flag)
            .unwrap_or_default(),
    }
}

fn persistence(said: &Said<'_, '_>) -> Option<Persistence> {
    let asked = said.option("persistence");
    let kept = match asked {
        Some(value) => flag(value).unwrap_or(word(value) != Some("none")),
        None => false,
    };
    if !kept && !said.has("persistent") {
        return None;
    }
    let of = |name| said.of(&["persistent"], name);
    let on = |name| of(name).and_then(flag).unwrap_or_default();
    let storage = of("storage").or(asked).and_then(word);
    let ttl = of("ttl").and_then(|value| millis(value, 1000.0));
    let ttl = of("ttlMs").and_then(|value| millis(value, 1.0)).or(ttl);
    Some(Persistence {
        storage: match storage {
            Some("local") => Storage::Local,
            Some("indexeddb") => Storage::IndexedDb,
            _ => Storage::Server,
        },
        ttl_ms: ttl.map(u64::from),
        restore_on_join: on("restore_on_join"),
        auto_load: on("auto_load"),
        key: of("key").and_then(word).map(str::to_owned),
        save_interval_ms: of("save_interval").and_then(|value| millis(value, 1000.0)),
    })
}

fn compression(said: &Said<'_, '_>) -> Compression {
    let named = said.option("compression").and_then(pressed);
    let state = said.option("compress_state").and_then(pressed);
    named.or(state).unwrap_or_default()
}

fn pressed(value: &Value) -> Option<Compression> {
    match flag(value) {
        Some(true) => Some(Compression::Delta),
        Some(false) => Some(Compression::None),
        None => Compression::from_word(word(value)?),
    }
}

/// The options of a field: `@sync_tier` and words on who may write it.
pub(super) fn of_field(decl: Option<Decl<'_>>, owner_only: bool) -> FieldPolicy {
    let mut policy = FieldPolicy {
        authority: owner_only.then_some(Authority::Owner),
        ..FieldPolicy::default()
    };
    let Some(decl) = decl else { return policy };
    for used in decl.governed.into_iter().chain(&decl.field.traits) {
        match used.name.text.as_str() {
            "owner_only" => policy.authority = Some(Authority::Owner),
            "host_only" => policy.authority = Some(Authority::Host),
            "sync_tier" => tier(&mut policy, used),
            _ => {}
        }
    }
    policy
}

fn tier(policy: &mut FieldPolicy, used: &TraitUse) {
    let of = |name| argument(&used.args, name);
    let ms = |name| of(name).and_then(|value| millis(value, 1.0));
    policy.consistency = of("mode").and_then(word).and_then(Consistency::from_word);
    policy.rate_hz = of("updateRateHz")
        .and_then(rate::hertz)
        .filter(|hz| rate::RANGE.contains(hz));
    policy.compression = of("compression").and_then(pressed);
    policy.priority = of("priority")
        .and_then(count)
        .and_then(|n| i32::try_from(n).ok());
    policy.interpolation = of("interpolation").and_then(interpolation);
    policy.max_latency_ms = ms("maxLatencyMs");
    policy.jitter_buffer_ms = ms("jitterBufferMs");
}
