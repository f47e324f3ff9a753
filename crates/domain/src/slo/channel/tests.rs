//! What a channel takes and keeps.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn mail(change: impl FnOnce(&mut String)) -> ChannelKind {
    let mut json = r#"{"kind":"email","host":"mail.example.org","port":465,"security":"tls","user":"robot",
        "from":"robot@example.org","to":["oncall@example.org"]}"#
        .to_owned();
    change(&mut json);
    serde_json::from_str(&json).unwrap()
}

fn form(to: ChannelKind, secret: Option<&str>) -> ChannelForm {
    ChannelForm {
        name: "on-call".into(),
        to,
        least: AlertSeverity::Page,
        teams: Vec::new(),
        secret: secret.map(str::to_owned),
    }
}

fn wrong_field(form: ChannelForm, old: Option<&ChannelKind>) -> Option<String> {
    form.checked(old).err().map(|error| error.field)
}

#[test]
fn a_kept_secret_stays_where_it_was_given_for() {
    let kept = mail(|_| {});
    let swap = |from: &'static str, to: &'static str| mail(|json| *json = json.replace(from, to));
    for same in [
        mail(|_| {}),
        swap("robot@example.org", "other@example.org"),
        swap("oncall@", "everybody@"),
    ] {
        assert_eq!(wrong_field(form(same, None), Some(&kept)), None);
    }
    for other in [
        swap("mail.example.org", "mail.attacker.example"),
        swap("465", "25"),
        swap(r#""tls""#, r#""start_tls""#),
        swap(r#""robot""#, r#""root""#),
        ChannelKind::Slack,
        ChannelKind::Webhook {
            url: "https://hook.example/".into(),
        },
    ] {
        let found = form(other.clone(), None).checked(Some(&kept)).unwrap_err();
        assert_eq!(found.field, "secret", "{other:?}");
        let again = form(other, Some("https://a-new-secret.example/"));
        assert_eq!(wrong_field(again, Some(&kept)), None);
    }
    let hook = |url: &str| ChannelKind::Webhook { url: url.into() };
    let (old, new) = (hook("https://a.example/"), hook("https://b.example/"));
    assert_eq!(wrong_field(form(old.clone(), None), Some(&old)), None);
    assert_eq!(wrong_field(form(new, None), Some(&old)).as_deref(), Some("secret"));
    // Who signs in as nobody needs none.
    assert_eq!(wrong_field(form(swap(r#""robot""#, r#""""#), None), Some(&kept)), None);
}

#[test]
fn a_password_is_not_sent_in_clear_over_a_network() {
    let of = |host: &str, user: &str| {
        mail(|json| {
            *json = json.replace("mail.example.org", host).replace(r#""tls""#, r#""none""#);
            *json = json.replace(r#""robot""#, &format!("{user:?}"));
        })
    };
    for (host, user, refused) in [
        ("mail.example.org", "robot", true),
        ("localhost.example.org", "robot", true),
        ("192.0.2.1", "robot", true),
        ("localhost", "robot", false),
        ("127.0.0.3", "robot", false),
        ("::1", "robot", false),
        ("mail.example.org", "", false),
    ] {
        let found = wrong_field(form(of(host, user), Some("a password")), None);
        assert_eq!(found.as_deref(), refused.then_some("security"), "{host} {user}");
    }
}

#[test]
fn an_address_holds_no_password() {
    for (url, refused) in [
        ("https://user:password@hook.example/", true),
        ("https://token@hook.example", true),
        ("https://hook.example/@x?a=b@c", false),
    ] {
        let found = wrong_field(
            form(ChannelKind::Webhook { url: url.into() }, Some("a secret of sixteen")),
            None,
        );
        assert_eq!(found.as_deref(), refused.then_some("url"), "{url}");
    }
}
