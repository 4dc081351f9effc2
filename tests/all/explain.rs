//! What people ask `rdpwhy explain`, as whole runs of the command.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::rules_command::rdpwhy;
use assert_cmd::Command;
use serde_json::Value;

fn explain(arguments: &[&str], typed: &str) -> (String, i32) {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.arg("explain").args(arguments).write_stdin(typed).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text.split_whitespace().collect::<Vec<_>>().join(" "), output.status.code().unwrap())
}

/// What is typed, the exit status, and what the answer contains.
const QUESTIONS: [(&[&str], i32, &[&str]); 36] = [
    // Numbers in any base.
    (
        &["904"],
        0,
        &[
            "904 is not a known decimal code; you probably mean 0x904",
            "disconnectReasonAtClientWinsockFDCLOSE",
        ],
    ),
    (&["2308"], 0, &["0x904 (2308)", "rdpwhy LOGS --error 0x904"]),
    (&["0x904"], 0, &["In short", "It points to", "rdpwhy LOGS --error 0x904"]),
    (&["-1073741715"], 0, &["STATUS_LOGON_FAILURE"]),
    (&["3221225581"], 0, &["STATUS_LOGON_FAILURE"]),
    (&["C000006D"], 0, &["STATUS_LOGON_FAILURE"]),
    (&["80070005"], 0, &["you probably mean 0x80070005", "access denied"]),
    (&["error code 516"], 0, &["disconnectReasonSocketConnectFailed", "Read in hexadecimal, 0x516"]),
    // Names.
    (&["STATUS_LOGON_FAILURE"], 0, &["0xc000006d", "bad-credentials-or-account-state"]),
    (&["nte_bad_keyset"], 0, &["0x80090016", "The private key of the Remote Desktop certificate"]),
    (&["SEC_E_UNKNOWN_CREDENTIALS"], 0, &["0x8009030d"]),
    (&["ServerDeniedConnection"], 0, &["0x7 (7)"]),
    // The names of MS-RDPBCGR 2.2.5.1.1 and of the client's interface, beside those of the table.
    (&["ERRINFO_LICENSE_NO_LICENSE_SERVER"], 0, &["0x101 (257)", "0x10101 (65793)", "rds-licensing"]),
    (&["exDiscReasonServerDeniedConnection"], 0, &["0x7 (7), ServerDeniedConnection"]),
    (&["STATUS_LOGON_FAILUR"], 1, &["not the name of a known code", "Similar names: - STATUS_LOGON_FAILURE"]),
    // Pairs.
    (&["0x904/0x7"], 0, &["0x904 with 0x7: the connection died before a session existed", "--extended 0x7"]),
    (&["0x904, 0x7"], 0, &["0x904 with 0x7: the connection died before a session existed"]),
    (&["0x904 0x7"], 0, &["0x904 with 0x7: the connection died before a session existed"]),
    (&["error", "code:", "0x904", "extended", "error", "code:", "0x7"], 0, &["0x904 with 0x7"]),
    // Words.
    (&["access denied"], 0, &["E_ACCESSDENIED", "STATUS_ACCESS_DENIED"]),
    (&["access", "denied"], 0, &["E_ACCESSDENIED"]),
    (
        &["an authentication error has occurred"],
        0,
        &["the sentence that follows it", "credssp-patch-mismatch"],
    ),
    (&["An internal error has occurred."], 0, &["does not mean: a fault of the client"]),
    (
        &["The Local Security Authority cannot be contacted"],
        0,
        &["the password has expired or must be changed"],
    ),
    (&["certificate expired"], 0, &["rdpwhy rules show rdp-cert-expired-not-renewed"]),
    (
        &["an authentication problem occurred here"],
        1,
        &["nearest known messages", "An authentication error has occurred"],
    ),
    (&["banana"], 1, &["Nothing is known about \"banana\"", "What to try"]),
    // Events.
    (&["4625"], 0, &["Event 4625 (Security", "An account failed to log on.", "used by: evidence"]),
    (
        &["event 1149"],
        0,
        &["RemoteConnectionManager", "Never take it as proof of a logon", "network-authenticated-1149"],
    ),
    (&["Event ID: 1149"], 0, &["network-authenticated-1149"]),
    (&["Schannel 36870"], 0, &["Event 36870 (System", "evidence for rdp-key-inaccessible"]),
    (&["LSM 40"], 0, &["LocalSessionManager/Operational", "link-lost-40"]),
    (&["RCM", "1149"], 0, &["network-authenticated-1149"]),
    (
        &["Schannel 1149"],
        1,
        &["Event 1149 of Schannel: no rule looks at this event", "RemoteConnectionManager"],
    ),
    (&["event 9999"], 1, &["Event 9999: no rule looks at this event."]),
    (&["0x905"], 1, &["no table contains this code", "One digit away", "0x904 (2308)"]),
];

/// Names of MS-RDPBCGR 2.2.5.1.1 that are spelled differently elsewhere, one of each kind, with their values.
const SPECIFIED: [(&str, &str); 8] = [
    ("ERRINFO_RPC_INITIATED_DISCONNECT", "0x1"),
    ("ERRINFO_DISCONNECTED_BY_OTHERCONNECTION", "0x5"),
    ("ERRINFO_CB_SESSION_ONLINE_VM_SESSMON_FAILED", "0x412"),
    ("ERRINFO_UNKNOWNPDUTYPE2", "0x10c9"),
    ("ERRINFO_SECURITYDATATOOSHORT23", "0x1126"),
    ("ERRINFO_BAD_FRAME_ACK_DATA", "0x112c"),
    ("ERRINFO_DYNAMICDSTDISABLEDFIELDMISSING", "0x1132"),
    ("ERRINFO_DECRYPTFAILED2", "0x1195"),
];

#[test]
fn each_name_of_the_specification_is_known() {
    for (name, value) in SPECIFIED {
        let (said, status) = explain(&[name], "");
        assert!(status == 0 && said.contains(&format!("- {value} (")), "{name}: {said}");
    }
}

#[test]
fn people_get_an_answer_to_what_they_type() {
    for (typed, status, expected) in QUESTIONS {
        let (text, code) = explain(typed, "");
        assert_eq!(code, status, "{typed:?}\n{text}");
        for part in expected {
            assert!(text.contains(part), "{typed:?}: {part:?} is missing in\n{text}");
        }
    }
}

#[test]
fn a_whole_dialog_can_be_pasted() {
    let dialog = "Remote Desktop Connection\r\n\r\nThis computer can\u{2019}t connect to the remote computer.\r\n\r\n\
                  Try connecting again. If the problem continues, contact the owner of the remote computer.\r\n\r\n\
                  Error code: 0x904\r\nExtended error code: 0x7\r\nTimestamp (UTC): 03/09/26 07:58:31 AM\r\n\
                  Activity ID: 5a3c6f0e-0000-0000-0000-1234567890ab\r\nPress Ctrl+C to copy.";
    let (text, code) = explain(&["-"], dialog);
    assert_eq!(code, 0, "{text}");
    for part in ["0x904 with 0x7: ", "a connection existed and broke before the desktop appeared"] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    assert_eq!(explain(&[dialog], "").0, text);
}

#[test]
fn what_was_typed_comes_back_inert() {
    let (text, code) = explain(&["\u{1b}]0;title\u{7} banana"], "");
    assert_eq!(code, 1);
    assert!(!text.contains(['\u{1b}', '\u{7}']) && text.contains("\\u{1b}"), "{text}");
    assert_eq!(explain(&[""], "").1, 1);
    assert_eq!(explain(&["-"], "").1, 1);
}

#[test]
fn programs_get_events_names_and_texts() {
    let (text, _) = explain(&["event 1149", "NTE_BAD_KEYSET", "--format", "json"], "");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["events"][0]["event_id"], 1149);
    assert_eq!(answer["names"][0]["entries"][0]["code"], "0x80090016");
    let (text, _) = explain(&["an internal error has occurred", "--format", "json"], "");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert!(answer["texts"][0]["causes"][0]["cause"].is_string());
}

#[test]
fn a_pair_is_explained_as_a_pair() {
    let (text, _, code) = rdpwhy(&["explain", "0x904", "0x7"]);
    assert_eq!(code, 0);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "0x904 (2308) together with 0x7 (7)",
        "The connection died before a session existed; nobody has proved yet that the host denied it.",
        "The literal reading is wrong in practice.",
        "SetErrorInfo(0x7) in the failed connection proves a real denial",
        "rdp-key-inaccessible: The private key",
        "0x904 (2308) disconnectReasonAtClientWinsockFDCLOSE",
        "does not mean: a closed port (0x204)",
        "0x7 (7) ServerDeniedConnection",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert_eq!(rdpwhy(&["explain", "2308", "7"]).0, rdpwhy(&["explain", "0x904", "0x7"]).0);
}

#[test]
fn one_code_is_looked_up_in_all_tables_or_in_one() {
    let (all, _, _) = rdpwhy(&["explain", "5"]);
    for table in ["core-disconnect-reasons", "session-disconnect-reasons", "extended-disconnect-reasons"] {
        assert!(all.contains(table), "{table} is missing in\n{all}");
    }
    let (one, _, _) = rdpwhy(&["explain", "0x5", "--table", "core-disconnect-reasons"]);
    insta::assert_snapshot!(one, @r"
    In short
    --------

    - 0x5 (5): another connection took the session over. Points to A stuck session
      is in the way, or another connection took the session over.

    0x5 (5)
    -------

    How a connection ended on the host (RdpCoreTS 103)

    means:  another connection took the session over
    table:  core-disconnect-reasons
    source: Undocumented; read from what preceded 141 real records.

    It points to:

    - session-conflict-stuck: A stuck session is in the way, or another connection
      took the session over
    ");
    let (_, error, code) = rdpwhy(&["explain", "5", "--table", "core-reasons"]);
    assert_eq!(code, 2);
    assert!(error.contains("core-disconnect-reasons"), "{error}");
}

#[test]
fn codes_are_read_however_they_are_written() {
    let hex = rdpwhy(&["explain", "0xC000006D"]);
    assert!(hex.0.contains("STATUS_LOGON_FAILURE"));
    assert_eq!(rdpwhy(&["explain", "-1073741715"]).0, hex.0);
    assert_eq!(rdpwhy(&["explain", "--", "-1073741715"]).0, hex.0);
    assert_eq!(rdpwhy(&["explain", "3221225581"]).0, hex.0);
    assert!(rdpwhy(&["explain", "%%2313"]).0.contains("unknown user name or wrong password"));
    assert!(rdpwhy(&["explain", "2313"]).0.contains("unknown user name or wrong password"));
    assert_eq!(rdpwhy(&["explain", "anna"]).2, 1);
}

#[test]
fn an_unknown_code_is_said_to_be_unknown() {
    let (text, _, code) = rdpwhy(&["explain", "0x905"]);
    assert_eq!(code, 1);
    for expected in ["0x905 (2309) unknown", "No table contains this code.", "0x904 (2308)", "Looked in: "] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert_eq!(rdpwhy(&["explain", "0x904", "0x99999"]).2, 1);
}

#[test]
fn programs_get_the_same_as_json() {
    let (text, _, _) = rdpwhy(&["explain", "0x904", "0x7", "--format", "json"]);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["codes"][0]["code"], "0x904");
    assert_eq!(answer["codes"][0]["entries"][0]["decimal"], 2308);
    assert_eq!(answer["codes"][1]["entries"][0]["name"], "ServerDeniedConnection");
    assert!(answer["pair"]["says"].as_array().unwrap().len() > 3);
    assert!(answer["pair"]["causes"][0]["title"].is_string());
}
