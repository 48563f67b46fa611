//! Names for types: `type Mode = "calm" | "wild"`, `type Names = string[]`.
//!
//! One that is made of words is an enum by another name, and becomes one in the tree. What the others stand for is decided
//! where types are; here it is only found which alias a name means.

use holo_grammar::ast::{Alias, Field, File, Item, Name, Node, Span, Type, TypeKind, Value};
use holo_grammar::ast::{TraitUse, ValueKind};

use super::Scopes;

/// How many aliases may stand for one another.
const MAX_HOPS: usize = 64;

/// What the name of a type means in a source.
#[derive(Clone, Copy, Debug)]
pub enum Meaning<'a> {
    /// An alias, and the part that declares it.
    Alias(usize, &'a Alias),
    /// A struct, an enum or an interface, by its entry.
    Entry(usize),
}

/// Makes an enum of every alias that is made of words. One that may be null besides stays, as that enum or null.
pub fn name_words(tree: &mut File) {
    in_items(&mut tree.items);
}

fn in_items(items: &mut Vec<Item>) {
    let mut enums = Vec::new();
    for (at, item) in items.iter_mut().enumerate() {
        match item {
            Item::Node(node) => in_items(&mut node.items),
            Item::Alias(alias) => {
                if let Some((words, null)) = words(&alias.ty) {
                    let node = enumeration(alias, words);
                    match null {
                        None => *item = Item::Node(node),
                        Some(null) => {
                            let named = TypeKind::Named(alias.name.text.clone(), Vec::new());
                            let named = Type {
                                kind: named,
                                span: alias.ty.span,
                            };
                            alias.ty.kind = TypeKind::Union(vec![named, null]);
                            enums.push((at, node));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (at, node) in enums.into_iter().rev() {
        items.insert(at, Item::Node(node));
    }
}

/// The words that a type is one of, and the null that it may be besides; none if it may be anything else.
fn words(ty: &Type) -> Option<(Vec<Name>, Option<Type>)> {
    let parts = match &ty.kind {
        TypeKind::Union(parts) => parts.as_slice(),
        TypeKind::Literal(_) => std::slice::from_ref(ty),
        _ => return None,
    };
    let (mut words, mut null): (Vec<Name>, _) = (Vec::new(), None);
    for part in parts {
        match &part.kind {
            TypeKind::Literal(word) if words.iter().any(|one| one.text == *word) => {}
            TypeKind::Literal(word) => words.push(Name {
                text: word.clone(),
                span: part.span,
            }),
            TypeKind::Named(name, _) if is_null(name) => null = Some(part.clone()),
            _ => return None,
        }
    }
    (!words.is_empty()).then_some((words, null))
}

/// Whether the name of a type says that there may be nothing.
#[must_use]
pub fn is_null(name: &str) -> bool {
    matches!(name, "null" | "none" | "undefined")
}

fn enumeration(alias: &Alias, words: Vec<Name>) -> Node {
    let variant = |key: Name| {
        Item::Field(Field {
            docs: Vec::new(),
            optional: false,
            modifier: None,
            ty: None,
            value: Some(Value {
                kind: ValueKind::Bool(true),
                span: key.span,
            }),
            traits: Vec::new(),
            condition: None,
            span: key.span,
            key,
        })
    };
    Node {
        docs: alias.docs.clone(),
        kind: Name {
            text: "enum".to_owned(),
            span: Span::new(alias.span.start, alias.span.start),
        },
        name: Some(alias.name.clone()),
        id: None,
        using: None,
        header: Vec::<TraitUse>::new(),
        items: words.into_iter().map(variant).collect(),
        block: None,
        span: alias.span,
    }
}

/// The name that a type is, perhaps with a null besides; none if it is more than a name.
#[must_use]
pub fn only_name(ty: &Type) -> Option<&str> {
    match &ty.kind {
        TypeKind::Named(name, args) if args.is_empty() => Some(name),
        TypeKind::Union(parts) => {
            let mut rest = parts
                .iter()
                .filter(|part| !matches!(&part.kind, TypeKind::Named(name, _) if is_null(name)));
            let one = rest.next()?;
            only_name(one).filter(|_| rest.next().is_none())
        }
        _ => None,
    }
}

impl<'a> Scopes<'a> {
    /// What the name of a type means to a part, the aliases in `open` aside.
    #[must_use]
    pub fn meaning(&self, part: usize, name: &str, open: &[Span]) -> Option<Meaning<'a>> {
        self.seek(part, name, &|at, name| {
            let alias = self.aliases.get(&(at, name)).copied();
            let alias = alias.filter(|alias| !open.contains(&alias.name.span));
            let entry = || self.types.get(&(at, name)).copied();
            let alias = alias.map(|alias| Meaning::Alias(at, alias));
            alias.or_else(|| entry().map(Meaning::Entry))
        })
    }

    /// The circle that an alias closes by standing for itself, perhaps through others: all of them, itself first.
    #[must_use]
    pub fn circle(&self, part: usize, alias: &'a Alias) -> Option<Vec<&'a Alias>> {
        let known = self.circles.borrow().get(&alias.name.span).cloned();
        known.unwrap_or_else(|| {
            let found = self.find_circle(part, alias);
            let mut circles = self.circles.borrow_mut();
            circles.insert(alias.name.span, found.clone());
            found
        })
    }

    fn find_circle(&self, part: usize, alias: &'a Alias) -> Option<Vec<&'a Alias>> {
        let (mut circle, mut open) = (vec![alias], vec![alias.name.span]);
        let (mut part, mut ty) = (part, &alias.ty);
        while open.len() < MAX_HOPS {
            let name = only_name(ty)?;
            match self.meaning(part, name, &open) {
                Some(Meaning::Alias(home, next)) => {
                    circle.push(next);
                    open.push(next.name.span);
                    (part, ty) = (home, &next.ty);
                }
                Some(Meaning::Entry(_)) => return None,
                None => {
                    // Nothing but what is open already, or nothing at all.
                    let Some(Meaning::Alias(_, back)) = self.meaning(part, name, &[]) else {
                        return None;
                    };
                    return (back.name.span == alias.name.span).then_some(circle);
                }
            }
        }
        None
    }
}
