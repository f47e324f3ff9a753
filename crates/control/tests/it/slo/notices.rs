//! Notices at real receivers: signed, again until they are taken, and told apart by their key.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use pointsman_control::notices::{Sender, Sent};
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::slo::{ChannelForm, Notice};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::traffic::{DAY, MINUTE, NOW, Traffic};
use super::{AVAILABILITY, REASON};
use crate::house::House;

const SECRET: &str = "a secret of sixteen";

/// Sends what is due as of the clock.
pub(super) async fn deliver(house: &House) -> Sent {
    Sender::new(&house.control).unwrap().deliver().await.unwrap()
}

/// A request that came in.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Taken {
    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|header| header.0 == name);
        found.map(|header| header.1.as_str()).unwrap_or_default()
    }
}

/// A small HTTP server that answers as it is told to.
pub(super) struct Receiver {
    address: String,
    taken: Arc<Mutex<Vec<Taken>>>,
    refused: Arc<Mutex<Vec<Taken>>>,
    /// Each answer takes one.
    pub(super) answers: Arc<Semaphore>,
}

impl Receiver {
    /// One that refuses the first requests.
    pub(super) async fn start(refuses: u32) -> Self {
        let left = AtomicU32::new(refuses);
        Self::that(move |_| {
            let refused = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
            if refused.is_ok() {
                "503 Service Unavailable"
            } else {
                "204 No Content"
            }
        })
        .await
    }

    /// One that answers with such a status.
    pub(super) async fn that(status: impl Fn(&Taken) -> &'static str + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: format!("http://{}/hook", listener.local_addr().unwrap()),
            taken: Arc::default(),
            refused: Arc::default(),
            answers: Arc::new(Semaphore::new(1 << 20)),
        };
        let (taken, refused, answers) = (
            receiver.taken.clone(),
            receiver.refused.clone(),
            receiver.answers.clone(),
        );
        let status = Arc::new(status);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (taken, refused, answers, status) =
                    (taken.clone(), refused.clone(), answers.clone(), status.clone());
                tokio::spawn(async move {
                    let (request, mut stream) = read(stream).await;
                    let status = status(&request);
                    let seen = if status.starts_with('2') { &taken } else { &refused };
                    seen.lock().unwrap().push(request);
                    answers.acquire().await.unwrap().forget();
                    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                    // Who asked may have gone.
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        receiver
    }

    pub(super) fn refused(&self) -> Vec<Taken> {
        self.refused.lock().unwrap().clone()
    }

    pub(super) fn url(&self) -> &str {
        &self.address
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Makes a channel of it.
    pub(super) async fn as_channel(&self, house: &House) {
        channel(
            house,
            "hook",
            &format!(r#"{{"kind":"webhook","url":"{}"}}"#, self.address),
        )
        .await;
    }
}

/// Makes a channel.
pub(super) async fn channel(house: &House, name: &str, to: &str) -> i64 {
    let json = format!(r#"{{"name":"{name}","to":{to},"secret":"{SECRET}"}}"#);
    let form: ChannelForm = serde_json::from_str(&json).unwrap();
    house.use_cases().promise().create_channel(form, REASON).await.unwrap()
}

async fn read(stream: TcpStream) -> (Taken, TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await.unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    let mut taken = Taken {
        headers,
        body: String::new(),
    };
    let mut body = vec![0; taken.header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).await.unwrap();
    taken.body = String::from_utf8(body).unwrap();
    (taken, reader.into_inner())
}

pub(super) async fn in_trouble(house: &House) {
    house
        .promise("up", &format!(r#"{AVAILABILITY},"runbook":"https://wiki.example/up""#))
        .await;
    house.counted(&Traffic::of_days(1).delta()).await;
    house.counted(&Traffic::outage(NOW - 30 * MINUTE, NOW).delta()).await;
    house.merged().await;
    house.evaluated().await;
}

#[tokio::test]
async fn a_webhook_is_signed_and_tried_until_it_is_taken() {
    let house = super::house().await;
    let receiver = Receiver::start(2).await;
    receiver.as_channel(&house).await;
    let told = format!("{:?}", house.use_cases().promise().channels().await.unwrap());
    assert!(!told.contains(SECRET), "{told}");
    in_trouble(&house).await;
    let first = deliver(&house).await;
    assert_eq!((first.sent, first.failed), (0, 2));
    let channel = &house.use_cases().promise().channels().await.unwrap()[0];
    assert_eq!(
        channel.last_failure.as_deref(),
        Some("the receiver answered 503 Service Unavailable")
    );
    assert_eq!(deliver(&house).await, Sent::default(), "not before the pause is over");
    house.clock.set(NOW + 10 * SECOND_NS);
    assert_eq!(deliver(&house).await.sent, 2);
    house.clock.set(NOW + MINUTE);
    house.evaluated().await;
    assert_eq!(deliver(&house).await, Sent::default(), "once is enough");
    let taken = receiver.taken();
    let keys = |taken: &[Taken]| {
        let mut keys: Vec<String> = taken
            .iter()
            .map(|one| one.header("idempotency-key").to_owned())
            .collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&taken), keys(&receiver.refused()));
    for one in &taken {
        let seconds = one.header("pointsman-timestamp");
        assert_eq!(one.header("pointsman-signature"), signature(seconds, &one.body));
        let notice: Notice = serde_json::from_str(&one.body).unwrap();
        assert!(
            notice
                .url
                .unwrap()
                .starts_with("https://pointsman.example/slos/up?from=")
        );
        assert_eq!(notice.runbook.as_deref(), Some("https://wiki.example/up"));
    }
}

/// What the documentation tells receivers to compute.
pub(super) fn signature(seconds: &str, body: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{seconds}.{body}").as_bytes());
    let digits: Vec<String> = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    format!("v1={}", digits.concat())
}

#[tokio::test]
async fn a_chat_gets_a_text_with_links_and_its_address_is_never_told() {
    let house = super::house().await;
    let receiver = Receiver::start(1).await;
    let json = format!(
        r#"{{"name":"chat","least":"page","to":{{"kind":"slack"}},"secret":"{}"}}"#,
        receiver.address
    );
    let form: ChannelForm = serde_json::from_str(&json).unwrap();
    house.use_cases().promise().create_channel(form, REASON).await.unwrap();
    in_trouble(&house).await;
    assert_eq!(deliver(&house).await.failed, 1);
    let told = format!("{:?}", house.use_cases().promise().channels().await.unwrap());
    assert!(!told.contains(&receiver.address), "{told}");
    house.clock.set(NOW + 10 * SECOND_NS);
    assert_eq!(deliver(&house).await.sent, 1);
    let taken = receiver.taken();
    let body: serde_json::Value = serde_json::from_str(&taken[0].body).unwrap();
    let text = body["text"].as_str().unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    for part in [
        "*Page: up (cart)*",
        "<https://pointsman.example/slos/up?from=",
        "|Look at it>",
        "<https://wiki.example/up|What to do>",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[tokio::test]
async fn who_never_answers_is_given_up_after_a_day() {
    let house = super::house().await;
    let receiver = Receiver::start(u32::MAX).await;
    receiver.as_channel(&house).await;
    in_trouble(&house).await;
    let (mut given_up, mut tries) = (0, 0);
    for quarter in 0..100 {
        house.clock.set(NOW + quarter * 20 * MINUTE);
        let sent = deliver(&house).await;
        tries += sent.failed;
        given_up += sent.given_up;
    }
    assert_eq!(given_up, 2);
    assert!(tries > 50, "{tries}");
    house.clock.set(NOW + 2 * DAY);
    assert_eq!(deliver(&house).await, Sent::default());
    let channel = &house.use_cases().promise().channels().await.unwrap()[0];
    assert_eq!((channel.waiting, channel.given_up), (0, 2));
    assert_eq!(channel.failing_since_ns, Some(NOW));
}

/// As much SMTP as one mail takes; answers what was sent.
pub(super) async fn mail_server(listener: TcpListener) -> String {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test\r\n").await.unwrap();
    let (mut all, mut in_data) = (String::new(), false);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap() == 0 {
            return all;
        }
        all.push_str(&line);
        let answer = match line.trim_end() {
            "." if in_data => {
                in_data = false;
                "250 taken\r\n"
            }
            _ if in_data => continue,
            "DATA" => {
                in_data = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 fine\r\n",
        };
        stream.write_all(answer.as_bytes()).await.unwrap();
        if line.starts_with("QUIT") {
            return all;
        }
    }
}

#[tokio::test]
async fn mail_says_what_happened_and_where_to_look() {
    let house = super::house().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let json = format!(
        r#"{{"name":"mail","least":"page","to":{{"kind":"email","host":"127.0.0.1","port":{port},"security":"none",
            "from":"pointsman@example.org","to":["oncall@example.org"]}}}}"#
    );
    house
        .use_cases()
        .promise()
        .create_channel(serde_json::from_str(&json).unwrap(), REASON)
        .await
        .unwrap();
    in_trouble(&house).await;
    let (mail, sent) = tokio::join!(
        tokio::time::timeout(std::time::Duration::from_secs(30), mail_server(listener)),
        deliver(&house)
    );
    assert_eq!(sent.sent, 1, "the page alone");
    let mail = mail.unwrap();
    for part in [
        "Subject: Page: up (cart)",
        "To: oncall@example.org",
        "EHLO ",
        "Auto-Submitted: auto-generated",
        "https://wiki.example/up",
    ] {
        assert!(mail.contains(part), "{part} is not in\n{mail}");
    }
    assert!(!mail.contains("EHLO [127.0.0.1]"), "the machine has a name: {mail}");
}
