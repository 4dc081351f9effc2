use super::*;
use rdpwhy_rules::embedded;

#[test]
fn names_in_a_warning_become_pseudonyms_and_its_code_stays() {
    let (pack, _) = Pack::load(&embedded(), &[]).unwrap();
    let (forms, vocabulary) = (Forms::new(&[]), Vocabulary::new(&pack));
    let mut masks = Masks::new(named::Named::new(), &forms, &vocabulary);
    masks.file(&mut "anna/odd.evtx".to_owned());
    // `::c` would be an address.
    let told = rdpwhy_event::Warning::new("evtx::chunk-checksum", "anna/odd.evtx", "10.0.0.4 is lost")
        .at("chunk 7")
        .help("get anna/odd.evtx again");
    let mut told = Warning::Input(told);
    masks.warning(&mut told);
    assert_eq!(
        told.to_string(),
        "FOLDER-1/LOG-1.evtx: chunk 7: ADDRESS-1 is lost [evtx::chunk-checksum]\n  help: get FOLDER-1/LOG-1.evtx again"
    );
}
