// Written by `cargo run -p holo-tests --bin twins`.

#![allow(clippy::all, unreachable_pub)]

use holo_runtime::*;

    #[derive(Clone, Debug, Element)]
    #[element(name = "Phase")]
    pub enum Phase {
        #[element(name = "lobby")]
        Lobby,
        #[element(name = "in game")]
        InGame,
        #[element(name = "other")]
        Other,
        #[element(other)]
        OtherWord(String),
    }

    #[derive(Clone, Debug, Element)]
    #[element(name = "Grip")]
    pub struct Grip {
        #[element(name = "force", initial = 1.0)]
        pub force: f64,
        #[element(name = "turn", initial = [0.0,1.0,0.0,1.0])]
        pub turn: Quat,
        #[element(name = "tint", initial = "#ff8800")]
        pub tint: Color,
        #[element(kept)]
        pub __kept: Kept,
    }

    #[derive(Clone, Debug, Element)]
    #[element(name = "Item")]
    pub struct Item {
        #[element(name = "name", initial = "sword")]
        pub name: String,
        #[element(name = "max count", initial = 1)]
        pub max_count: u32,
        #[element(name = "phase")]
        pub phase: Phase,
        #[element(name = "grip", initial = {"force": 0.75})]
        pub grip: Grip,
        #[element(name = "tags", initial = ["a", "b"])]
        pub tags: Vec<String>,
        #[element(name = "at", initial = [1.0,0.0,3.0])]
        pub at: Vec3,
        #[element(name = "big")]
        pub big: u64,
        #[element(name = "small", initial = 0.1)]
        pub small: f32,
        #[element(name = "any", initial = {"n": 0.5})]
        pub any: Value,
        #[element(name = "spare")]
        pub spare: Option<Grip>,
        #[element(name = "owner")]
        pub owner: Option<ReplicaId>,
        #[element(name = "seen by")]
        pub seen_by: Vec<InstanceId>,
        #[element(kept)]
        pub __kept: Kept,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Stats")]
    pub struct Stats {
        #[synced(name = "strength", id = 1, initial = 3)]
        pub strength: LwwRegister<i64>,
        #[synced(name = "max hp", id = 2, initial = 10)]
        pub max_hp: PnCounter,
        #[synced(name = "turn", id = 3)]
        pub turn: LwwRegister<Quat>,
        #[synced(name = "words", id = 4, initial = ["x"])]
        pub words: OrSet<String>,
        #[synced(name = "doc", id = 5, initial = {"inner": {"deep": 0.5}})]
        pub doc: JsonDoc,
        #[synced(name = "badges", id = 6)]
        pub badges: GSet<i64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Hero")]
    pub struct Hero {
        #[synced(name = "stats", id = 1, initial("strength" = 7, "max hp" = 20, "turn" = [0.0,0.0,1.0,0.0], "words" = ["y", "z"], "doc" = {"own": "doc"}, "badges" = [1]))]
        pub stats: Stats,
        #[synced(name = "item", id = 2, initial = {"name": "bow", "grip": {"tint": "#00ff00"}})]
        pub item: LwwRegister<Item>,
        #[synced(name = "items", id = 3, initial = [{"name": "bow", "grip": {"tint": "#00ff00"}}])]
        pub items: OrSet<Item>,
        #[synced(name = "phase", id = 4, initial = "in game")]
        pub phase: LwwRegister<Phase>,
        #[synced(name = "first", id = 5)]
        pub first: LwwRegister<Phase>,
        #[synced(name = "phases", id = 6, initial = ["lobby", "in game"])]
        pub phases: OrSet<Phase>,
        #[synced(name = "maybe", id = 7)]
        pub maybe: LwwRegister<Option<Phase>>,
        #[synced(name = "list", id = 8, initial = [1, 2])]
        pub list: LwwRegister<Vec<i64>>,
        #[synced(name = "path", id = 9)]
        pub path: LwwRegister<Vec<Vec3>>,
        #[synced(name = "title", id = 10, initial = {"name": "axe"})]
        pub title: MvRegister<Item>,
        #[synced(name = "mood", id = 11, initial = "in game")]
        pub mood: MvRegister<Phase>,
        #[synced(name = "seen", id = 12, initial = ["lobby"])]
        pub seen: GSet<Phase>,
        #[synced(name = "gone", id = 13)]
        pub gone: TwoPSet<Item>,
        #[synced(name = "notes", id = 14)]
        pub notes: LwwMap<Phase, Item>,
        #[synced(name = "plain", id = 15)]
        pub plain: LwwRegister<Grip>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "World", rate = 20.0, authority = "server", channel = "ordered", interpolation = "hermite", ownership(model = "request", transferable = false), persistence(storage = "server", ttl = "3600000ms", key = "a \"world\""), room = "lobby", threshold = 0.01)]
    pub struct World {
        #[synced(name = "heroes", id = 1)]
        pub heroes: OrMap<InstanceId, Hero>,
        #[synced(name = "scores", id = 2, authority = "owner", quantum = 0.001, bounds = [-9.5, 100.0], priority = -2)]
        pub scores: OrMap<String, PnCounter>,
        #[synced(name = "by phase", id = 3)]
        pub by_phase: OrMap<Phase, OrMap<i64, LwwRegister<Item>>>,
        #[synced(name = "rooms", id = 4)]
        pub rooms: OrMap<String, OrMap<u32, Hero>>,
        #[synced(name = "captain", id = 5, initial("stats"("strength" = 9), "phase" = "lobby"))]
        pub captain: Hero,
        #[synced(name = "by word", id = 6)]
        pub by_word: OrMap<Phase, Hero>,
    }

