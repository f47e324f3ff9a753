//! What a chat gets, in the marks that Slack, Mattermost and others share.

use std::fmt::Write as _;

use pointsman_domain::display::line;
use pointsman_domain::slo::Notification;

use super::words::address;

/// The text of a message: title, what it says, and links.
pub(super) fn text(letter: &Notification) -> String {
    let mut text = format!("*{}*", plain(letter.title()));
    for one in letter.lines() {
        text.push('\n');
        text.push_str(&plain(one));
    }
    let links = [("Look at it", letter.url()), ("What to do", letter.runbook())];
    let links = links
        .into_iter()
        .filter_map(|(word, url)| Some(link(&address(url?)?, word)));
    for (at, link) in links.enumerate() {
        // Writing to a text can't fail.
        let _ = write!(text, "{}{link}", if at == 0 { "\n" } else { " - " });
    }
    text
}

fn link(address: &str, word: &str) -> String {
    format!("<{}|{word}>", address.replace('&', "&amp;"))
}

/// Without what a chat would take for its own marks: links, mentions of people and channels, and Mattermost's links and pictures.
fn plain(text: &str) -> String {
    line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "@\u{200b}")
        .replace("](", "]\u{200b}(")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn letter(title: &str, sentence: &str, url: &str, runbook: &str) -> Notification {
        let alert =
            r#"{"id":1,"objective":"up","service":"cart","rule":"page","severity":"page","sentence":"","opened_ns":1}"#;
        let mut json = serde_json::json!({
            "event": "firing", "title": title, "sentence": sentence, "url": url, "runbook": runbook,
        });
        json["alert"] = serde_json::from_str(alert).unwrap();
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_others_wrote_is_text_and_nothing_else() {
        let letter = letter(
            "Page: <!channel> & @here\nBcc (cart\u{202e})",
            "a [click](https://evil.example) <https://evil.example|bank>",
            "https://pointsman.example/slos/up?from=1&to=2",
            "https://wiki.example/a|b>c",
        );
        assert_eq!(
            text(&letter),
            "*Page: &lt;!channel&gt; &amp; @\u{200b}here␊Bcc (cart[U+202E])*\n\
             a [click]\u{200b}(https://evil.example) &lt;https://evil.example|bank&gt;\n\
             <https://pointsman.example/slos/up?from=1&amp;to=2|Look at it> - <https://wiki.example/a%7Cb%3Ec|What to do>"
        );
    }

    #[test]
    fn what_is_no_address_is_no_link() {
        let letter = letter(
            "Page",
            "a sentence",
            "https://pointsman.example/",
            "javascript:alert(1)",
        );
        assert!(!text(&letter).contains("What to do"));
    }
}
