//! Encodings, lines and columns.

use holo_grammar::SourceFile;

fn read(bytes: &[u8]) -> (SourceFile, Vec<String>) {
    let (source, found) = SourceFile::new("t.hsplus", bytes.to_vec());
    let found = found
        .iter()
        .map(|one| {
            let (line, column) = source.line_col(one.primary.span.start);
            format!("{line}:{column} {} {}", one.code.id, one.message)
        })
        .collect();
    (source, found)
}

#[test]
fn bytes_that_are_no_utf8() {
    let (source, found) = read(b"orb a {\n  n: \"\xc3\xa9\xff\" x: 1\n}\n");
    assert_eq!(
        found,
        ["2:8 HS001 the byte 0xFF at offset 16 is not valid UTF-8"]
    );
    assert!(source.text().contains("é\u{fffd}\" x: 1"));
    assert_eq!(holo_grammar::parse(source.text()).diagnostics, []);
}

#[test]
fn a_byte_order_mark_is_dropped() {
    let (source, found) = read("\u{feff}orb a { }".as_bytes());
    assert_eq!((source.text(), found.len()), ("orb a { }", 0));
    assert_eq!(
        read(b"\xef\xbb\xbfa: \xff").1,
        ["1:4 HS001 the byte 0xFF at offset 6 is not valid UTF-8"]
    );
}

#[test]
fn wide_encodings() {
    for bytes in [
        &b"\xff\xfeo\0r\0b\0"[..],
        b"\xfe\xff\0o\0r\0b",
        b"o\0r\0b\0 \0a\0",
        b"\0o\0r\0b\0 \0a",
    ] {
        assert_eq!(
            read(bytes).1,
            ["1:1 HS002 this file is UTF-16; HoloScript is read as UTF-8"]
        );
    }
    assert_eq!(
        read(b"\xff\xfe\0\0o\0\0\0").1,
        ["1:1 HS002 this file is UTF-32; HoloScript is read as UTF-8"]
    );
}

#[test]
fn a_nul_byte() {
    assert_eq!(
        read(b"a: 1\nb: \0 2").1,
        ["2:4 HS003 a NUL byte cannot stand in a source"]
    );
}

#[test]
fn lines_and_columns() {
    let (source, _) = read("é: 1\r\n日本 x\n\nend".as_bytes());
    assert_eq!(source.line_count(), 4);
    assert_eq!(source.line_col(0), (1, 1));
    assert_eq!(source.line_col(1), (1, 1), "inside a character");
    assert_eq!(source.line_col(2), (1, 2));
    let x = source.text().find('x').unwrap() as u32;
    assert_eq!(source.line_col(x), (2, 4));
    assert_eq!(source.line_col(10_000), (4, 4));
    let lines: Vec<_> = (1..=4)
        .map(|line| &source.text()[source.line(line).unwrap().range()])
        .collect();
    assert_eq!(lines, ["é: 1", "日本 x", "", "end"]);
    assert_eq!((source.line(0), source.line(5)), (None, None));
    assert_eq!(read(b"").0.line_col(0), (1, 1));
}

#[test]
fn columns_of_a_long_line() {
    let text = format!("x\n{}", "aé日".repeat(2_000));
    let (source, _) = SourceFile::new("long", text.clone().into_bytes());
    for (offset, _) in text.char_indices().skip(2) {
        let column = text[2..offset].chars().count() as u32 + 1;
        assert_eq!(source.line_col(offset as u32), (2, column));
    }
}
