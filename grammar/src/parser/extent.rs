//! Where an expression, a statement or a piece of markup ends.
//!
//! What belongs here: stepping over what is kept as text. What never will: a tree of it; nothing in this crate evaluates.

use super::cursor::Cursor;
use crate::token::{Bracket, Kind, Tok};
use crate::words::{INFIX, PREFIX};

impl<'s> Cursor<'s, '_> {
    /// Steps over the rest of an expression. `operand` says that its first operand was just read. Returns whether it is a
    /// function.
    pub(super) fn expression(&mut self, mut operand: bool) -> bool {
        let mut function = false;
        let mut questions = 0_u32;
        while let Some(token) = self.peek(0) {
            let next = if operand {
                self.after_operand(token, &mut questions)
            } else {
                self.before_operand(token)
            };
            let Some(now) = next else { break };
            function |= token.kind == Kind::Arrow || self.is_function_word(token);
            operand = now;
        }
        function
    }

    fn follows_word(&self) -> bool {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .is_some_and(|token| token.kind == Kind::Ident)
    }

    fn is_function_word(&self, token: Tok) -> bool {
        token.kind == Kind::Ident && self.text(token) == "function"
    }

    /// Whether the word here stands before an operand on its line, as in `new Set()`.
    pub(super) fn is_prefix_word(&self) -> bool {
        let Some(word) = self.word(0) else {
            return false;
        };
        PREFIX.contains(&word)
            && matches!(
                self.same_line(1),
                Some(
                    Kind::Ident
                        | Kind::Number
                        | Kind::Str
                        | Kind::Template
                        | Kind::Sign
                        | Kind::Open(Bracket::Paren | Bracket::Square)
                )
            )
            && !matches!(self.same_line(2), Some(Kind::Colon | Kind::Eq))
    }

    /// One step where an operand is due: whether one was read, or nothing if the expression ends here.
    fn before_operand(&mut self, token: Tok) -> Option<bool> {
        match token.kind {
            Kind::Ident if self.is_function_word(token) => self.function(),
            Kind::Ident => {
                let prefix = self.is_prefix_word();
                self.skip();
                return Some(!prefix);
            }
            Kind::Lt => self.markup(),
            Kind::At => {
                self.skip();
                if self.kind(0) == Some(Kind::Ident) {
                    self.skip();
                }
            }
            Kind::Sign | Kind::Op | Kind::Spread | Kind::Assign | Kind::Pipe | Kind::Eq => {
                self.skip();
                return Some(false);
            }
            Kind::Comma | Kind::Semi | Kind::Colon | Kind::Unknown | Kind::Close(_) => return None,
            _ => self.skip(),
        }
        Some(true)
    }

    /// One step after an operand, likewise.
    fn after_operand(&mut self, token: Tok, questions: &mut u32) -> Option<bool> {
        let operand = match token.kind {
            Kind::Dot if self.kind(1) == Some(Kind::Ident) => {
                self.skip();
                true
            }
            Kind::Op if self.text(token) == "!" && !token.first => true,
            Kind::Assign if !token.first => matches!(self.text(token), "++" | "--"),
            Kind::Sign if token.first && self.peek(1).is_none_or(|next| next.glued) => return None,
            Kind::Lt | Kind::Eq if token.first => return None,
            Kind::Lt if self.type_arguments() => return Some(true),
            Kind::Question => {
                *questions += 1;
                false
            }
            Kind::Colon if *questions > 0 => {
                *questions -= 1;
                false
            }
            Kind::Arrow => {
                if self.is_brace(1) {
                    self.skip();
                    true
                } else {
                    false
                }
            }
            Kind::Op if self.text(token) == "!" => return None,
            Kind::Op | Kind::Sign | Kind::Dot | Kind::Pipe | Kind::Lt | Kind::Gt | Kind::Eq => {
                false
            }
            Kind::Open(Bracket::Paren | Bracket::Brace) if !token.first => true,
            Kind::Open(Bracket::Square) | Kind::Template if token.glued => true,
            // `sequence [ … ]`: a word with a list.
            Kind::Open(Bracket::Square) if !token.first && self.follows_word() => true,
            Kind::Ident if !token.first => {
                let field = matches!(
                    self.same_line(1),
                    Some(Kind::Colon | Kind::Eq | Kind::Question)
                );
                if field || !INFIX.contains(&self.text(token)) {
                    return None;
                }
                false
            }
            _ => return None,
        };
        self.skip();
        Some(operand)
    }

    /// Steps over the types in `Map<string, T>()`, if they stand here before a call.
    fn type_arguments(&mut self) -> bool {
        let end = self.generics(0).filter(|end| {
            let call = self.peek(*end);
            call.is_some_and(|call| call.glued && call.kind == Kind::Open(Bracket::Paren))
        });
        self.at += end.unwrap_or(0);
        end.is_some()
    }

    /// `function name(…): T { … }`, or as much of it as is there.
    fn function(&mut self) {
        self.skip();
        while let Some(token) = self.peek(0) {
            let brace = self.is_brace(0);
            if matches!(token.kind, Kind::Comma | Kind::Semi) || (token.first && !brace) {
                break;
            }
            self.skip();
            if brace {
                break;
            }
        }
    }

    /// Steps over a statement: to the end of its line, or further where the line asks for more.
    pub(super) fn statement(&mut self, declaration: bool) {
        let mut before: Option<Tok> = None;
        while let Some(token) = self.peek(0) {
            if let Some(before) = before {
                let ends = token.kind == Kind::Comma && !declaration || token.kind == Kind::Semi;
                if ends
                    || token.first && !self.wants_more(before) && !joins(token, self.text(token))
                {
                    break;
                }
            }
            // Behind an operand, as in `Map<T>`, it opens no tag.
            let parted = !token.glued || before.is_none();
            before = Some(token);
            if token.kind == Kind::Lt && self.peek(1).is_some_and(|next| next.glued) && parted {
                self.markup();
            } else {
                self.skip();
            }
        }
    }

    fn wants_more(&self, before: Tok) -> bool {
        match before.kind {
            Kind::Assign => !matches!(self.text(before), "++" | "--"),
            Kind::Op
            | Kind::Sign
            | Kind::Eq
            | Kind::Arrow
            | Kind::Comma
            | Kind::Pipe
            | Kind::Dot
            | Kind::Question => true,
            _ => false,
        }
    }

    /// Steps over the rest of a line.
    pub(super) fn rest_of_line(&mut self) {
        while self
            .here_on_line()
            .is_some_and(|kind| !matches!(kind, Kind::Comma | Kind::Semi))
        {
            self.skip();
        }
    }

    /// Steps over `<tag …> … </tag>` or `<tag … />`.
    pub(super) fn markup(&mut self) {
        let mut depth = 0_u32;
        while let Some(token) = self.peek(0) {
            let opens = token.kind == Kind::Lt && self.peek(1).is_some_and(|next| next.glued);
            self.skip();
            if !opens {
                if depth == 0 {
                    return;
                }
                continue;
            }
            let closing = self.kind(0) == Some(Kind::Op);
            let alone = self.tag();
            depth = match (closing, alone) {
                (true, _) => depth.saturating_sub(1),
                (false, true) => depth,
                (false, false) => depth + 1,
            };
            if depth == 0 {
                return;
            }
        }
    }

    /// Steps over a tag behind its `<`. Returns whether it closes itself.
    fn tag(&mut self) -> bool {
        let mut slash = false;
        while let Some(token) = self.peek(0) {
            self.skip();
            if token.kind == Kind::Gt {
                return slash;
            }
            slash = token.kind == Kind::Op && self.text(token) == "/";
        }
        true
    }
}

/// Whether a token at the start of a line continues the statement of the line before.
fn joins(token: Tok, text: &str) -> bool {
    match token.kind {
        Kind::Op => text != "!",
        Kind::Dot | Kind::Question | Kind::Arrow | Kind::Pipe | Kind::Colon => true,
        _ => false,
    }
}
