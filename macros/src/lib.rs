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
#[proc_macro_derive(Synced, attributes(synced))]
pub fn derive_synced(input: TokenStream) -> TokenStream {
    holo_codegen::derive::derive(input.into()).into()
}
