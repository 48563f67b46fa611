//! Options of an orb or a field that matter while a program runs, and that are not data: none of it is in the wire hash.
//!
//! What they mean is said where they are used, in `holo_runtime::policy`, which has the same types.

/// The options of an orb. [`Policy::default`] is what the language does where nothing is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How its changes are carried; none leaves it to the lane.
    pub channel: Option<Channel>,
    /// How a shown value moves between two that arrived.
    pub interpolation: Interpolation,
    /// How far in the past moving values are shown.
    pub interpolation_delay_ms: u32,
    /// Who owns it and how that changes.
    pub ownership: Ownership,
    /// Where it outlives the session; none where it does not.
    pub persistence: Option<Persistence>,
    /// The room it is shared in.
    pub room: Option<String>,
    /// How many peers may share it.
    pub max_peers: Option<u32>,
    /// How often and how surely it is needed.
    pub tier: Option<Tier>,
    /// The smallest difference worth sending.
    pub threshold: Option<f64>,
    /// How long values wait to be shown evenly.
    pub buffer_ms: Option<u32>,
    /// How late a value may be and still count.
    pub latency_tolerance_ms: Option<u32>,
    /// Bytes a second.
    pub bandwidth_limit: Option<u64>,
    /// How it is made smaller on the way.
    pub compression: Compression,
    /// Whether others see it at all.
    pub visible_to_others: bool,
}

/// The options of a field; none leaves it to the orb.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldPolicy {
    /// Who may write it.
    pub authority: Option<super::Authority>,
    /// How often it is sent.
    pub rate_hz: Option<f64>,
    /// How its changes are carried.
    pub channel: Option<Channel>,
    /// How a shown value moves between two that arrived.
    pub interpolation: Option<Interpolation>,
    /// The step to which numbers are rounded when they travel.
    pub quantum: Option<f64>,
    /// Between which numbers each part of a live value lies.
    pub bounds: Option<(f64, f64)>,
    /// What goes first when not everything can; greater is sooner.
    pub priority: Option<i32>,
    /// How it is made smaller on the way.
    pub compression: Option<Compression>,
    /// How late a value may be and still count.
    pub max_latency_ms: Option<u32>,
    /// How long values wait to be shown evenly.
    pub jitter_buffer_ms: Option<u32>,
    /// What readers may rely on.
    pub consistency: Option<Consistency>,
}

/// Who owns an orb, and how that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Ownership {
    /// Who becomes the owner.
    pub model: OwnershipModel,
    /// Whether the owner can change at all.
    pub transferable: bool,
    /// Touching it claims it.
    pub claim_on_interact: bool,
    /// Grabbing it takes it over.
    pub transfer_on_grab: bool,
    /// Letting go gives it back.
    pub transfer_on_release: bool,
    /// How long after a transfer the next one waits.
    pub transfer_cooldown_ms: u32,
    /// Whether the owner may delete it.
    pub owner_can_delete: bool,
}

/// Where an orb is kept between sessions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Persistence {
    /// Who keeps it.
    pub storage: Storage,
    /// How long it is kept; none is for ever.
    pub ttl_ms: Option<u64>,
    /// Whether whoever joins gets what was kept.
    pub restore_on_join: bool,
    /// Whether it is loaded at the start.
    pub auto_load: bool,
    /// The name under which it is kept; none is its own name.
    pub key: Option<String>,
    /// How often it is saved; none is whenever it changes.
    pub save_interval_ms: Option<u32>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            channel: None,
            interpolation: Interpolation::default(),
            interpolation_delay_ms: 100,
            ownership: Ownership::default(),
            persistence: None,
            room: None,
            max_peers: None,
            tier: None,
            threshold: None,
            buffer_ms: None,
            latency_tolerance_ms: None,
            bandwidth_limit: None,
            compression: Compression::default(),
            visible_to_others: true,
        }
    }
}

impl Default for Ownership {
    fn default() -> Self {
        Self {
            model: OwnershipModel::default(),
            transferable: true,
            claim_on_interact: true,
            transfer_on_grab: false,
            transfer_on_release: false,
            transfer_cooldown_ms: 0,
            owner_can_delete: false,
        }
    }
}

/// An enum of options with the word for each, as attributes spell it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that stands for it in an attribute.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The name of the Rust variant.
            #[must_use]
            pub fn variant(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// The one that a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.word() == word)
            }
        }
    };
}

words! {
    /// How changes are carried.
    Channel {
        /// All arrive.
        Reliable = "reliable",
        /// Some may be lost.
        Unreliable = "unreliable",
        /// All arrive, in order.
        Ordered = "ordered",
    }
}

words! {
    /// How a shown value moves between two that arrived.
    #[derive(Default)]
    Interpolation {
        /// It jumps.
        None = "none",
        /// Straight.
        #[default]
        Linear = "linear",
        /// By value and speed at both ends.
        Hermite = "hermite",
        /// Smoothly through all of them.
        CatmullRom = "catmull_rom",
    }
}

words! {
    /// Who becomes the owner of an orb.
    #[derive(Default)]
    OwnershipModel {
        /// Nobody in particular.
        #[default]
        Any = "any",
        /// The host of the session.
        Host = "host",
        /// Whoever has it keeps it.
        Sticky = "sticky",
        /// Whoever made it.
        Owner = "owner",
        /// Whoever touched it last.
        LastInteracted = "last_interacted",
        /// Whoever grabbed it first.
        FirstGrab = "first_grab",
        /// Whoever asks and is granted it.
        Request = "request",
    }
}

words! {
    /// Who keeps an orb between sessions.
    #[derive(Default)]
    Storage {
        /// The server.
        #[default]
        Server = "server",
        /// The device.
        Local = "local",
        /// The browser's database.
        IndexedDb = "indexed_db",
    }
}

words! {
    /// How often and how surely an orb is needed.
    Tier {
        /// Every step of a simulation.
        Physics = "physics",
        /// As people move.
        Movement = "movement",
        /// As agents decide.
        AiAgent = "ai_agent",
        /// Whenever there is room.
        Cosmetic = "cosmetic",
    }
}

words! {
    /// How bytes are saved on the way.
    #[derive(Default)]
    Compression {
        /// Not at all.
        #[default]
        None = "none",
        /// By sending differences.
        Delta = "delta",
        /// By rounding numbers.
        Quantized = "quantized",
        /// By LZ4.
        Lz4 = "lz4",
    }
}

words! {
    /// What readers of a field may rely on.
    Consistency {
        /// Everybody reads the same at once.
        Strong = "strong",
        /// Everybody reads the same in the end.
        Eventual = "eventual",
        /// Everybody reads the same in the end, and nothing concurrent is lost.
        Crdt = "crdt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_variant_alone() {
        for model in OwnershipModel::ALL {
            assert_eq!(OwnershipModel::from_word(model.word()), Some(*model));
        }
        assert_eq!(Storage::from_word("indexed_db"), Some(Storage::IndexedDb));
        assert_eq!(Channel::from_word("Reliable"), None);
    }
}
