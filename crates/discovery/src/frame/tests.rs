//! Frames of newer peers, and messages that are none.

use super::*;

#[test]
fn what_a_newer_peer_adds_is_passed_over() {
    let client = ClientFrame::from_json(r#"{"type":"heartbeat","nodes":[],"mood":"good"}"#);
    assert_eq!(client, Ok(ClientFrame::Heartbeat { nodes: vec![] }));
    assert_eq!(
        ClientFrame::from_json(r#"{"type":"dance","to":"x"}"#),
        Ok(ClientFrame::Unknown)
    );
    assert_eq!(
        ServerFrame::from_json(r#"{"type":"dance","to":["x"]}"#),
        Ok(ServerFrame::Unknown)
    );
    let gone = r#"{"type":"deregistered","node":{"service":"cart","node":"1"},"why":"upgraded"}"#;
    assert!(matches!(
        ServerFrame::from_json(gone),
        Ok(ServerFrame::Deregistered { why: Gone::Other, .. })
    ));
    let problem = r#"{"type":"problem","code":"too_blue","message":"x"}"#;
    assert!(matches!(
        ServerFrame::from_json(problem),
        Ok(ServerFrame::Problem(Problem {
            code: ProblemCode::Other,
            fatal: false,
            ..
        }))
    ));
}

#[test]
fn what_is_no_frame_is_told() {
    assert!(matches!(ClientFrame::from_json("hello"), Err(FrameError::NotJson(_))));
    assert!(matches!(
        ClientFrame::from_json("{\"type\":\"heartbeat\""),
        Err(FrameError::NotJson(_))
    ));
    for wrong in [
        "{}",
        "[]",
        "1",
        r#"{"type":5}"#,
        r#"{"type":"ack"}"#,
        r#"{"type":"ack","revision":-1}"#,
        r#"{"type":"ack","revision":9007199254740992}"#,
    ] {
        assert!(
            matches!(ClientFrame::from_json(wrong), Err(FrameError::Invalid(_))),
            "{wrong}"
        );
    }
    let wrong = r#"{"type":"register","node":{"service":"a b","id":"1","version":"1.0.0","addresses":["http://a:1"]}}"#;
    let error = ClientFrame::from_json(wrong).unwrap_err().to_string();
    assert!(error.contains("\"a b\" is not taken. Write 1 to 100"), "{error}");
}

#[test]
fn frames_are_bounded() {
    let long = format!(r#"{{"type":"heartbeat","x":"{}"}}"#, "a".repeat(MAX_CLIENT_FRAME));
    assert!(matches!(
        ClientFrame::from_json(&long),
        Err(FrameError::TooLong {
            most: MAX_CLIENT_FRAME,
            ..
        })
    ));
    let services: Vec<String> = (0..=MAX_SUBSCRIBED).map(|i| format!("\"s{i}\"")).collect();
    let many = format!(r#"{{"type":"subscribe","to":{{"services":[{}]}}}}"#, services.join(","));
    assert!(matches!(
        ClientFrame::from_json(&many),
        Err(FrameError::TooMany {
            field: "to.services",
            len: 1_001,
            ..
        })
    ));
    let deep = "[".repeat(100_000);
    assert!(ClientFrame::from_json(&deep).is_err());
    let deep = format!(r#"{{"type":"heartbeat","x":{deep}"#);
    assert!(ClientFrame::from_json(&deep).is_err());
}
