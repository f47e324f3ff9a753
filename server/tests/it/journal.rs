//! A journal that fills: senders are told to wait, replicas stay ready, and all goes on by itself.

use http::StatusCode;
use pointsman_domain::read::{JournalFull, PipelineStatus};
use pointsman_testing::TestDb;

use crate::otlp::{now_ns, span};
use crate::running::{Running, Setup};

/// A request that no compression makes smaller than some 20 kB.
fn large(number: u64) -> String {
    let mut request = span(number, now_ns());
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let noise: String = (0..40_000)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(b'!' + (state % 90) as u8)
        })
        .collect();
    request["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"] =
        serde_json::json!([{"key": "noise", "value": {"stringValue": noise}}]);
    request.to_string()
}

/// Sends until it is refused; answers the refusal's text.
async fn send_until_refused(server: &Running, first: u64) -> String {
    for number in first..first + 1000 {
        let answer = server.post("traces", large(number)).await;
        if answer.status == StatusCode::OK {
            continue;
        }
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
        assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
        return answer.text();
    }
    panic!("nothing was refused");
}

#[tokio::test]
async fn a_full_journal_is_refused_with_a_reason_until_workers_have_made_room() {
    let db = TestDb::new().await;
    let small = Setup::on(db.url()).with(&["--workers", "0", "--journal-max-bytes", "1MiB"]);
    let server = small.start().await;
    let said = send_until_refused(&server, 1).await;
    assert!(said.contains("--journal-max-bytes"), "{said}");

    let status: PipelineStatus = server.get("/status").await.unwrap();
    assert_eq!(status.journal_full, Some(JournalFull::Size));
    assert!((1 << 20..2 << 20).contains(&status.journal_bytes), "{status:?}");
    let ready = server.console("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    assert_eq!(ready.json()["journal"]["full"], "size");
    let metric = async || (server.metric("pointsman_journal_full").await == Some(1)).then_some(());
    server.until("the metric says so", metric).await;
    let page = server.console("/").await.text();
    assert!(
        page.contains("New telemetry is rejected: the queue of unprocessed telemetry is full."),
        "{page}"
    );

    // Somebody who works it off.
    let worker = Setup::on(db.url()).start().await;
    let accepted = async || {
        let answer = server.post("traces", span(5000, now_ns()).to_string()).await;
        (answer.status == StatusCode::OK).then_some(())
    };
    server.until("it takes telemetry again", accepted).await;
    worker.transformed().await;
    let status: PipelineStatus = server.get("/status").await.unwrap();
    assert_eq!((status.journal_full, status.journal_bytes), (None, 0));
    server.stop().await;
    worker.stop().await;
}

#[tokio::test]
async fn with_little_room_on_the_private_disk_telemetry_is_refused_and_the_rest_goes_on() {
    let setup = Setup::private();
    let server = setup.clone().with(&["--min-free-disk", "1000000GiB"]).start().await;
    let said = send_until_refused(&server, 1).await;
    assert!(said.contains("disk"), "{said}");
    assert_eq!(server.console("/readyz").await.status, StatusCode::OK);
    server.transformed().await;
    server.stop().await;

    let server = setup.start().await;
    assert_eq!(server.post("traces", large(2000)).await.status, StatusCode::OK);
    server.transformed().await;
    server.stop().await;
}

#[tokio::test]
async fn replicas_stay_ready_however_far_the_journal_they_share_lags_and_tell_how_far() {
    let db = TestDb::new().await;
    let idle = Setup::on(db.url()).with(&["--workers", "0"]);
    let (one, two) = (idle.start().await, idle.start().await);
    assert_eq!(
        one.post("traces", span(1, now_ns()).to_string()).await.status,
        StatusCode::OK
    );
    db.behind("UPDATE journal SET received_ns = received_ns - 3600 * 1000000000::bigint")
        .await;
    for server in [&one, &two] {
        let lag = async || {
            let ready = server.console("/readyz").await;
            assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
            assert_eq!(ready.json()["ready"], true);
            let lag = ready.json()["journal"]["lag_seconds"].as_f64()?;
            (lag > 3600.0).then_some(lag)
        };
        let lag = server.until("the lag is told", lag).await;
        assert!(lag < 3600.0 + 600.0, "{lag}");
        let metric = async || {
            let text = server.console("/metrics").await.text();
            let line = text
                .lines()
                .find(|line| line.starts_with("pointsman_journal_lag_seconds "))?;
            (line.split(' ').nth(1)?.parse::<f64>().ok()? > 3600.0).then_some(())
        };
        server.until("the metric tells it", metric).await;
        assert_eq!(
            server.post("traces", span(2, now_ns()).to_string()).await.status,
            StatusCode::OK
        );
    }
    one.stop().await;
    two.stop().await;
}
