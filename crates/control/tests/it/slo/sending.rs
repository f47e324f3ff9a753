//! Each channel by itself: receivers that are silent, away, slow or choosy keep nobody else from being told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use pointsman_control::notices::{Sender, Sent};
use pointsman_control::{Control, ControlSettings, LoopOptions};
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::slo::{Channel, Notice};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

use super::AVAILABILITY;
use super::notices::{Receiver, Taken, channel, deliver, in_trouble};
use super::traffic::{MINUTE, NOW, Traffic};
use crate::house::{House, until};

/// Accepts every connection, reads, and never says a word.
async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.push(stream);
        }
    });
    address
}

/// A listener that has no room for one more connection: whoever asks gets no answer at all.
async fn black_hole() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(500), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 100, "it takes everybody");
    }
    (address, listener, waiting)
}

fn mail(address: SocketAddr, security: &str) -> String {
    format!(
        r#"{{"kind":"email","host":"127.0.0.1","port":{},"security":"{security}","from":"p@example.org","to":["o@example.org"]}}"#,
        address.port()
    )
}

fn hook(address: SocketAddr) -> String {
    format!(r#"{{"kind":"webhook","url":"http://{address}/"}}"#)
}

async fn named(house: &House, name: &str) -> Channel {
    let channels = house.use_cases().promise().channels().await.unwrap();
    channels.into_iter().find(|channel| channel.name == name).unwrap()
}

/// Objectives that burn: a page and a ticket each.
async fn burning(house: &House, names: &[String]) {
    for name in names {
        house.promise(name, AVAILABILITY).await;
    }
    house.counted(&Traffic::of_days(1).delta()).await;
    house.counted(&Traffic::outage(NOW - 30 * MINUTE, NOW).delta()).await;
    house.merged().await;
    house.evaluated().await;
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("up-{number}")).collect()
}

fn keys(taken: &[Taken]) -> Vec<String> {
    taken
        .iter()
        .map(|one| one.header("idempotency-key").to_owned())
        .collect()
}

#[tokio::test]
async fn who_is_silent_delays_nobody_else() {
    let house = super::house().await;
    let quiet = silent().await;
    let (hole, _listener, _waiting) = black_hole().await;
    for (name, to) in [
        ("a-plain", mail(quiet, "none")),
        ("b-start-tls", mail(quiet, "start_tls")),
        ("c-tls", mail(quiet, "tls")),
        ("d-hook", hook(quiet)),
        ("e-hole", hook(hole)),
        ("f-hole", mail(hole, "none")),
    ] {
        channel(&house, name, &to).await;
    }
    let healthy = Receiver::start(0).await;
    healthy.as_channel(&house).await;
    let loops = house.start_with(LoopOptions {
        workers: 0,
        ..LoopOptions::default()
    });
    in_trouble(&house).await;
    until("the page and the ticket arrive", async || healthy.taken().len() == 2).await;
    burning(&house, &["next".to_owned()]).await;
    until("the next arrive", async || healthy.taken().len() == 4).await;
    // The others still wait for their first answer.
    assert_eq!(named(&house, "a-plain").await.failing_since_ns, None);

    until("every attempt has ended", async || {
        let channels = house.use_cases().promise().channels().await.unwrap();
        channels
            .iter()
            .filter(|channel| channel.failing_since_ns.is_some())
            .count()
            == 6
    })
    .await;
    for (name, failure) in [
        ("a-plain", "the receiver did not answer within 30 s"),
        ("b-start-tls", "the receiver did not answer within 30 s"),
        ("c-tls", "the receiver did not answer within 30 s"),
        ("d-hook", "the receiver did not answer within 10 s"),
        ("e-hole", "the receiver did not answer within 10 s"),
    ] {
        let channel = named(&house, name).await;
        assert_eq!(channel.last_failure.as_deref(), Some(failure), "{name}");
        assert_eq!((channel.failing_since_ns, channel.waiting), (Some(NOW), 4), "{name}");
        assert_eq!(channel.oldest_waiting_ns, Some(NOW), "{name}");
        assert!(channel.next_attempt_ns.unwrap() >= NOW + 5 * SECOND_NS, "{name}");
    }
    let well = named(&house, "hook").await;
    assert_eq!(
        (well.failing_since_ns, well.waiting, well.last_sent_ns),
        (None, 0, Some(NOW))
    );
    loops.stop().await;
}

#[tokio::test]
async fn the_clock_is_read_at_each_attempt() {
    let house = super::house().await;
    let receiver = Receiver::start(0).await;
    receiver.as_channel(&house).await;
    burning(&house, &many(3)).await;
    receiver.answers.forget_permits(usize::MAX);
    let later = NOW + 5 * MINUTE;
    let (sent, ()) = tokio::join!(deliver(&house), async {
        until("the first four are there", async || receiver.taken().len() == 4).await;
        house.clock.set(later);
        receiver.answers.add_permits(100);
    });
    assert_eq!(sent.sent, 6);
    let seconds: Vec<u64> = receiver
        .taken()
        .iter()
        .map(|one| one.header("pointsman-timestamp").parse().unwrap())
        .collect();
    let (now, later_s) = (NOW / SECOND_NS, later / SECOND_NS);
    assert_eq!(seconds, [now, now, now, now, later_s, later_s]);
    assert_eq!(named(&house, "hook").await.last_sent_ns, Some(later));
}

/// Another replica on the same database.
async fn replica(house: &House) -> Sender {
    let control = Control::new(house.db.store().await, ControlSettings::default(), house.clock.clone());
    Sender::new(&control).unwrap()
}

#[tokio::test]
async fn two_replicas_send_each_notice_once_and_in_order() {
    let house = super::house().await;
    let receiver = Receiver::start(0).await;
    receiver.as_channel(&house).await;
    burning(&house, &many(12)).await;
    let (one, other) = (replica(&house).await, replica(&house).await);
    let (mut sent, ends) = (0, Instant::now() + Duration::from_secs(60));
    while sent < 24 {
        assert!(Instant::now() < ends, "{sent} were sent");
        let (a, b) = tokio::join!(one.deliver(), other.deliver());
        sent += a.unwrap().sent + b.unwrap().sent;
    }
    let mut found = keys(&receiver.taken());
    assert_eq!(found.len(), 24);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 24, "each once");

    // While one waits for an answer, the other one does not send the same.
    burning(&house, &["late".to_owned()]).await;
    receiver.answers.forget_permits(usize::MAX);
    let (a, b) = tokio::join!(one.deliver(), async {
        until("they are under way", async || receiver.taken().len() == 26).await;
        let b = other.deliver().await.unwrap();
        receiver.answers.add_permits(100);
        b
    });
    assert_eq!((a.unwrap().sent, b), (2, Sent::default()));
    assert_eq!(receiver.taken().len(), 26);

    // Who died while it sent has left it to the others, once its lease has run out.
    burning(&house, &["dies".to_owned()]).await;
    receiver.answers.forget_permits(usize::MAX);
    let dies = one.clone();
    let task = tokio::spawn(async move { dies.deliver().await });
    until("they are under way", async || receiver.taken().len() == 28).await;
    task.abort();
    receiver.answers.add_permits(100);
    assert_eq!(other.deliver().await.unwrap(), Sent::default(), "the lease runs");
    house.behind("UPDATE channel SET lease_until = clock_timestamp()").await;
    assert_eq!(other.deliver().await.unwrap().sent, 2);
}

#[tokio::test]
async fn a_channel_that_fails_is_tried_by_one_notice() {
    let house = super::house().await;
    let receiver = Receiver::start(6).await;
    receiver.as_channel(&house).await;
    burning(&house, &many(20)).await;
    assert_eq!(deliver(&house).await.failed, 4);
    for (seconds, tries) in [(1, 0), (7, 1), (8, 0), (20, 1)] {
        house.clock.set(NOW + seconds * SECOND_NS);
        assert_eq!(deliver(&house).await.failed, tries, "after {seconds} s");
    }
    assert_eq!(receiver.refused().len(), 6);
    let channel = named(&house, "hook").await;
    assert_eq!((channel.failing_since_ns, channel.waiting), (Some(NOW), 40));
    house.clock.set(NOW + MINUTE);
    assert_eq!(deliver(&house).await.sent, 40, "all, once it gets through");
    let channel = named(&house, "hook").await;
    assert_eq!(
        (channel.failing_since_ns, channel.last_failure, channel.waiting),
        (None, None, 0)
    );
}

#[tokio::test]
async fn an_end_is_told_after_its_beginning() {
    let house = super::house().await;
    let receiver = Receiver::start(2).await;
    receiver.as_channel(&house).await;
    in_trouble(&house).await;
    assert_eq!(deliver(&house).await.failed, 2);
    house
        .use_cases()
        .promise()
        .remove_slo("up", super::REASON)
        .await
        .unwrap();
    house.clock.set(NOW + MINUTE);
    assert_eq!(deliver(&house).await.sent, 4);
    let mut events: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for one in receiver.taken() {
        let notice: Notice = serde_json::from_str(&one.body).unwrap();
        events
            .entry(notice.alert.id)
            .or_default()
            .push(notice.event.to_string());
    }
    assert_eq!(events.len(), 2);
    assert!(
        events.values().all(|events| events == &["firing", "resolved"]),
        "{events:?}"
    );
}

#[tokio::test]
async fn one_notice_that_nobody_takes_keeps_no_other() {
    let house = super::house().await;
    let of_up = |one: &Taken| one.body.contains(r#""objective":"up-0""#);
    // One that it has no way to take, and one that it breaks at: the latter looks as if the receiver were away.
    for status in ["400 Bad Request", "500 Internal Server Error"] {
        let name = status[..3].to_owned();
        let receiver = Receiver::that(move |one| if of_up(one) { status } else { "204 No Content" }).await;
        let to = format!(r#"{{"kind":"webhook","url":"{}"}}"#, receiver.url());
        channel(&house, &format!("hook-{name}"), &to).await;
    }
    burning(&house, &many(6)).await;
    house
        .behind("UPDATE outbox SET notice = '{}' WHERE notice -> 'alert' ->> 'objective' = 'up-5'")
        .await;
    let mut sent = 0;
    for step in 0..10 {
        house.clock.set(NOW + step * 10 * SECOND_NS);
        sent += deliver(&house).await.sent;
    }
    assert_eq!(sent, 2 * 8, "all but two of each");
    for channel in house.use_cases().promise().channels().await.unwrap() {
        assert_eq!((channel.waiting, channel.given_up), (2, 2), "{}", channel.name);
        assert!(channel.last_failure.is_some());
    }
}

/// Takes a mail, and says nothing from the goodbye on.
async fn rude(listener: TcpListener) -> usize {
    let mut mails = 0;
    let mut open = Vec::new();
    while let Ok(Ok((stream, _))) = timeout(Duration::from_secs(10), listener.accept()).await {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await.unwrap();
        let mut in_data = false;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap() == 0 || line.starts_with("QUIT") {
                break;
            }
            let answer = match line.trim_end() {
                "." if in_data => {
                    in_data = false;
                    mails += 1;
                    "250 taken\r\n"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    "354 go on\r\n"
                }
                _ => "250 fine\r\n",
            };
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        open.push(stream);
        if mails == 2 {
            break;
        }
    }
    mails
}

#[tokio::test]
async fn a_mail_that_was_taken_is_sent_whatever_comes_after() {
    let house = super::house().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    channel(&house, "mail", &mail(listener.local_addr().unwrap(), "none")).await;
    in_trouble(&house).await;
    let (mails, sent) = tokio::join!(rude(listener), deliver(&house));
    assert_eq!((mails, sent.sent, sent.failed), (2, 2, 0));
}
