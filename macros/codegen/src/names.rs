//! From names as written to names in Rust: words, case, keywords.

/// The words of a name: split at what cannot stand in an identifier and where the case changes.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, char) in chars.iter().enumerate() {
        if *char == '_' || !unicode_ident::is_xid_continue(*char) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = index.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(index + 1);
        let rises = before.is_some_and(|before| !before.is_uppercase()) && char.is_uppercase();
        let acronym_ends = before.is_some_and(char::is_uppercase)
            && char.is_uppercase()
            && after.is_some_and(|after| after.is_lowercase());
        if (rises || acronym_ends) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(*char);
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The name of a type: `game ball 2` is `GameBall2`, `3d-model` is `N3dModel`. None where no letter or digit is left.
///
/// ```
/// use holo_codegen::names::pascal_case;
/// assert_eq!(pascal_case("game ball 2").as_deref(), Some("GameBall2"));
/// assert_eq!(pascal_case("NPCShop").as_deref(), Some("NpcShop"));
/// assert_eq!(pascal_case("日本語").as_deref(), Some("日本語"));
/// assert_eq!(pascal_case("3d-model").as_deref(), Some("N3dModel"));
/// assert_eq!(pascal_case("--"), None);
/// ```
#[must_use]
pub fn pascal_case(name: &str) -> Option<String> {
    let mut out = String::new();
    for word in words(name) {
        let mut chars = word.chars();
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.extend(chars.flat_map(char::to_lowercase));
    }
    start_with_letter(out, 'N').map(|name| escape(&name))
}

/// The name of a field or module: `maxHP` is `max_hp`, `type` is `r#type`, `self` is `self_`. None where no letter or digit
/// is left.
///
/// ```
/// use holo_codegen::names::snake_case;
/// assert_eq!(snake_case("maxHP").as_deref(), Some("max_hp"));
/// assert_eq!(snake_case("type").as_deref(), Some("r#type"));
/// assert_eq!(snake_case("gen").as_deref(), Some("r#gen"));
/// assert_eq!(snake_case("self").as_deref(), Some("self_"));
/// assert_eq!(snake_case("2nd place").as_deref(), Some("n2nd_place"));
/// ```
#[must_use]
pub fn snake_case(name: &str) -> Option<String> {
    let words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
    start_with_letter(words.join("_"), 'n').map(|name| escape(&name))
}

fn start_with_letter(name: String, letter: char) -> Option<String> {
    let first = name.chars().next()?;
    Some(if unicode_ident::is_xid_start(first) {
        name
    } else {
        format!("{letter}{name}")
    })
}

/// The name of the type that edits another one: that of `Player` is `PlayerEdit`, that of `Self_` is `SelfEdit`.
#[must_use]
pub fn view(rust: &str) -> String {
    beside(rust, "Edit")
}

/// The name of the type that moves the live fields of another one: that of `Player` is `PlayerLive`.
#[must_use]
pub fn live(rust: &str) -> String {
    beside(rust, "Live")
}

/// The name of the type that shows the live fields of another one: that of `Player` is `PlayerShown`.
#[must_use]
pub fn shown(rust: &str) -> String {
    beside(rust, "Shown")
}

fn beside(rust: &str, what: &str) -> String {
    let plain = rust.strip_prefix("r#").unwrap_or(rust);
    format!("{}{what}", plain.trim_end_matches('_'))
}

/// The identifier as it must be written: keywords raw, the four that cannot be raw with an underscore.
#[must_use]
pub fn escape(name: &str) -> String {
    match name {
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_"),
        // Reserved since the edition of 2024; older readers of Rust take it for a plain name.
        "gen" => "r#gen".to_owned(),
        _ if syn::parse_str::<syn::Ident>(name).is_err() => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_becomes_an_identifier() {
        let keywords = "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop \
            match mod move mut pub ref return self static struct super trait true try type unsafe use where while yield \
            abstract become box do final macro override priv typeof unsized virtual";
        for keyword in keywords.split_whitespace() {
            let name = snake_case(keyword).unwrap();
            syn::parse_str::<syn::Ident>(&name)
                .unwrap_or_else(|error| panic!("{keyword} -> {name}: {error}"));
        }
        assert_eq!(pascal_case("self").as_deref(), Some("Self_"));
    }

    #[test]
    fn what_cannot_stand_in_an_identifier_splits_words() {
        assert_eq!(
            snake_case("a\"); fn evil() {} (\"").as_deref(),
            Some("a_fn_evil")
        );
        assert_eq!(
            pascal_case("shop.sign/left").as_deref(),
            Some("ShopSignLeft")
        );
    }
}
