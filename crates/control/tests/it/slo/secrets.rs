//! The secrets of channels: where they go, and how they lie in the database.

use pointsman_control::access::Caller;
use pointsman_control::notices::{Sender, Sent};
use pointsman_control::{Control, Problem, SecretKeys};
use pointsman_domain::slo::ChannelForm;
use sqlx::Row;

use super::REASON;
use super::notices::{Receiver, in_trouble};
use crate::house::House;

const SECRET: &str = "a secret of sixteen";

fn form(to: &str, secret: Option<&str>) -> ChannelForm {
    let secret = serde_json::to_string(&secret).unwrap();
    serde_json::from_str(&format!(r#"{{"name":"hook","to":{to},"secret":{secret}}}"#)).unwrap()
}

fn keys(bytes: &[u8]) -> SecretKeys {
    // 32 times the same byte, in base64.
    let key = |byte: &u8| match byte {
        1 => "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        2 => "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
        _ => panic!("there are two keys"),
    };
    SecretKeys::parse(&bytes.iter().map(key).collect::<Vec<_>>().join("\n")).unwrap()
}

/// A replica with these keys.
fn with(house: &House, bytes: &[u8]) -> Control {
    house.control.clone().with_secret_keys(keys(bytes))
}

/// The columns of the only channel: as it is, and by which key.
async fn kept(house: &House) -> (Option<String>, Option<String>) {
    let mut conn = house.db.connect().await;
    let row = sqlx::query("SELECT secret, encrypted_by, encrypted FROM channel")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    let bytes: Option<Vec<u8>> = row.get(2);
    let bytes = bytes.unwrap_or_default();
    assert!(
        !bytes.windows(6).any(|part| part == b"secret"),
        "it lies there as it is"
    );
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn a_kept_password_is_not_led_to_another_server() {
    let house = super::house().await;
    let mail = |host: &str, security: &str| {
        format!(
            r#"{{"kind":"email","host":"{host}","port":465,"security":"{security}","user":"robot","from":"p@example.org","to":["o@example.org"]}}"#
        )
    };
    let use_cases = house.use_cases();
    let id = use_cases
        .promise()
        .create_channel(form(&mail("mail.example.org", "tls"), Some(SECRET)), REASON)
        .await
        .unwrap();
    let field = |done: Result<(), Problem>| match done {
        Err(Problem::Field(error)) => error.field,
        other => panic!("it was taken: {other:?}"),
    };
    for (host, security, secret, wrong) in [
        ("mail.attacker.example", "tls", None, "secret"),
        ("mail.example.org", "start_tls", None, "secret"),
        ("127.0.0.1", "none", None, "secret"),
        ("mail.example.org", "none", Some(SECRET), "security"),
    ] {
        let done = use_cases
            .promise()
            .edit_channel(id, form(&mail(host, security), secret), REASON)
            .await;
        assert_eq!(field(done), wrong, "{host} {security}");
    }
    use_cases
        .promise()
        .edit_channel(
            id,
            form(&mail("mail.example.org", "tls").replace("o@", "other@"), None),
            REASON,
        )
        .await
        .unwrap();
    assert_eq!(kept(&house).await.0.as_deref(), Some(SECRET), "it stays");
    // Where nobody signs in any more, it is dropped.
    let nobody = mail("mail.example.org", "tls").replace(r#""user":"robot""#, r#""user":"""#);
    use_cases
        .promise()
        .edit_channel(id, form(&nobody, None), REASON)
        .await
        .unwrap();
    assert_eq!(kept(&house).await, (None, None));
    let mut conn = house.db.connect().await;
    let audit: String = sqlx::query_scalar("SELECT string_agg(to_jsonb(a)::text, ' ') FROM audit AS a")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert!(audit.contains("mail.example.org") && !audit.contains(SECRET));
}

#[tokio::test]
async fn secrets_are_encrypted_once_there_is_a_key_and_again_when_it_changes() {
    let house = super::house().await;
    let receiver = Receiver::start(0).await;
    receiver.as_channel(&house).await;
    assert_eq!(kept(&house).await, (Some(SECRET.to_owned()), None), "there is no key");
    in_trouble(&house).await;

    // A key is given: what lies there is encrypted.
    let first = with(&house, &[1]);
    let sender = Sender::new(&first).unwrap();
    sender.tidy().await.unwrap();
    let id = |bytes: &[u8]| keys(bytes).ids()[0].clone();
    assert_eq!(kept(&house).await, (None, Some(id(&[1]))));
    let board = first
        .use_cases(Caller::operator("tests"))
        .promise()
        .channel_board()
        .await
        .unwrap();
    assert!(!board.channels[0].is_locked(&board.keys));

    // A replica without it leaves the channel to the others, and says why.
    let without = Sender::new(&house.control).unwrap();
    assert_eq!(without.deliver().await.unwrap(), Sent::default());
    let board = house.use_cases().promise().channel_board().await.unwrap();
    assert!(board.channels[0].is_locked(&board.keys) && board.channels[0].has_secret);
    let told = serde_json::to_string(&board).unwrap();
    assert!(!told.contains(SECRET), "{told}");

    // The key changes: the old one decrypts, until all is encrypted by the new one.
    let changed = Sender::new(&with(&house, &[2, 1])).unwrap();
    changed.tidy().await.unwrap();
    assert_eq!(kept(&house).await, (None, Some(id(&[2]))));
    assert_eq!(
        sender.deliver().await.unwrap(),
        Sent::default(),
        "the old key is of no use"
    );
    let only = with(&house, &[2]);
    assert_eq!(Sender::new(&only).unwrap().deliver().await.unwrap().sent, 2);
    // Signed by the secret itself.
    for one in receiver.taken() {
        let seconds = one.header("pointsman-timestamp");
        assert_eq!(
            one.header("pointsman-signature"),
            super::notices::signature(seconds, &one.body)
        );
    }

    // What is filled in from now on is encrypted at once.
    let channel = house.use_cases().promise().channels().await.unwrap().remove(0);
    let to = serde_json::to_string(&channel.to).unwrap();
    let use_cases = only.use_cases(Caller::operator("tests"));
    use_cases
        .promise()
        .edit_channel(channel.id, form(&to, Some("another secret of more")), REASON)
        .await
        .unwrap();
    assert_eq!(kept(&house).await, (None, Some(id(&[2]))));
    // One that somebody altered is of no use.
    house
        .behind("UPDATE channel SET encrypted = set_byte(encrypted, 14, get_byte(encrypted, 14) # 1)")
        .await;
    house.promise("next", super::AVAILABILITY).await;
    house.evaluated().await;
    assert_eq!(Sender::new(&only).unwrap().deliver().await.unwrap().failed, 2);
    let channel = house.use_cases().promise().channels().await.unwrap().remove(0);
    assert_eq!(
        channel.last_failure.as_deref(),
        Some("its secret can't be decrypted; fill it in again")
    );
}
