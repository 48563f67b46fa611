//! Handlers, methods, actions and other code, kept as balanced raw text.
//!
//! What belongs here: where a piece of code begins and ends, and its name. What never will: what it does.

use super::cursor::Cursor;
use crate::ast::{Code, Item, Name, Span};
use crate::token::{Bracket, Kind};
use crate::words::{CODE_BLOCKS, CODE_HEADS, CODE_MODIFIERS, CONTROL};

/// The most tokens of type parameters that are looked at.
const MAX_GENERICS: usize = 256;

/// Whether a word only says how the function behind it is called.
pub(super) fn is_modifier(word: &str) -> bool {
    CODE_MODIFIERS.contains(&word)
}

/// `on_click` and `onClick`.
pub(super) fn is_handler(word: &str) -> bool {
    word.strip_prefix("on")
        .is_some_and(|rest| rest.starts_with(|c: char| c == '_' || c.is_uppercase()))
}

/// Whether a code is an action or method rather than a handler: what a trait on the line above annotates.
pub(super) fn is_action(code: &Code) -> bool {
    let kind = code.kind.text.as_str();
    kind != "class"
        && !is_handler(kind)
        && !CODE_BLOCKS.contains(&kind)
        && !CONTROL.contains(&kind)
        && kind != "on"
}

impl Cursor<'_, '_> {
    /// The code that a word begins here, if it does.
    pub(super) fn code_item(&mut self, word: &str) -> Option<Item> {
        let start = self.start();
        let next = self.same_line(1);
        let brace = Some(Kind::Open(Bracket::Brace));
        if CODE_BLOCKS.contains(&word)
            && (next == brace
                || matches!(next, Some(Kind::Str | Kind::Ident)) && self.same_line(2) == brace)
        {
            let kind = self.take_name();
            let name = (next != brace).then(|| self.take_name());
            return Some(self.code(kind, name, start));
        }
        if CODE_HEADS.contains(&word)
            && matches!(next, Some(Kind::Ident | Kind::Str))
            && self.heads_code()
        {
            let mut kind = self.take_name();
            // `async function f`, `static async f`: the last of them says what it is.
            while self.word(0).is_some_and(|word| CODE_HEADS.contains(&word))
                && self.same_line(1) == Some(Kind::Ident)
            {
                kind = self.take_name();
            }
            let name = self.dotted_name();
            return Some(self.code(kind, Some(name), start));
        }
        if is_handler(word) && (self.is_brace(1) || next.is_some() && self.heads_code()) {
            let kind = self.take_name();
            return Some(self.code(kind, None, start));
        }
        let control = CONTROL.contains(&word);
        let parens = next == Some(Kind::Open(Bracket::Paren));
        if control && (parens || next == brace || self.heads_code()) || self.calls_with_body() {
            let kind = self.take_name();
            return Some(self.code(kind, None, start));
        }
        None
    }

    /// `onClick: { … }`, `on_x: () => …`: a handler written like a field.
    pub(super) fn is_field_handler(&self, word: &str) -> bool {
        if !is_handler(word) || self.same_line(1) != Some(Kind::Colon) {
            return false;
        }
        match self.same_line(2) {
            Some(Kind::Open(Bracket::Brace)) => true,
            Some(Kind::Open(Bracket::Paren)) => {
                matches!(
                    self.kind(self.after(2)),
                    Some(Kind::Arrow | Kind::Colon | Kind::Open(Bracket::Brace))
                )
            }
            Some(Kind::Ident) => {
                matches!(self.word(2), Some("function" | "async"))
                    || self.same_line(3) == Some(Kind::Arrow)
            }
            _ => false,
        }
    }

    /// Whether a brace or an arrow follows on this line.
    fn heads_code(&self) -> bool {
        let mut ahead = 1;
        while let Some(token) = self
            .peek(ahead)
            .filter(|token| !token.first || self.is_brace(ahead))
        {
            match token.kind {
                Kind::Open(Bracket::Brace) | Kind::Arrow => return true,
                Kind::Comma | Kind::Semi | Kind::Eq => return false,
                _ => ahead = self.generics(ahead).unwrap_or_else(|| self.after(ahead)),
            }
        }
        false
    }

    /// Whether `name(…)` or `name<T>(…)` here goes on to a body.
    fn calls_with_body(&self) -> bool {
        let parens = self.generics(1).unwrap_or(1);
        if self.same_line(parens) != Some(Kind::Open(Bracket::Paren)) {
            return false;
        }
        let after = self.after(parens);
        match self.kind(after) {
            Some(Kind::Open(Bracket::Brace)) => true,
            Some(Kind::Arrow | Kind::Colon) => self.peek(after).is_some_and(|token| !token.first),
            _ => false,
        }
    }

    fn dotted_name(&mut self) -> Name {
        let mut path = self.path();
        let mut name = path.swap_remove(0);
        if !path.is_empty() {
            name.span = self.since(name.span.start);
            name.text = self.slice(name.span).to_owned();
        }
        name
    }

    /// The rest of a piece of code behind its head: parameters, types, body, and what belongs to it after that.
    pub(super) fn code(&mut self, kind: Name, name: Option<Name>, start: u32) -> Item {
        let body = self.code_body();
        while matches!(self.word(0), Some("else" | "catch" | "finally"))
            && !matches!(self.same_line(1), Some(Kind::Colon | Kind::Eq))
        {
            self.skip();
            self.code_body();
        }
        Item::Code(Code {
            kind,
            name,
            traits: Vec::new(),
            body,
            span: self.since(start),
        })
    }

    /// Where the parameters in `<T extends (x) => U>` end, if they begin `ahead`. An arrow closes no angle.
    pub(super) fn generics(&self, ahead: usize) -> Option<usize> {
        let open = self.peek(ahead)?;
        if open.kind != Kind::Lt || !open.glued {
            return None;
        }
        let (mut depth, mut end) = (0_u32, ahead);
        for _ in 0..MAX_GENERICS {
            match self.kind(end)? {
                Kind::Lt => depth += 1,
                Kind::Gt => depth -= 1,
                Kind::Semi | Kind::At | Kind::Hash => return None,
                _ => {}
            }
            end = self.after(end);
            if depth == 0 {
                return Some(end);
            }
        }
        None
    }

    fn code_body(&mut self) -> Span {
        let mut begun = false;
        while let Some(token) = self.peek(0) {
            let brace = self.is_brace(0);
            match token.kind {
                Kind::Comma | Kind::Semi => break,
                _ if token.first && !brace && begun => break,
                Kind::Arrow => {
                    self.skip();
                    // `-> Map<K, V> {` is a type and a body; `=> x` is the body.
                    if self.text(token) == "->" {
                        self.at += self.brace_on_line(0).unwrap_or(0);
                    }
                    if self.is_brace(0) {
                        return self.braces();
                    }
                    let (from, at) = (self.start(), self.at);
                    self.expression(false);
                    // Without an expression, what stands here belongs to the next item.
                    let empty = Span::new(self.end(), self.end());
                    return if self.at > at {
                        self.since(from)
                    } else {
                        empty
                    };
                }
                _ if brace => return self.braces(),
                _ => self.at += self.generics(0).unwrap_or_else(|| self.after(0)),
            }
            begun = true;
        }
        Span::new(self.end(), self.end())
    }

    /// A body in braces. Where parameters or a type in braces stand before it, the last braces are the body.
    fn braces(&mut self) -> Span {
        let mut body = self.group_span();
        self.skip();
        while let Some(ahead) = self.braces_after() {
            self.at += ahead;
            body = self.group_span();
            self.skip();
        }
        body
    }

    /// How far ahead the next braces stand, if those just read were a part of a type: `{ x: T } | null {`,
    /// `Promise<{ x: T }> {`, `{ x: T }[] {`.
    fn braces_after(&self) -> Option<usize> {
        let from = match self.here_on_line()? {
            Kind::Open(Bracket::Brace) => return Some(0),
            Kind::Arrow => return self.is_brace(1).then_some(1),
            Kind::Pipe | Kind::Gt => 0,
            Kind::Open(Bracket::Square) if self.peek(0)?.partner == 1 => 0,
            _ => return None,
        };
        self.brace_on_line(from)
    }

    /// How far ahead the next braces stand on this line, if nothing in between ends a declaration.
    fn brace_on_line(&self, mut ahead: usize) -> Option<usize> {
        while let Some(token) = self.peek(ahead).filter(|token| !token.first) {
            match token.kind {
                Kind::Open(Bracket::Brace) => return Some(ahead),
                Kind::Comma | Kind::Semi | Kind::Eq => return None,
                _ => ahead = self.generics(ahead).unwrap_or_else(|| self.after(ahead)),
            }
        }
        None
    }
}
