//! Types as text: a name with arguments, and what may stand behind it. What a name means is `super::spell`'s.

use crate::dynamic::error::SchemaError;

/// A type is at most this deep.
const MAX_DEPTH: usize = 16;

/// `name<args>`. A list `T[]` is the name `[]`, an option `T?` or `T | null` the name `?`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub(super) name: String,
    pub(super) args: Vec<Expr>,
}

impl Expr {
    fn new(name: &str, args: Vec<Self>) -> Self {
        Self {
            name: name.to_owned(),
            args,
        }
    }

    /// One type.
    pub(super) fn one(at: &str, text: &str) -> Result<Self, SchemaError> {
        match <[Self; 1]>::try_from(Self::list(at, text)?) {
            Ok([one]) => Ok(one),
            Err(_) => Err(SchemaError::new(at, format!("`{text}` is not one type"))),
        }
    }

    /// Types between commas.
    pub(super) fn list(at: &str, text: &str) -> Result<Vec<Self>, SchemaError> {
        let wrong = || SchemaError::new(at, format!("`{text}` is no type"));
        let mut rest = text.trim();
        let list = list(&mut rest, 0).ok_or_else(wrong)?;
        if rest.is_empty() {
            Ok(list)
        } else {
            Err(wrong())
        }
    }
}

fn list(rest: &mut &str, depth: usize) -> Option<Vec<Expr>> {
    let mut all = vec![union(rest, depth)?];
    while eat(rest, ",") {
        all.push(union(rest, depth)?);
    }
    Some(all)
}

/// Takes a sign, with the blanks around it.
fn eat(rest: &mut &str, sign: &str) -> bool {
    let found = rest.trim_start().strip_prefix(sign);
    if let Some(after) = found {
        *rest = after.trim_start();
    }
    found.is_some()
}

fn union(rest: &mut &str, depth: usize) -> Option<Expr> {
    let mut parts = vec![single(rest, depth)?];
    while eat(rest, "|") {
        parts.push(single(rest, depth)?);
    }
    let all = parts.len();
    parts.retain(|part| part.name != "null");
    let nullable = parts.len() < all;
    // Words that have no name are text, and what is this or that is any value.
    let inner = match parts.len() {
        1 => parts.pop()?,
        _ if parts.iter().all(|part| part.name == "string") => Expr::new("string", Vec::new()),
        _ => Expr::new("value", Vec::new()),
    };
    Some(if nullable {
        Expr::new("?", vec![inner])
    } else {
        inner
    })
}

fn single(rest: &mut &str, depth: usize) -> Option<Expr> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut expr = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let (_, after) = rest[1..].split_once(quote)?;
            *rest = after.trim_start();
            Expr::new("string", Vec::new())
        }
        _ => {
            let end = rest
                .find(|c: char| "<>,|?[]()".contains(c))
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            *rest = after;
            let mut expr = Expr::new(name.trim(), Vec::new());
            if eat(rest, "<") {
                expr.args = list(rest, depth + 1)?;
                if !eat(rest, ">") {
                    return None;
                }
            }
            (!expr.name.is_empty()).then_some(expr)?
        }
    };
    for _ in 0..MAX_DEPTH {
        if eat(rest, "[]") {
            expr = Expr::new("[]", vec![expr]);
        } else if eat(rest, "?") {
            expr = Expr::new("?", vec![expr]);
        } else {
            return Some(expr);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expr: &Expr) -> String {
        let args: Vec<String> = expr.args.iter().map(shown).collect();
        if args.is_empty() {
            expr.name.clone()
        } else {
            format!("{}({})", expr.name, args.join(" "))
        }
    }

    #[test]
    fn types_are_read_in_every_spelling() {
        for (text, expected) in [
            ("i64", "i64"),
            (" OrSet < string > ", "OrSet(string)"),
            ("Map<string, Vec<i64>[]>", "Map(string [](Vec(i64)))"),
            ("string | null", "?(string)"),
            ("'a' | \"b\"", "string"),
            ("i64 | string", "value"),
            ("super::props::Kind?", "?(super::props::Kind)"),
        ] {
            assert_eq!(shown(&Expr::one("", text).unwrap()), expected, "{text}");
        }
        assert_eq!(Expr::list("", "u32, Player").unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_type_is_told() {
        let deep = format!("{}i64{}", "Vec<".repeat(40), ">".repeat(40));
        for text in [
            "", "<", "Map<", "Map<a", "a>", "a,", "[]", "'a", &deep, "a b<c> d",
        ] {
            assert!(Expr::one("", text).is_err(), "{text}");
        }
    }
}
