//! Every construct of the language as the tree says it.

mod common;

#[track_caller]
fn case(text: &str, tree: &str) {
    assert_eq!(common::tree(text), tree, "{text}");
}

#[test]
fn heads() {
    case("", "");
    case("\r\n", "");
    case(
        "orb player @networked @synced { health: 100 }",
        "NODE orb player @networked @synced {health = 100}",
    );
    case(
        "orb \"My Orb\" using \"T\" { }",
        "NODE orb My Orb using T {}",
    );
    case("player#hero { a: 1 }", "NODE player hero #hero {a = 1}");
    case("orb@shared {\n x: 1\n}", "NODE orb shared {x = 1}");
    case(
        "composition cube {\n @grabbable\n @networked\n}",
        "NODE composition cube {@grabbable; @networked}",
    );
    case(
        "orb x\n  @networked\n  @grabbable\n{ a: 1 }",
        "NODE orb x @networked @grabbable {a = 1}",
    );
    case("orb x\n{ a: 1 }", "NODE orb x {a = 1}");
    case(
        "text \"hi\"\n@skybox { a: 1 }",
        "NODE text hi; @skybox(a: 1)",
    );
    case("@networked orb z { }", "NODE orb z @networked {}");
    case(
        "light Sun @glow(c: #fff, k: \"a\") -> Target { }",
        "NODE light Sun @glow(c: #fff, k: \"a\") {}",
    );
    case(
        "orb a { b { c: 1 } orb d { } }",
        "NODE orb a {NODE b {c = 1}; NODE orb d {}}",
    );
    case("orb 日本語 { größe: 1 }", "NODE orb 日本語 {größe = 1}");
    // A letter may be two characters, and many scripts write marks on theirs.
    case(
        "orb cafe\u{301} { x: 1\n नमस्ते: 2\ny: 3 }",
        "NODE orb cafe\u{301} {x = 1; नमस्ते = 2; y = 3}",
    );
}

#[test]
fn traits() {
    case(
        "orb x {\n @n(rate: 20) @s(mode = \"a\") @t(\"x\") @owned { a: 1 b: true }\n}",
        "NODE orb x {@n(rate: 20); @s(mode: \"a\"); @t(\"x\"); @owned(a: 1, b: true)}",
    );
    case(
        "orb x {\n  @networked position\n}",
        "NODE orb x {position = true @networked}",
    );
    case(
        "orb b { color: \"red\" @networked }",
        "NODE orb b {color = \"red\"; @networked}",
    );
    case(
        "orb b {\n health: 100 @synced\n}",
        "NODE orb b {health = 100 @synced}",
    );
    case(
        "@networked {\n onJoin: (id) => {\n f({ a: 1 })\n }\n onLeave: (p) => g(p)\n rate: 20\n}",
        "@networked(onJoin: FN<(id) => { f({ a: 1 }) }>, onLeave: FN<(p) => g(p)>, rate: 20)",
    );
    case(
        "@synced {\n properties: [\"a\"] rate: 60\n}",
        "@synced(properties: [\"a\"], rate: 60)",
    );
    case("@a(\n  x: 1\n  y: 2\n)", "@a(x: 1, y: 2)");
    case("@zones { hall { a: 1 } }", "@zones(hall: <hall { a: 1 }>)");
}

#[test]
fn state() {
    case(
        "state Game { a: 1, b: 2; c: \"x\" }",
        "STATE state Game {a = 1; b = 2; c = \"x\"}",
    );
    case(
        "@state { x: number = 1\n y: T[] = [] }",
        "STATE state {x :number = 1; y :Array<T> = []}",
    );
    case(
        "props { a: 1 }\ndata { b: 2 }",
        "STATE props {a = 1}; STATE data {b = 2}",
    );
    case("state: { on: true }", "STATE state {on = true}");
    case(
        "state {\n @networked\n room: \"\" // the room\n @synced chat: [] @local_only tool: null\n score: 0 @counter\n}",
        "STATE state {@networked; room = \"\" //the room; chat = [] @synced; tool = null @local_only; score = 0 @counter}",
    );
    case(
        "networked { position: synced  hp: interpolated }",
        "NETWORKED {position = ~synced; hp = ~interpolated}",
    );
    case(
        "networked_object v {\n sync_rate: 20hz\n position: synced\n}",
        "NODE networked_object v {sync_rate = 20hz; position = ~synced}",
    );
}

#[test]
fn types_and_modifiers() {
    case("level: synced int = 1", "level synced :int = 1");
    case("x: synced Item | null = null", "x synced :Item|null = null");
    case(
        "hp: synced int = 20 if (features.x)",
        "hp synced :int = 20 if features.x",
    );
    case("hp: synced int", "hp synced :int");
    case("a: replicated = 3", "a replicated = 3");
    case("health: PNCounter", "health = ~PNCounter");
    case("tags: Set<string>", "tags :Set<string>");
    case("m: Map<string, T[]> = {}", "m :Map<string, Array<T>> = {}");
    case(
        "mode: \"idle\" | \"busy\" = \"idle\"",
        "mode :\"idle\"|\"busy\" = \"idle\"",
    );
    case(
        "o?: Vec3\np: Foo? = null\nq: game.Item",
        "o? = ~Vec3; p :Foo|null = null; q = ~game.Item",
    );
    case("s: { a: int } = { a: 1 }", "s :? = {a = 1}");
    case("a: b < c", "a = <b < c>");
}

#[test]
fn values() {
    case("a: 70  b: true\nc", "a = 70; b = true; c = true");
    case(
        "a: 1.5 b: 1e3 c: -2 d: 0xff e: 0b101 f: 1_000",
        "a = 1.5; b = 1000.0; c = -2; d = 255; e = 5; f = 1000",
    );
    case(
        "a: 20hz b: 100ms c: 45deg d: 80% e: -5m",
        "a = 20hz; b = 100ms; c = 45deg; d = 80%; e = -5m",
    );
    case(
        "a: #ff8800 b: #fff c: \"#fff\" # note",
        "a = #ff8800; b = #fff; c = \"#fff\" //note",
    );
    case(
        "a: null b: none c: uuid() d: state.x e: a-b",
        "a = null; b = null; c = uuid(); d = ~state.x; e = ~a-b",
    );
    case(
        "a: x + y *\n  2\nb: p ? q : r\nc: `t ${u + `v`}`",
        "a = <x + y * 2>; b = <p ? q : r>; c = <`t ${u + `v`}`>",
    );
    case(
        "a: ${x} b: \"n ${x}\" c: /a[/]\"/g.test(y)",
        "a = <${x}>; b = <\"n ${x}\">; c = </a[/]\"/g.test(y)>",
    );
    case(
        "a: (x) => { y }\nb: z => 1\nc: function (q) { r }",
        "a = FN<(x) => { y }>; b = FN<z => 1>; c = FN<function (q) { r }>",
    );
    case(
        "a: { b: 1, \"c\": 2\n 3.0: x }",
        "a = {b = 1; c = 2; 3.0 = ~x}",
    );
    case("a: [\n { b: 1 }\n { c: 2 },\n]", "a = [{b = 1}, {c = 2}]");
    case(
        "a: { self.b = 1 } c: <p x=\"y\">don't {z}</p>\nd: 1",
        "a = <{ self.b = 1 }>; c = <<p x=\"y\">don't {z}</p>>; d = 1",
    );
    case(
        "a: \"one\n two\" b: 'it' c: \"\\n\\\"\\u0041\\u{1F600}\\ud83d\\ude00\"",
        "a = \"one\\n two\"; b = \"it\"; c = \"\\n\\\"A😀😀\"",
    );
    case("a: \"\"\"x \"y\" z\"\"\"", "a = \"x \\\"y\\\" z\"");
    case(
        "a = 1\nb = [0]\nc:\n  \"below\"",
        "a = 1; b = [0]; c = \"below\"",
    );
}

#[test]
fn code() {
    case(
        "onClick: { this.x += 1 }\non_grab { a }\non_release() { b }",
        "CODE onClick <this.x += 1>; CODE on_grab <a>; CODE on_release <b>",
    );
    case(
        "action attack(t, n = 1) { c }\nfunction f(x: T): U { d }",
        "CODE action attack <c>; CODE function f <d>",
    );
    case(
        "async load() { e }\nbar(x) { f }\non beat(d) { g }",
        "CODE async load <e>; CODE bar <f>; CODE on beat <g>",
    );
    case(
        "logic { on_tick() { f } }\nlogic \"t\" { g }",
        "CODE logic <on_tick() { f }>; CODE logic t <g>",
    );
    case(
        "@on_mount => go()\n@on_x() { h }\n@on_y: (t) -> { k }",
        "CODE on_mount <go()>; CODE on_x <h>; CODE on_y <k>",
    );
    case(
        "@networked action fire() { k }\n@synced\naction g() { l }",
        "@networked CODE action fire <k>; @synced CODE action g <l>",
    );
    case(
        "@networked\n\nfunction f() { }",
        "@networked; CODE function f <>",
    );
    case("@networked\non_grab() { }", "@networked; CODE on_grab <>");
    case(
        "@method t(x: T): U[] { m }\n@update { this.x = 1 }",
        "CODE method t <m>; CODE update <this.x = 1>",
    );
    case("@computed power = a * 2", "power = <a * 2> @computed");
    case(
        "if (a) { b } else { c }\nx.y = 3\nf(1)",
        "CODE if <b>; OTHER <x.y = 3>; OTHER <f(1)>",
    );
    case(
        "onHover: handle\nonFocus: true",
        "onHover = ~handle; onFocus = true",
    );
    case(
        "@render { <a href=\"x\">don't { y }</a> }\nx: 1",
        "CODE render <<a href=\"x\">don't { y }</a>>; x = 1",
    );
}

#[test]
fn imports_and_declarations() {
    case("import { a as b, c } from \"x\"", "IMPORT x [a as b, c]");
    case(
        "import D from \"./d\"\nimport * as e from \"e\";",
        "IMPORT ./d [D]; IMPORT e [] as e",
    );
    case(
        "@import \"x\" as y\nimport \"z\"",
        "IMPORT x [] as y; IMPORT z []",
    );
    case(
        "export template \"W\" { a: 1 }\nexport default orb m { }",
        "NODE template W {a = 1}; NODE orb m {}",
    );
    case(
        "export { a } from \"c\"\nconst a = [...b,\n 1]",
        "EXPORT c [a]; const a = [<...b>, 1]",
    );
    case(
        "export { a, b as c }\nexport * from \"d\"\nexport * as e from \"f\"\nexport type { G } from \"h\"",
        "OTHER <export { a, b as c }>; EXPORT d []; EXPORT f [] as e; EXPORT h [G]",
    );
    case(
        "enum E { \"a b\", 'c',\n\"d\" = 2 }\nstate { \"a\" }",
        "NODE enum E {a b = true; c = true; d = 2}; STATE state {OTHER <\"a\">}",
    );
    case(
        "struct S { a: T = 1\n b: U }\nenum E { A, B = 2 }",
        "NODE struct S {a :T = 1; b = ~U}; NODE enum E {A = true; B = 2}",
    );
    case(
        "type U =\n | \"a\"\n | \"b\"\nx: 1",
        "TYPE U = \"a\"|\"b\"; x = 1",
    );
    case("orb a { ...Base }", "NODE orb a {...Base}");
}

#[test]
fn docs() {
    case(
        "// far\n\n// Docs of a.\n// Second.\norb a { // not docs\n /** Health\n  * points. */\n health: 100 // left\n x: 1, // ex\n}",
        "NODE orb a {health = 100 //Health|points.|left; x = 1 //ex} //Docs of a.|Second.",
    );
    case("# don't\nx: 1\n# --\ny: 2", "x = 1 //don't; y = 2");
}

#[test]
fn handlers_of_dialects() {
    case("onStateChange home.mode { a }", "CODE onStateChange <a>");
    case("@on_voice {r} -> { a }\nx: 1", "CODE on_voice <a>; x = 1");
    case("@on_t (r) -> { a }", "CODE on_t <a>");
    case("traits [\n \"a\"\n]", "OTHER <traits [ \"a\" ]>");
}

#[test]
fn windows_lines() {
    case(
        "// a\r\norb a {\r\n  // doc\r\n  x: 1\r\n\r\n  y: \"b\" // t\r\n  c\r\n}\r\n",
        "NODE orb a {x = 1 //doc; y = \"b\" //t; c = true} //a",
    );
}

#[test]
fn types_before_a_body() {
    case(
        "@method f(a: string): { x: T, y: T } | null { g() }",
        "CODE method f <g()>",
    );
    case(
        "@method f(a) -> { x: T } | null { g() }",
        "CODE method f <g()>",
    );
    case(
        "@method async f(): Promise<{\n  x: T\n}> {\n  g()\n}\nx: 1",
        "CODE method f <g()>; x = 1",
    );
    case("function f(): { x: T }[] { g() }", "CODE function f <g()>");
    case(
        "function f<T extends (...a: any[]) => any>(\n  g: T,\n): T {\n  h()\n}\nx: 1",
        "CODE function f <h()>; x = 1",
    );
    case("f<T>(a: T): T { g() }", "CODE f <g()>");
    case("a: 1\nevery 100 {\n  g()\n}", "a = 1; CODE every <g()>");
}

#[test]
fn a_trait_made_of_others() {
    case(
        "@hover = @float + @drive(2)\nx: 1",
        "OTHER <@hover = @float + @drive(2)>; x = 1",
    );
}

#[test]
fn quotes_in_the_text_of_markup() {
    case(
        "component C {\n  render() {\n    <ul>\n      <li>A 5\" nail</li>\n      <li>\n        She said \"hi\n      </li>\n      <li>it's</li>\n    </ul>\n  }\n  x: \"y\"\n}",
        "NODE component C {CODE render <<ul> <li>A 5\" nail</li> <li> She said \"hi </li> <li>it's</li> </ul>>; x = \"y\"}",
    );
}

#[test]
fn declarations() {
    case(
        "// How many.\nconst LIMIT: int = 10 // here\nlet a = [1, 2]\nvar b\nlet c: string\n",
        "const LIMIT :int = 10 //How many.; let a = [1, 2]; var b; let c :string",
    );
    case(
        "export const f = (x) => {\n  g(x)\n}\nconst h = a\n  .b()\n  .c()\nconst m: Map<string, T[]> = new Map()",
        "const f = FN<(x) => { g(x) }>; const h = <a .b() .c()>; const m :Map<string, Array<T>> = <new Map()>",
    );
    case(
        "const k = x ?? 1\nconst n = a ? b : c",
        "const k = <x ?? 1>; const n = <a ? b : c>",
    );
    // Forms of code stay as text, and what is free in code is no mistake in them.
    case(
        "const { a, b } = f()\nlet x = 1, y = 2",
        "OTHER <const { a, b } = f()>; OTHER <let x = 1, y = 2>",
    );
    case(
        "const a = { b: 1,, c() { } }",
        "const a = <{ b: 1,, c() { } }>",
    );
    case(
        "type Mode = \"calm\" | \"wild\"\ntype Id = string\ntype Pair<T> = Map<string, T>[] | null",
        "TYPE Mode = \"calm\"|\"wild\"; TYPE Id = string; TYPE Pair = Array<Map<string, T>>|null",
    );
    case(
        "type Spot = {\n  x: int\n  y?: int\n}\ntype F = (a: T) => U",
        "NODE type Spot {x = ~int; y? = ~int}; TYPE F = ?",
    );
    case(
        "interface Item extends Base {\n  id: string\n  tags: string[]\n  use(a: T): U\n}",
        "NODE interface Item {id = ~string; tags :Array<string>; CODE use <>}",
    );
    case(
        "export abstract class A<T> extends B {\n  f() { g() }\n}\nx: 1",
        "CODE class A <f() { g() }>; x = 1",
    );
}

#[test]
fn type_parameters() {
    case(
        "@method f(): Map<string, any> { g() }\nfunction pick<T extends U, K>(a: T): Pick<T, K> {\n  h()\n}",
        "CODE method f <g()>; CODE function pick <h()>",
    );
    case(
        "@method f(a: T) -> Map<string, any> { g() }\n@computed h() -> A<B, C> {\n x()\n}",
        "CODE method f <g()>; @computed CODE h <x()>",
    );
    case(
        "state {\n  a: any = Map<string, T>()\n  b: 1 < 2\n  c: x<y\n  d: f<T>(1).g\n}",
        "STATE state {a :any = <Map<string, T>()>; b = <1 < 2>; c = <x<y>; d = <f<T>(1).g>}",
    );
    case(
        "import { A, type B as C,\n // c\n type } from \"x\"",
        "IMPORT x [A, B as C, type]",
    );
}

#[test]
fn structures_behind_a_modifier() {
    case(
        "a: synced {\n  x: int = 1,\n  y: 2\n} if (on)\nb: 1",
        "a synced = {x :int = 1; y = 2} if on; b = 1",
    );
}

#[test]
fn events() {
    case(
        "@event scored(by: string)\n@event other()\n@event",
        "CODE event scored <>; CODE event other <>; @event",
    );
}

#[test]
fn the_end_of_a_comment_is_no_line_of_it() {
    // Found by fuzzing: it was one if blanks stood before it.
    for end in ["*/", " */", "\t*/"] {
        let text = format!("/* a\n{end}\n/* b */\norb c {{ }}");
        case(&text, "NODE orb c {} //a|b");
    }
}
