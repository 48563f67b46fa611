//! What generated code is allowed that written code is not, each with its reason.
//!
//! Attributes of generated items and nothing else.

use proc_macro2::TokenStream;
use quote::quote;

/// For items that are there whether or not they are used: an application may need only some of what its sources declare, and
/// may keep the module to itself.
pub(crate) fn of_items() -> TokenStream {
    quote!(#[allow(dead_code, unreachable_pub)])
}

/// For defaults without values: where the first variant has no data a derive would do, but one form for all is easier to read
/// and to compare.
pub(crate) fn of_first() -> TokenStream {
    quote!(#[allow(clippy::derivable_impls)])
}

/// For defaults with values: a derive would do where all are zeros, as in [`of_first`]; and a value that somebody declared is
/// not a constant of mathematics, however near it comes to one, nor too exact because it has many digits.
pub(crate) fn of_values() -> TokenStream {
    quote!(#[allow(clippy::derivable_impls, clippy::approx_constant, clippy::excessive_precision)])
}
