use rdpwhy_yaml::{Faults, parse};

use super::*;
use crate::Pack;

fn faults_of(text: &str) -> String {
    let faults = Faults::new();
    let path = "rules/codes/a.yml";
    let root = parse(path, text, &faults).remove(0);
    let causes = BTreeMap::from([("rain".to_owned(), CauseId::at(0))]);
    load(&[(Reader::new(path, &faults), root)], &Names { causes, ..Names::default() });
    faults.sorted().iter().map(|fault| format!("{}\n", fault.one_line())).collect()
}

#[test]
fn codes_are_one_however_they_are_written() {
    for text in ["0xC000006D", "0xc000006d", "3221225581", "-1073741715", "0xFFFFFFFFC000006D"] {
        assert_eq!(CodeValue::parse(text), Some(CodeValue::Number(0xC000_006D)), "{text}");
    }
    for text in ["", "0x", "%%", "0x1FFFFFFFF", "4294967296", "-2147483649", "1.5", "0x-1"] {
        assert_eq!(CodeValue::parse(text), None, "{text}");
    }
}

#[test]
fn tables_report_all_their_faults() {
    let text = "id: a\ntitle: t\nsource: s\npaired_with: b\nentries:\n  - { value: 0x10, decimal: 17, name: N, means: m }\n  \
                - { value: 16, name: N, means: m, causes: [rian] }\n  - { value: many, name: N, means: m }\npairs:\n  \
                - { value: 5, with: 7, title: t, says: x, source: s }\n";
    insta::assert_snapshot!(faults_of(text), @r"
    rules/codes/a.yml:4:14: error[rule::unknown-name]: there is no such table of codes
    rules/codes/a.yml:6:29: error[code::decimal]: 17 is not the decimal of this code
    rules/codes/a.yml:7:14: error[code::twice]: the code 0x10 (16) is given twice
    rules/codes/a.yml:7:46: error[rule::unknown-name]: there is no cause `rian`
    rules/codes/a.yml:8:14: error[code::value]: `many` is not a valid code
    rules/codes/a.yml:10:14: error[code::pair]: this table has no code 0x5 (5)
    ");
}

#[test]
fn a_code_in_a_text_is_found() {
    let (pack, _) = Pack::load(&crate::embedded(), &[]).unwrap();
    let field = |table: &str| pack.codes().iter().find(|t| t.id == table).unwrap().fields[0].clone();
    let of = field("extended-disconnect-reasons");
    let plain = pack.decode(&of.provider, of.event_id, &of.field, "0x5").map(|decoded| decoded.label());
    let called =
        pack.decode(&of.provider, of.event_id, &of.field, "SetErrorInfo(0x5)").map(|decoded| decoded.label());
    assert!(plain.is_some());
    assert_eq!(plain, called);
    assert_eq!(pack.decode(&of.provider, of.event_id, &of.field, "OnDisconnected"), None);
    assert_eq!(pack.decode(&of.provider, of.event_id, "Other", "0x5"), None);
}
