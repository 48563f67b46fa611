//! The one table of the compiler's codes; the grammar's `HS0xx` join it in [`all`].
//!
//! A code keeps its meaning for ever and is never given to something else. Messages belong where they are reported.

use holo_grammar::diagnostic::Code;

macro_rules! codes {
    ($($name:ident $id:literal $title:literal)*) => {
        $(#[doc = $title] pub static $name: Code = Code { id: $id, title: $title };)*
        /// The compiler's own codes, in order.
        pub static OWN: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    DUPLICATE_FIELD "HS101" "a field is declared twice"
    DUPLICATE_ORB "HS102" "two orbs of one kind and name stand in one scope"
    FIELD_COLLISION "HS103" "two fields get the same Rust name"
    ORB_COLLISION "HS104" "two orbs get the same Rust name"
    EMPTY_NAME "HS105" "a name has no letter or digit"
    TRAIT_TYPO "HS106" "a trait is spelt almost like one of the sync family"
    RATE_NOT_A_RATE "HS107" "a rate is not a number of hertz"
    RATE_UNIT "HS108" "a rate has a unit that is not hz, ms or s"
    RATE_RANGE "HS109" "a rate is outside 1 to 240 Hz"
    RATE_BARE "HS110" "a rate has no unit"
    LISTED_TYPO "HS111" "a listed field is spelt almost like a declared one"
    LISTED_UNKNOWN "HS112" "a listed field is declared nowhere"
    OPTION_TWICE "HS113" "an option has two different values"
    LOCAL_AND_SYNCED "HS114" "a node is both local only and synchronised"
    AUTHORITY_TWICE "HS115" "a node has two different authorities"
    NOT_YET "HS116" "a type is not supported yet"
    UNKNOWN_CRDT "HS117" "a CRDT has an unknown name"
    VALUE_MISFIT "HS118" "an initial value does not fit its type"
    UNKNOWN_TYPE "HS119" "a type is unknown and read as any value"
    NO_INITIAL "HS120" "an initial value is not a constant"
    UNTYPED "HS121" "a field has no type to go by"
    ELEMENTS "HS122" "the elements of a list have no common type"
    NOT_SYNCED "HS123" "a trait only modifies what is synchronised, and nothing is"
    GUESS_KEPT "HS124" "a guess changed and the locked type is kept"
    NEW_ID "HS125" "a field changed and gets a new number"
    LOCK_MALFORMED "HS126" "holo.lock cannot be read"
    PATH_COLLISION "HS127" "two sources get the same module"
    TRAIT_ALONE "HS128" "a sync trait stands outside any node"
    NEVER_SYNCED "HS129" "a listed field can never be synchronised"
    AUTHORITY_UNKNOWN "HS130" "an authority has an unknown name"
    FIELD_AUTHORITY "HS131" "an authority per field is not supported yet"
    NOTHING_SYNCED "HS132" "an orb has nothing to synchronise"
    CONTRADICTION "HS133" "two options contradict each other"
    EQUAL_ELEMENTS "HS134" "elements of a set are equal"
    TEMPLATE_TYPO "HS135" "a template is spelt almost like a synchronised one"
    IMPORT_MISSING "HS136" "an imported file cannot be read"
    IMPORT_OUTSIDE "HS137" "an imported file lies outside the folder that is built"
    IMPORT_NAME "HS138" "an imported name is not in the imported file"
    IMPORT_CYCLE "HS139" "sources import one another in a circle"
    LOST_UPDATE "HS140" "a number is counted up or down, and last writer wins"
    STATE_ELSEWHERE "HS141" "a synchronised node writes state that is not synchronised"
    OPTION_UNKNOWN "HS142" "an option is unknown"
    OPTION_VALUE "HS143" "an option has a value that it cannot have"
    OPTION_UNIT "HS144" "an option needs another unit"
    SEQUENCE_MEANT "HS145" "a set is used like a list"
    TYPE_RECURSIVE "HS146" "a type holds itself"
    ALIAS_CYCLE "HS147" "a name for a type stands for itself"
    MARKER_UNKNOWN "HS148" "a marker is unknown"
    PROPERTY_HIDDEN "HS149" "a field of the state hides a property"
    CRDT_MISFIT "HS150" "a CRDT does not fit the type beside it"
    SETTING_WRONG "HS201" "a setting in holo.toml is wrong"
}

/// Every code that a diagnostic of holoc can carry, in order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    holo_grammar::codes::ALL.iter().chain(OWN).copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_unique_and_in_order() {
        let ids: Vec<_> = super::all().map(|code| code.id).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
    }
}
