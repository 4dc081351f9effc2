use super::*;

fn read(text: &str) -> (Vec<Node>, Faults) {
    let faults = Faults::new();
    let documents = parse("a.yml", text, &faults);
    (documents, faults)
}

/// Every scalar as `text@line:column` with the bytes at its span.
fn places(node: &Node, source: &str, out: &mut Vec<String>) {
    match &node.value {
        Value::Seq(nodes) => nodes.iter().for_each(|node| places(node, source, out)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            places(key, source, out);
            places(value, source, out);
        }),
        _ => {
            let Span { start, end, line, column } = node.span;
            out.push(format!("{line}:{column} {:?}", &source[start..end]));
        }
    }
}

#[test]
fn scalars_keep_their_text_and_place() {
    let text = "a: 0xc000006d\nü: [007, yes, 1e3, 'it''s', \"x\\n\"]\nn: ~\ne:\nl:\n  - k: |\n      two\n      lines\n";
    let (documents, faults) = read(text);
    assert!(faults.is_empty(), "{}", faults.render(false));
    let mut out = Vec::new();
    places(&documents[0], text, &mut out);
    insta::assert_snapshot!(out.join("\n"), @r#"
    1:1 "a"
    1:4 "0xc000006d"
    2:1 "ü"
    2:5 "007"
    2:10 "yes"
    2:15 "1e3"
    2:20 "'it''s'"
    2:29 "\"x\\n\""
    3:1 "n"
    3:4 "~"
    4:1 "e"
    4:2 ""
    5:1 "l"
    6:5 "k"
    7:7 "two\n      lines\n"
    "#);
    let list: Vec<_> =
        documents[0].get("ü").unwrap().as_seq().unwrap().iter().map(|n| n.as_text().unwrap()).collect();
    assert_eq!(list, ["007", "yes", "1e3", "it's", "x\n"]);
}

#[test]
fn several_documents_and_windows_line_ends() {
    let (documents, faults) = read("\u{feff}---\r\na: 1\r\n---\r\nb: 2\r\n...\r\n");
    assert!(faults.is_empty(), "{}", faults.render(false));
    assert_eq!(documents.len(), 2);
    let b = documents[1].get("b").unwrap();
    assert_eq!((b.as_i64(), b.span.line, b.span.column), (Some(2), 4, 4));
}

#[test]
fn numbers_are_read_on_request() {
    let (documents, _) = read("[0x10, -5, 1.5, '7', yes, true, 0x, .inf, 1_0, 2e2]");
    let nodes = documents[0].as_seq().unwrap();
    let whole: Vec<_> = nodes.iter().map(Node::as_i64).collect();
    assert_eq!(whole, [Some(16), Some(-5), None, None, None, None, None, None, None, None]);
    let numbers: Vec<_> = nodes.iter().map(Node::as_f64).collect();
    assert_eq!(numbers, [Some(16.0), Some(-5.0), Some(1.5), None, None, None, None, None, None, Some(200.0)]);
    assert_eq!(nodes[5].as_bool(), Some(true));
}

#[test]
fn faults_of_the_text_have_their_place() {
    let (_, faults) = read("a: 1\nb: !mine 2\na: 3\n? [x]\n: 4\n<<: {c: 1}\n");
    insta::assert_snapshot!(faults.render(false), @r"
    error[yaml::tag]: the tag `!mine` is not supported
     --> a.yml:2:10
      |
    2 | b: !mine 2
      |          ^ tagged

    error[yaml::duplicate-key]: the key `a` is given twice
     --> a.yml:3:1
      |
    3 | a: 3
      | ^ the second time
      |
      = help: it is already in line 1

    error[yaml::key]: a key must be a text, but a list stands here
     --> a.yml:4:3
      |
    4 | ? [x]
      |   ^^^ not a text

    error[yaml::merge-key]: the merge key `<<` is not supported
     --> a.yml:6:1
      |
    6 | <<: {c: 1}
      | ^^ merges another map
      |
      = help: write the keys out
    ");
    let (_, faults) = read("a:\n\tb: 1\n");
    insta::assert_snapshot!(faults.render(false), @r"
    error[yaml::syntax]: the file is not readable as YAML
     --> a.yml:2:2
      |
    2 |     b: 1
      |     ^ tabs disallowed within this context (block indentation)
    ");
    let (_, faults) = read("a: [1, 2\n\n\n");
    insta::assert_snapshot!(faults.render(false), @r"
    error[yaml::syntax]: the file is not readable as YAML
     --> a.yml:1:4
      |
    1 | a: [1, 2
      |    ^ unclosed bracket '['
    ");
}

#[test]
fn aliases_repeat_a_node_and_are_bounded() {
    let (documents, faults) = read("a: &x [1, 2]\nb: *x\n");
    assert!(faults.is_empty());
    assert_eq!(documents[0].get("b").unwrap().as_seq().unwrap().len(), 2);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = level - 1;
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 10].join(", "));
    }
    let (documents, faults) = read(&bomb);
    assert!(documents.is_empty());
    assert_eq!(faults.sorted()[0].code, "yaml::too-many-nodes");
    let (documents, faults) = read(&("[".repeat(70) + &"]".repeat(70)));
    assert!(documents.is_empty());
    assert_eq!(faults.len(), 1);
    let mut deep = "a0: &a0 [x]\n".to_owned();
    for level in 1..100 {
        deep += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(read(&deep).1.sorted()[0].code, "yaml::too-deep");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[-a:{}\\[\\]&*!|>'\"%#? \t\r\n\u{feff}ü,]{0,60}") {
        let (documents, faults) = read(&text);
        let _ = faults.render(false);
        for document in &documents {
            places(document, &text, &mut Vec::new());
        }
    }
}
