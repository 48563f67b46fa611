//! Doc comments from a declaration, made harmless: they stay prose, whatever they contain.

/// The lines as Markdown that shows them as written. Code fences are marked as text, so that no comment becomes a doc test;
/// brackets, angle brackets and list markers are escaped, so that none becomes a link, a tag or a badly indented list.
pub(crate) fn harmless(lines: &[String]) -> Vec<String> {
    let mut fenced = false;
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let line = line.trim();
        if line.starts_with("```") {
            fenced = !fenced;
            out.push(if fenced {
                "```text".to_owned()
            } else {
                "```".to_owned()
            });
        } else if fenced {
            out.push(line.to_owned());
        } else {
            out.push(escape(line));
        }
    }
    if fenced {
        out.push("```".to_owned());
    }
    out
}

fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut code = false;
    for (index, char) in line.char_indices() {
        code ^= char == '`';
        let marker = index == 0 && matches!(char, '-' | '*' | '+' | '#' | '=' | '|');
        let numbered = matches!(char, '.' | ')')
            && index > 0
            && line[..index].chars().all(|digit| digit.is_ascii_digit());
        if !code && (marker || numbered || matches!(char, '[' | ']' | '<' | '>' | '\\')) {
            out.push('\\');
        }
        out.push(char);
    }
    if code {
        out.push('`');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Vec<String> {
        harmless(
            &lines
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn prose_stays_prose() {
        assert_eq!(of(&["Synced as LWWRegister"]), ["Synced as LWWRegister"]);
        assert_eq!(
            of(&["see [x] <b>", "- item", "1. first"]),
            ["see \\[x\\] \\<b\\>", "\\- item", "1\\. first"]
        );
        assert_eq!(of(&["`[x]` stays"]), ["`[x]` stays"]);
    }

    #[test]
    fn no_fence_becomes_a_doc_test_or_stays_open() {
        assert_eq!(of(&["```js", "panic!()"]), ["```text", "panic!()", "```"]);
        assert_eq!(of(&["an odd ` tick"]), ["an odd ` tick`"]);
    }
}
