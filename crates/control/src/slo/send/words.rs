//! Texts and addresses of others, made fit for a line of a message.

use reqwest::Url;

/// One line: what breaks lines or controls a terminal becomes a blank, and what turns the direction of text round a sign that shows.
pub(super) fn line(text: &str) -> String {
    let fit = |c: char| match c {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(fit).collect()
}

/// An address as a browser would ask for it, in ASCII, without a sign that ends a link in a text; `None` where it is none.
pub(super) fn address(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut address = String::from(url);
    for (sign, encoded) in [("|", "%7C"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E")] {
        address = address.replace(sign, encoded);
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_in_one_direction() {
        assert_eq!(line("a\r\nBcc: x@example.org\0"), "a  Bcc: x@example.org ");
        assert_eq!(line("pay\u{202e}tnem\u{2028}s"), "pay\u{fffd}tnem s");
        assert_eq!(line("Größe 5 %"), "Größe 5 %");
    }

    #[test]
    fn an_address_has_no_sign_that_ends_it() {
        for (given, expected) in [
            ("https://wiki.example/a|b>c", Some("https://wiki.example/a%7Cb%3Ec")),
            (
                "https://wiki.example/?q=a|b>c&d=(1)",
                Some("https://wiki.example/?q=a%7Cb%3Ec&d=%281%29"),
            ),
            ("https://wiki.example/#a|b>", Some("https://wiki.example/#a%7Cb%3E")),
            (
                "https://wiki.example/\u{202e}x\ny",
                Some("https://wiki.example/%E2%80%AExy"),
            ),
            ("https://wiki.example/runbook", Some("https://wiki.example/runbook")),
            ("javascript:alert(1)", None),
            ("wiki", None),
        ] {
            assert_eq!(address(given).as_deref(), expected, "{given}");
        }
    }
}
