//! The derive macro of `holo-runtime`. All of it is in `holo-codegen`, where it can be tested as an ordinary function.

use proc_macro::TokenStream;

/// Makes a struct of CRDTs synchronised state: implements `Synced`, `Orb` and `Default`, and adds an edit view.
///
/// On the struct: `#[synced(rate = "20hz")]` (or `"50ms"`, or a number of hertz), `name = "player"` for the name that peers
/// know it by, `authority = "server"` (or `"host"`, `"owner"`) for who may write, `crate = "path::to::runtime"` where the runtime goes by another name.
///
/// On a field: `initial = 100` (a number, string, bool, `null`, list or map), `name = "hp"` for the name that peers know it by, `id = 3`
/// for its number on the wire (otherwise fields are numbered from 1 in order: append new ones, or number them), `live` for
/// the lane of poses, `crdt = "LwwRegister<i64>"` where the type is an alias, and `skip` for what stays local and starts with
/// its `Default`.
///
/// Policies are options that are no data; they become constants (`Player::INFO.policy`, `Player::INFO.fields[0].policy`). On the
/// struct: `channel = "reliable"`, `interpolation = "hermite"`, `interpolation_delay = "100ms"`, `ownership(model = "request",
/// transferable = false, claim_on_interact = false, transfer_on_grab, transfer_on_release, transfer_cooldown = "1s",
/// owner_can_delete)`, `persistence(storage = "server", ttl = "1h", restore_on_join, auto_load, key = "save", save_interval =
/// "5s")`, `room = "lobby"`, `max_peers = 8`, `tier = "physics"`, `threshold = 0.01`, `buffer = "50ms"`, `latency_tolerance =
/// "200ms"`, `bandwidth_limit = 64000`, `compression = "delta"`, `visible_to_others = false`. On a field: `authority = "owner"`,
/// `rate = "30hz"`, `channel`, `interpolation`, `quantum = 0.001`, `bounds = [-10.0, 10.0]`, `priority = 2`, `compression`, `max_latency = "100ms"`,
/// `jitter_buffer = "20ms"`, `consistency = "eventual"`. A time is `"100ms"`, `"2s"`, `"5m"`, `"1h"`, `"7d"` or a number of
/// milliseconds.
#[proc_macro_derive(Synced, attributes(synced))]
pub fn derive_synced(input: TokenStream) -> TokenStream {
    holo_codegen::derive::derive(input.into()).into()
}

/// Makes an enum of words, or a struct of plain values, a value that CRDTs can hold: implements `Element`, `Default`,
/// `PartialEq`, `Eq` and `Hash`.
///
/// An enum is its word as text on the wire, so a field may go from `String` to the enum and back. Its first variant is its
/// `Default`; its last, `#[element(other)] Other(String)`, holds words that only another version knows. It gets `as_str`,
/// `From<&str>` and `Display`.
///
/// A struct is a map of its parts, as a `Value` would be, and is replaced as a whole. One field, `#[element(kept)] kept: Kept`,
/// holds what another version of the struct wrote, so that nothing of it is lost. On the others: `initial = 1` and `name =
/// "hp"`, as for `Synced`. `..Item::default()` fills in the rest.
///
/// On the type: `name = "item"`, and `crate = "path::to::runtime"` where the runtime goes by another name.
#[proc_macro_derive(Element, attributes(element))]
pub fn derive_element(input: TokenStream) -> TokenStream {
    holo_codegen::derive::derive_element(input.into()).into()
}
