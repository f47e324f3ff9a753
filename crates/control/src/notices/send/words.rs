//! Addresses of others, made fit for a message.

use reqwest::Url;

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
