//! Initial values as attributes spell them: `initial = 100`, and `initial(opening = 0.5)` for a nested struct.

use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::parse::{Parse, ParseStream};
use syn::{Lit, LitStr, Token};

use crate::schema::Initial;

/// What stands behind the word `initial`.
pub(super) fn initial(meta: &ParseNestedMeta<'_>) -> syn::Result<Initial> {
    if meta.input.peek(syn::token::Paren) {
        return parts(meta.input);
    }
    Ok(meta.value()?.parse::<InitialLit>()?.0)
}

/// `(opening = 0.5, "grip force" = 1, stats(wit = 3))`: the parts of a struct, by the names that peers know.
fn parts(input: ParseStream<'_>) -> syn::Result<Initial> {
    let content;
    syn::parenthesized!(content in input);
    let part = |input: ParseStream<'_>| {
        let name = if input.peek(LitStr) {
            input.parse::<LitStr>()?.value()
        } else {
            input.call(syn::Ident::parse_any)?.unraw().to_string()
        };
        let value = if input.peek(syn::token::Paren) {
            parts(input)?
        } else {
            input.parse::<Token![=]>()?;
            input.parse::<InitialLit>()?.0
        };
        Ok((name.clone(), name, value))
    };
    let parts = content.parse_terminated(part, Token![,])?;
    Ok(Initial::Struct(parts.into_iter().collect()))
}

/// A literal, a negative number, `null`, a list `[…]` of these, or a map `{"key": …}`.
struct InitialLit(Initial);

impl Parse for InitialLit {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::token::Bracket) {
            let content;
            syn::bracketed!(content in input);
            let items = content.parse_terminated(Self::parse, Token![,])?;
            return Ok(Self(Initial::List(
                items.into_iter().map(|item| item.0).collect(),
            )));
        }
        if input.peek(syn::token::Brace) {
            let content;
            syn::braced!(content in input);
            let entry = |input: ParseStream<'_>| {
                let key: LitStr = input.parse()?;
                input.parse::<Token![:]>()?;
                Ok((key.value(), Self::parse(input)?.0))
            };
            let entries = content.parse_terminated(entry, Token![,])?;
            return Ok(Self(Initial::Map(entries.into_iter().collect())));
        }
        if input.peek(syn::Ident)
            && input
                .fork()
                .parse::<syn::Ident>()
                .is_ok_and(|word| word == "null")
        {
            input.parse::<syn::Ident>()?;
            return Ok(Self(Initial::Null));
        }
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        let lit: Lit = input.parse()?;
        let initial = match &lit {
            Lit::Int(int) => {
                let digits = if negative {
                    format!("-{}", int.base10_digits())
                } else {
                    int.base10_digits().to_owned()
                };
                let number = digits
                    .parse()
                    .map_err(|_| syn::Error::new(int.span(), "an initial integer is 64 bits"))?;
                Initial::Int(number)
            }
            Lit::Float(float) => {
                let number = float.base10_parse::<f64>()?;
                Initial::Float(if negative { -number } else { number })
            }
            Lit::Bool(value) if !negative => Initial::Bool(value.value),
            Lit::Str(text) if !negative => Initial::Str(text.value()),
            other => {
                return Err(syn::Error::new(
                    other.span(),
                    "expected a number, a string, true, false or a list of these",
                ));
            }
        };
        Ok(Self(initial))
    }
}
