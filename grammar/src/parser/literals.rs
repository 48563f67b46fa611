//! Numbers and strings, digit by digit.
//!
//! What belongs here: the exact value of one token. What never will: anything made of several tokens.

use super::cursor::Cursor;
use crate::ast::{Span, ValueKind};
use crate::codes;
use crate::diagnostic::{Applicability, Diagnostic, Fix, shown};
use crate::token::{Kind, Tok};

impl Cursor<'_, '_> {
    /// The value of a number token, with the sign that stood before it.
    pub(super) fn number(&mut self, token: Tok, negative: bool) -> ValueKind {
        let written = self.text(token);
        // What almost every number is.
        if written.len() < 18 && written.bytes().all(|byte| byte.is_ascii_digit()) {
            let value = written
                .bytes()
                .fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
            return ValueKind::Int(if negative { -value } else { value });
        }
        let mut text = std::borrow::Cow::Borrowed(written);
        if written.contains('_') {
            text.to_mut().retain(|c| c != '_');
        }
        let radix = match text.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0b" | "0B") => 2,
            Some("0o" | "0O") => 8,
            _ => return self.decimal(token, &text, written, negative),
        };
        let digits = &text[2..];
        if let Ok(number) = i128::from_str_radix(digits, radix) {
            return self.integer(token, if negative { -number } else { number });
        }
        let all_digits = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        if all_digits {
            self.too_large(token, f64::INFINITY)
        } else {
            ValueKind::Expr
        }
    }

    fn decimal(&mut self, token: Tok, text: &str, written: &str, negative: bool) -> ValueKind {
        let digits = number_length(text);
        let (number, unit) = text.split_at(digits);
        let Ok(value) = number.parse::<f64>() else {
            return ValueKind::Expr;
        };
        let value = if negative { -value } else { value };
        if !unit.is_empty() {
            let value = self.in_range(token, value);
            // A unit keeps its `_`, a number does not.
            let unit = written
                .find(|c: char| c.is_alphabetic() || c == '%')
                .map_or(unit, |_| unit);
            return ValueKind::Quantity {
                number: value,
                unit: unit.to_owned(),
            };
        }
        if number.contains(['.', 'e', 'E']) {
            return ValueKind::Float(self.in_range(token, value));
        }
        match number.parse::<i128>() {
            Ok(integer) => self.integer(token, if negative { -integer } else { integer }),
            Err(_) => self.too_large(token, value),
        }
    }

    /// The number if there is such a float; otherwise, with a report, the largest.
    fn in_range(&mut self, token: Tok, value: f64) -> f64 {
        if value.is_finite() {
            return value;
        }
        let text = shown(self.text(token));
        self.report(
            Diagnostic::error(
                &codes::NUMBER_TOO_LARGE,
                format!("the number {text} is larger than any float"),
                token.span(),
            )
            .label(format!("the largest is about {:e}", f64::MAX))
            .help("write a smaller number, or a string"),
        );
        f64::MAX.copysign(value)
    }

    fn integer(&mut self, token: Tok, number: i128) -> ValueKind {
        i64::try_from(number).map_or_else(|_| self.too_large(token, number as f64), ValueKind::Int)
    }

    fn too_large(&mut self, token: Tok, value: f64) -> ValueKind {
        let (text, written) = (shown(self.text(token)), self.text(token));
        let report = Diagnostic::error(
            &codes::INTEGER_TOO_LARGE,
            format!("the integer {text} does not fit 64 bits"),
            token.span(),
        )
        .label(format!("the largest is {}", i64::MAX))
        .help("write it as a string, or with a fraction (`1.0e20`) to make it a float");
        let decimal = written.bytes().all(|byte| byte.is_ascii_digit());
        self.report(if decimal {
            report.fix(Fix {
                message: "make it a float, which is near enough".into(),
                span: Span::new(token.end, token.end),
                replacement: ".0".into(),
                applicability: Applicability::Unsafe,
            })
        } else {
            report
        });
        ValueKind::Float(value)
    }

    /// The text of a string token, without its quotes and escapes.
    pub(super) fn unquote(&mut self, token: Tok) -> String {
        let text = self.text(token);
        if let Some(inner) = text
            .strip_prefix("\"\"\"")
            .and_then(|rest| rest.strip_suffix("\"\"\""))
        {
            return self.unescape(inner, token.start + 3);
        }
        let mut chars = text.chars();
        let open = chars.next().unwrap_or('"');
        let inner = chars.as_str();
        let close = if token.kind == Kind::SmartStr {
            inner.chars().next_back().unwrap_or(open)
        } else {
            open
        };
        // A string that was never closed has no last quote.
        let inner = inner.strip_suffix(close).unwrap_or(inner);
        if !inner.contains('\\') {
            return inner.to_owned();
        }
        self.unescape(inner, token.start + open.len_utf8() as u32)
    }

    fn unescape(&mut self, inner: &str, start: u32) -> String {
        let mut out = String::with_capacity(inner.len());
        let mut rest = inner;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let offset = start + (inner.len() - rest.len() + at) as u32;
            let after = &rest[at + 1..];
            let Some(letter) = after.chars().next() else {
                break;
            };
            let tail = &after[letter.len_utf8()..];
            rest = tail;
            match letter {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                'v' => out.push('\u{b}'),
                '0' => out.push('\0'),
                // A backslash at the end of a line joins it with the next.
                '\n' => {}
                'u' | 'x' => {
                    let (length, found) = code_point(letter, tail);
                    rest = &tail[length..];
                    match found {
                        Some(c) => out.push(c),
                        None => self.bad_escape(offset, letter, length),
                    }
                }
                other => {
                    self.check_escape(offset, other);
                    out.push(other);
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// Warns of a letter that escapes nothing. Those of regular expressions are common in strings and stay.
    fn check_escape(&mut self, offset: u32, letter: char) {
        let known = !letter.is_ascii_alphanumeric()
            || letter.is_ascii_digit()
            || matches!(
                letter,
                'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'B' | 'p' | 'P' | 'k' | 'A' | 'z' | 'Z' | 'e'
            );
        if known {
            return;
        }
        self.report(
            Diagnostic::warning(
                &codes::UNKNOWN_ESCAPE,
                format!("the escape `\\{letter}` has no meaning"),
                Span::new(offset, offset + 2),
            )
            .label(format!("read as `{letter}`"))
            .help(format!(
                "write `\\\\{letter}` for a backslash, `{letter}` for the letter alone"
            ))
            .fix(Fix {
                message: "write a backslash".into(),
                span: Span::new(offset, offset + 1),
                replacement: "\\\\".into(),
                applicability: Applicability::Unsafe,
            }),
        );
    }

    fn bad_escape(&mut self, offset: u32, letter: char, length: usize) {
        let span = Span::new(offset, offset + 2 + length as u32);
        let text = shown(self.slice(span));
        let form = if letter == 'x' {
            "`\\x41`"
        } else {
            "`\\u0041` or `\\u{41}`"
        };
        self.report(
            Diagnostic::error(
                &codes::BAD_ESCAPE,
                format!("the escape `{text}` names no character"),
                span,
            )
            .label(format!("write {form}"))
            .help("for a backslash itself, write `\\\\`")
            .fix(Fix {
                message: "write a backslash".into(),
                span: Span::new(offset, offset + 1),
                replacement: "\\\\".into(),
                applicability: Applicability::Unsafe,
            }),
        );
    }
}

/// How many bytes at the start are digits, a fraction and an exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        from + bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

/// The length of what follows `\u` or `\x`, and the character it names.
fn code_point(letter: char, tail: &str) -> (usize, Option<char>) {
    let hex = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u32::from_str_radix(text, 16).ok()).flatten()
    };
    if letter == 'u' && tail.starts_with('{') {
        let close = tail.bytes().take(12).position(|byte| byte == b'}');
        return close.map_or((0, None), |at| {
            (at + 1, hex(&tail[1..at]).and_then(char::from_u32))
        });
    }
    let wanted = if letter == 'x' { 2 } else { 4 };
    let length = tail
        .bytes()
        .take(wanted)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    let Some(first) = (length == wanted).then(|| hex(&tail[..length])).flatten() else {
        return (length, None);
    };
    // Characters beyond the first plane are written as two escapes.
    let second = tail
        .get(4..10)
        .and_then(|next| hex(next.strip_prefix("\\u")?));
    if let (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) = (first, second) {
        let high = (first - 0xd800) << 10;
        return (10, char::from_u32(0x1_0000 + high + (low - 0xdc00)));
    }
    (length, char::from_u32(first))
}
