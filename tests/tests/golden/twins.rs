// Written by `cargo run -p holo-tests --bin twins`.

#![allow(clippy::all, unreachable_pub)]

pub(crate) mod cat {
    use holo_runtime::*;

    #[derive(Clone, Debug, Element)]
    #[element(name = "Mood")]
    pub enum Mood {
        #[element(name = "calm")]
        Calm,
        #[element(name = "very wild")]
        VeryWild,
        #[element(other)]
        Other(String),
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "cat", rate = 30.0)]
    pub struct Cat {
        #[synced(name = "mood", id = 1, initial = "very wild")]
        pub mood: LwwRegister<Mood>,
        #[synced(name = "seen", id = 2)]
        pub seen: OrSet<Mood>,
        #[synced(name = "owner_id", id = 3)]
        pub owner_id: LwwRegister<String>,
        #[synced(name = "friends", id = 4, initial = ["dog"])]
        pub friends: OrSet<String>,
        #[synced(name = "sleep", id = 5, initial = "light")]
        pub sleep: LwwRegister<Option<super::world::names::Sleep>>,
        #[synced(name = "bed", id = 6)]
        pub bed: LwwRegister<Option<Vec3>>,
        #[synced(name = "scores", id = 7)]
        pub scores: LwwMap<String, i64>,
    }

}

pub(crate) mod chat_room {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Lounge/ChatCorner", rate = 20.0)]
    pub struct ChatCorner {
        #[synced(name = "room_name", id = 1, initial = "lounge")]
        pub room_name: LwwRegister<String>,
        #[synced(name = "topic", id = 2)]
        pub topic: LwwRegister<String>,
        #[synced(name = "messages", id = 3, initial = ["welcome"])]
        pub messages: OrSet<String>,
        #[synced(name = "muted", id = 4)]
        pub muted: LwwMap<String, Value>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Lounge")]
    pub struct Lounge {
        #[synced(name = "ChatCorner", id = 1)]
        pub chat_corner: ChatCorner,
    }

}

pub(crate) mod comments {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "sign", rate = 30.0)]
    pub struct Sign {
        #[synced(name = "text", id = 1, initial = "*/ }}\"; fn evil() {} /*")]
        pub text: LwwRegister<String>,
        #[synced(name = "lines", id = 2, initial = 1)]
        pub lines: LwwRegister<i64>,
    }

}

pub(crate) mod doors {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Front", rate = 10.0, authority = "owner")]
    pub struct Front {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "open", id = 3)]
        pub open: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Back", rate = 10.0)]
    pub struct Back {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "open", id = 3)]
        pub open: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Side", rate = 10.0)]
    pub struct Side {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "open", id = 3, initial = true)]
        pub open: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "cellar", rate = 10.0)]
    pub struct Cellar {
        #[synced(name = "open", id = 1)]
        pub open: LwwRegister<bool>,
        #[synced(name = "lock", id = 2, initial = "iron")]
        pub lock: LwwRegister<String>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "attic", rate = 30.0)]
    pub struct Attic {
        #[synced(name = "open", id = 1)]
        pub open: LwwRegister<bool>,
    }

}

pub(crate) mod dungeon {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Dungeon/GameController", rate = 20.0, authority = "host")]
    pub struct GameController {
        #[synced(name = "position", id = 1, live, initial = [0.0,1.0,0.0])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "hp", id = 2, initial = 100)]
        pub hp: LwwRegister<i64>,
        #[synced(name = "level", id = 3, initial = 1)]
        pub level: LwwRegister<i64>,
        #[synced(name = "score", id = 4)]
        pub score: LwwRegister<i64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Dungeon")]
    pub struct Dungeon {
        #[synced(name = "GameController", id = 1)]
        pub game_controller: GameController,
    }

}

pub(crate) mod game_manager {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "GameManager", rate = 20.0, authority = "host")]
    pub struct GameManager {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "round", id = 3)]
        pub round: LwwRegister<i64>,
        #[synced(name = "round_time", id = 4, initial = 90.5)]
        pub round_time: LwwRegister<f64>,
        #[synced(name = "phase", id = 5, initial = "warmup")]
        pub phase: LwwRegister<String>,
        #[synced(name = "paused", id = 6)]
        pub paused: LwwRegister<bool>,
    }

}

pub(crate) mod guild {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "guild.members[]")]
    pub struct GuildMembersEntry {
        #[synced(name = "title", id = 1, initial = "novice")]
        pub title: LwwRegister<String>,
        #[synced(name = "gold", id = 2, initial = 5)]
        pub gold: PnCounter,
        #[synced(name = "tags", id = 3)]
        pub tags: OrSet<String>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "guild", rate = 5.0)]
    pub struct Guild {
        #[synced(name = "motto", id = 1, initial = "onward")]
        pub motto: MvRegister<String>,
        #[synced(name = "call", id = 2, initial = 3)]
        pub call: MvRegister<i64>,
        #[synced(name = "badges", id = 3, initial = ["founded"])]
        pub badges: GSet<String>,
        #[synced(name = "banned", id = 4, initial = ["troll"])]
        pub banned: TwoPSet<String>,
        #[synced(name = "members", id = 5)]
        pub members: OrMap<String, GuildMembersEntry>,
        #[synced(name = "votes", id = 6)]
        pub votes: OrMap<String, PnCounter>,
        #[synced(name = "teams", id = 7)]
        pub teams: OrMap<String, OrSet<String>>,
        #[synced(name = "ranks", id = 8)]
        pub ranks: OrMap<String, LwwMap<i64, String>>,
        #[synced(name = "stock", id = 9)]
        pub stock: OrMap<String, LwwRegister<i64>>,
        #[synced(name = "settings", id = 10, initial = {"theme": {"dark": true}, "limit": 10})]
        pub settings: JsonDoc,
        #[synced(name = "homes", id = 11)]
        pub homes: OrMap<String, JsonDoc>,
        #[synced(name = "notes", id = 12, initial = null)]
        pub notes: JsonDoc,
    }

}

pub(crate) mod hero {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Hero", rate = 30.0)]
    pub struct Hero {
        #[synced(name = "level", id = 1, initial = 1)]
        pub level: LwwRegister<i64>,
        #[synced(name = "title", id = 2, initial = "Rookie")]
        pub title: LwwRegister<String>,
        #[synced(name = "mana", id = 3, initial = 20.0)]
        pub mana: LwwRegister<f64>,
        #[synced(name = "target", id = 4)]
        pub target: LwwRegister<Option<Value>>,
        #[synced(name = "shield", id = 5, initial = 20)]
        pub shield: LwwRegister<i64>,
    }

}

pub(crate) mod keywords {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "3d-model", rate = 30.0)]
    pub struct N3dModel {
        #[synced(name = "type", id = 1, initial = "chair")]
        pub r#type: LwwRegister<String>,
        #[synced(name = "self", id = 2, initial = true)]
        pub self_: LwwRegister<bool>,
        #[synced(name = "match", id = 3, initial = 1)]
        pub r#match: LwwRegister<i64>,
        #[synced(name = "maxHP", id = 4, initial = 250)]
        pub max_hp: LwwRegister<i64>,
        #[synced(name = "display name", id = 5, initial = "Stuhl")]
        pub display_name: LwwRegister<String>,
        #[synced(name = "日本語", id = 6, initial = "にほんご")]
        pub 日本語: LwwRegister<String>,
    }

}

pub(crate) mod lamp {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Lamp", rate = 20.0)]
    pub struct Lamp {
        #[synced(name = "position", id = 1, live, initial = [1.0,2.0,0.5])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "brightness", id = 2, initial = 0.75)]
        pub brightness: LwwRegister<f64>,
        #[synced(name = "owner", id = 3, authority = "owner")]
        pub owner: LwwRegister<Option<ReplicaId>>,
    }

}

pub(crate) mod mug {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Coffee Mug", rate = 20.0, ownership(model = "any", transfer_on_grab = true))]
    pub struct CoffeeMug {
        #[synced(name = "position", id = 1, live, initial = [0.4,0.9,-1.2])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live, initial = [0.0,0.3826834323650898,0.0,0.9238795325112867])]
        pub rotation: LwwRegister<Quat>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Saucer", rate = 20.0)]
    pub struct Saucer {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live, initial = [0.7071067811865476,0.0,0.0,0.7071067811865475])]
        pub rotation: LwwRegister<Quat>,
    }

}

pub(crate) mod player {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "player", rate = 20.0)]
    pub struct Player {
        #[synced(name = "position", id = 1, live, initial = [0.0,1.6,0.0])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "health", id = 3, initial = 100)]
        pub health: LwwRegister<i64>,
        #[synced(name = "inventory", id = 4)]
        pub inventory: OrSet<Value>,
    }

}

pub(crate) mod robot_arm {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "RobotArm.joints.gripper", authority = "server")]
    pub struct RobotArmJointsGripper {
        #[synced(name = "opening", id = 1, initial = 0.02)]
        pub opening: LwwRegister<f64>,
        #[synced(name = "force", id = 2)]
        pub force: LwwRegister<i64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "RobotArm.joints", authority = "server")]
    pub struct RobotArmJoints {
        #[synced(name = "base", id = 1)]
        pub base: LwwRegister<f64>,
        #[synced(name = "shoulder", id = 2, initial = -12.5)]
        pub shoulder: LwwRegister<f64>,
        #[synced(name = "gripper", id = 3)]
        pub gripper: RobotArmJointsGripper,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "RobotArm", rate = 20.0, authority = "server")]
    pub struct RobotArm {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "joints", id = 3)]
        pub joints: RobotArmJoints,
        #[synced(name = "load_kg", id = 4)]
        pub load_kg: LwwRegister<f64>,
        #[synced(name = "running", id = 5, initial = true)]
        pub running: LwwRegister<bool>,
        #[synced(name = "fault", id = 6)]
        pub fault: LwwRegister<Option<Value>>,
        #[synced(name = "serial", id = 7, initial = "RA-2")]
        pub serial: LwwRegister<String>,
    }

}

pub(crate) mod scoreboard {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "scoreboard", rate = 5.0)]
    pub struct Scoreboard {
        #[synced(name = "goals", id = 1)]
        pub goals: PnCounter,
        #[synced(name = "visitors", id = 2)]
        pub visitors: GCounter,
        #[synced(name = "kills", id = 3)]
        pub kills: PnCounter,
        #[synced(name = "fouls", id = 4)]
        pub fouls: PnCounter,
        #[synced(name = "best", id = 5, initial = 12.5)]
        pub best: LwwRegister<f64>,
        #[synced(name = "champion", id = 6, initial = "nobody")]
        pub champion: LwwRegister<String>,
        #[synced(name = "tags", id = 7)]
        pub tags: OrSet<String>,
        #[synced(name = "limits", id = 8)]
        pub limits: LwwMap<String, f64>,
    }

}

pub(crate) mod shared_ball {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "SharedBall", rate = 20.0, ownership(model = "any", transfer_on_grab = true))]
    pub struct SharedBall {
        #[synced(name = "position", id = 1, live, initial = [0.0,1.0,-2.0])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "color", id = 3, initial = "#3366ff")]
        pub color: LwwRegister<Color>,
    }

}

pub(crate) mod therapist_view {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "therapist_view", rate = 30.0)]
    pub struct TherapistView {
        #[synced(name = "patient_state", id = 1)]
        pub patient_state: LwwRegister<Option<Value>>,
    }

}

pub(crate) mod values {
    use holo_runtime::*;

    #[derive(Clone, Debug, Element)]
    #[element(name = "values.records[]")]
    pub struct ValuesRecordsItem {
        #[element(name = "id")]
        pub id: i64,
        #[element(name = "name")]
        pub name: String,
        #[element(kept)]
        pub __kept: Kept,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "values", rate = 30.0)]
    pub struct Values {
        #[synced(name = "whole", id = 1, initial = -3)]
        pub whole: LwwRegister<i64>,
        #[synced(name = "fraction", id = 2, initial = 0.001)]
        pub fraction: LwwRegister<f64>,
        #[synced(name = "negative", id = 3, initial = -0.5)]
        pub negative: LwwRegister<f64>,
        #[synced(name = "text", id = 4, initial = "single")]
        pub text: LwwRegister<String>,
        #[synced(name = "empty", id = 5)]
        pub empty: LwwRegister<String>,
        #[synced(name = "nothing", id = 6)]
        pub nothing: LwwRegister<Option<Value>>,
        #[synced(name = "colour", id = 7, initial = "#ff8800")]
        pub colour: LwwRegister<Color>,
        #[synced(name = "short", id = 8, initial = "#ff8800")]
        pub short: LwwRegister<Color>,
        #[synced(name = "alpha", id = 9, initial = "#ff880080")]
        pub alpha: LwwRegister<Color>,
        #[synced(name = "point", id = 10, initial = [1.0,2.5,-3.0])]
        pub point: LwwRegister<Vec3>,
        #[synced(name = "words", id = 11, initial = ["b", "a"])]
        pub words: OrSet<String>,
        #[synced(name = "numbers", id = 12, initial = [1.0,2.0,3.0])]
        pub numbers: LwwRegister<Vec3>,
        #[synced(name = "mixed", id = 13, initial = [1, "a", true])]
        pub mixed: OrSet<Value>,
        #[synced(name = "records", id = 14, initial = [{"id": 1, "name": "x"}])]
        pub records: OrSet<ValuesRecordsItem>,
        #[synced(name = "map", id = 15)]
        pub map: LwwMap<String, Value>,
        #[synced(name = "id", id = 16)]
        pub id: LwwRegister<Option<Value>>,
        #[synced(name = "when", id = 17)]
        pub when: LwwRegister<Option<Value>>,
    }

}

pub(crate) mod whiteboard {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Studio/Board", rate = 10.0)]
    pub struct Board {
        #[synced(name = "strokes", id = 1)]
        pub strokes: OrSet<Value>,
        #[synced(name = "page", id = 2, initial = 1)]
        pub page: LwwRegister<i64>,
        #[synced(name = "locked", id = 3)]
        pub locked: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Studio")]
    pub struct Studio {
        #[synced(name = "North Board", id = 1)]
        pub north_board: Board,
        #[synced(name = "South Board", id = 3, initial("page" = 2))]
        pub south_board: Board,
    }

}

pub(crate) mod world {

pub(crate) mod arena {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena", rate = 30.0)]
    pub struct Arena {
        #[synced(name = "round", id = 1, initial = 1)]
        pub round: LwwRegister<i64>,
        #[synced(name = "Kick Off", id = 2)]
        pub kick_off: Ball,
        #[synced(name = "Spare", id = 3, initial("position" = [4.0,1.0,0.0], "color" = "#00ff0080", "score"("away" = 3)))]
        pub spare: Ball,
        #[synced(name = "Left/Cone", id = 4, initial("up" = false))]
        pub left_cone: Cone,
        #[synced(name = "Left/Stack", id = 11, initial("mood" = "wild", "load"("water" = 9.0), "marks" = ["old", "wet"]))]
        pub stack: super::props::Crate,
        #[synced(name = "Right/Cone", id = 6)]
        pub right_cone: Cone,
        #[synced(name = "Gate", id = 7)]
        pub gate: Gate,
        #[synced(name = "Stand", id = 8)]
        pub stand: Stand,
        #[synced(name = "Cone[]", id = 9)]
        pub cones: OrMap<InstanceId, Cone>,
        #[synced(name = "Spark[]", id = 10)]
        pub sparks: OrMap<InstanceId, super::props::Spark>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena/Ball.score")]
    pub struct BallScore {
        #[synced(name = "home", id = 1)]
        pub home: LwwRegister<i64>,
        #[synced(name = "away", id = 2)]
        pub away: LwwRegister<i64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena/Ball", rate = 20.0)]
    pub struct Ball {
        #[synced(name = "position", id = 1, live, initial = [0.0,1.0,0.0])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "color", id = 2, initial = "#ff0000")]
        pub color: LwwRegister<Color>,
        #[synced(name = "bounces", id = 3)]
        pub bounces: LwwRegister<i64>,
        #[synced(name = "score", id = 4)]
        pub score: BallScore,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena/Cone", rate = 30.0)]
    pub struct Cone {
        #[synced(name = "up", id = 1, initial = true)]
        pub up: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena/Gate", rate = 30.0)]
    pub struct Gate {
        #[synced(name = "open", id = 1)]
        pub open: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena/Stand/Flag", rate = 30.0)]
    pub struct Flag {
        #[synced(name = "raised", id = 1)]
        pub raised: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Arena/Stand")]
    pub struct Stand {
        #[synced(name = "Flag", id = 1)]
        pub flag: Flag,
    }

}

pub(crate) mod drone_swarm {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Drones/Drone.rotor", authority = "owner")]
    pub struct DroneRotor {
        #[synced(name = "rpm", id = 1)]
        pub rpm: LwwRegister<i64>,
        #[synced(name = "tilt", id = 2)]
        pub tilt: LwwRegister<f64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Drones/Drone", rate = 60.0, authority = "owner")]
    pub struct Drone {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "battery", id = 3, initial = 1.0)]
        pub battery: LwwRegister<f64>,
        #[synced(name = "cargo", id = 4)]
        pub cargo: OrSet<Value>,
        #[synced(name = "waypoint", id = 5, initial = [0.0,10.0,0.0])]
        pub waypoint: LwwRegister<Vec3>,
        #[synced(name = "rotor", id = 6)]
        pub rotor: DroneRotor,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Drones/Beta.rotor", authority = "owner")]
    pub struct BetaRotor {
        #[synced(name = "rpm", id = 1)]
        pub rpm: LwwRegister<i64>,
        #[synced(name = "tilt", id = 2)]
        pub tilt: LwwRegister<f64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Drones/Beta", rate = 60.0, authority = "owner")]
    pub struct Beta {
        #[synced(name = "position", id = 1, live, initial = [4.0,5.0,0.0])]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "battery", id = 3, initial = 1.0)]
        pub battery: LwwRegister<f64>,
        #[synced(name = "cargo", id = 4)]
        pub cargo: OrSet<Value>,
        #[synced(name = "waypoint", id = 5, initial = [0.0,10.0,0.0])]
        pub waypoint: LwwRegister<Vec3>,
        #[synced(name = "rotor", id = 6)]
        pub rotor: BetaRotor,
        #[synced(name = "escort", id = 7, initial = true)]
        pub escort: LwwRegister<bool>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Drones")]
    pub struct Drones {
        #[synced(name = "Alpha", id = 1, initial("position" = [0.0,5.0,0.0]))]
        pub alpha: Drone,
        #[synced(name = "Beta", id = 2)]
        pub beta: Beta,
    }

}

pub(crate) mod names {
    use holo_runtime::*;

    #[derive(Clone, Debug, Element)]
    #[element(name = "Sleep")]
    pub enum Sleep {
        #[element(name = "deep")]
        Deep,
        #[element(name = "light")]
        Light,
        #[element(other)]
        Other(String),
    }

}

pub(crate) mod props {
    use holo_runtime::*;

    #[derive(Clone, Debug, Element)]
    #[element(name = "Mood")]
    pub enum Mood {
        #[element(name = "calm")]
        Calm,
        #[element(name = "wild")]
        Wild,
        #[element(other)]
        Other(String),
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Crate.load")]
    pub struct CrateLoad {
        #[synced(name = "stones", id = 1)]
        pub stones: LwwRegister<i64>,
        #[synced(name = "water", id = 2, initial = 2.5)]
        pub water: LwwRegister<f64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Crate", rate = 10.0)]
    pub struct Crate {
        #[synced(name = "position", id = 1, live)]
        pub position: LwwRegister<Vec3>,
        #[synced(name = "rotation", id = 2, live)]
        pub rotation: LwwRegister<Quat>,
        #[synced(name = "mood", id = 3, initial = "calm")]
        pub mood: LwwRegister<Mood>,
        #[synced(name = "load", id = 4)]
        pub load: CrateLoad,
        #[synced(name = "marks", id = 5, initial = ["new"])]
        pub marks: OrSet<String>,
        #[synced(name = "owner", id = 6)]
        pub owner: LwwRegister<Option<ReplicaId>>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Spark", rate = 30.0)]
    pub struct Spark {
        #[synced(name = "heat", id = 1, initial = 1.0)]
        pub heat: LwwRegister<f64>,
    }

}

pub(crate) mod signs {
    use holo_runtime::*;

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Plaza/Sign", rate = 30.0)]
    pub struct PlazaSign {
        #[synced(name = "text", id = 1, initial = "Plaza")]
        pub text: LwwRegister<String>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Shop/Sign", rate = 30.0)]
    pub struct ShopSign {
        #[synced(name = "text", id = 1, initial = "Shop")]
        pub text: LwwRegister<String>,
        #[synced(name = "price", id = 2, initial = 9.99)]
        pub price: LwwRegister<f64>,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Plaza")]
    pub struct Plaza {
        #[synced(name = "Sign", id = 1)]
        pub sign: PlazaSign,
    }

    #[derive(Clone, Debug, Synced)]
    #[synced(name = "Shop")]
    pub struct Shop {
        #[synced(name = "Sign", id = 1)]
        pub sign: ShopSign,
    }

}
}
