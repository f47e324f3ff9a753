//! The kinds of names, and what each is made of.

use super::text_type;
use crate::Invalid;

text_type!(
    /// A service, as its telemetry names it in `service.name`: 1 to 100 of `A-Z a-z 0-9 . _ -`, from a letter or digit to one.
    ///
    /// Telemetry may have other names; such services are observed and can't register, as the name stands in URLs and in xDS resources.
    ServiceName,
    "A service, as its telemetry names it in service.name",
    max 100,
    pattern "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    service
);
text_type!(
    /// A node within its service and environment, best what its telemetry says in `service.instance.id`: 1 to 128 of `A-Z a-z 0-9 . _ : @ / -`.
    NodeId,
    "A node within its service and environment, best its service.instance.id",
    max 128,
    pattern "^[A-Za-z0-9._:@/-]+$",
    node
);
text_type!(
    /// An environment, as telemetry names it in `deployment.environment.name`: 1 to 63 of `A-Z a-z 0-9 . _ -`, from a letter or digit to one.
    /// Who says nothing is in `default`.
    Environment,
    "An environment, such as production",
    max 63,
    pattern "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    short
);
text_type!(
    /// Where a node stands, such as `eu-west-1a` (OpenTelemetry's `cloud.availability_zone`): 1 to 63 of `A-Z a-z 0-9 . _ -`, from a letter or
    /// digit to one.
    Zone,
    "An availability zone, such as eu-west-1a",
    max 63,
    pattern "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    short
);
text_type!(
    /// A rule within its strategy: 1 to 63 of `A-Z a-z 0-9 . _ -`, from a letter or digit to one.
    RuleName,
    "A rule within its strategy",
    max 63,
    pattern "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    short
);
text_type!(
    /// The key of a node's label: 1 to 63 of `A-Z a-z 0-9 . _ -`, from a letter or digit to one.
    LabelKey,
    "The key of a label",
    max 63,
    pattern "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    short
);
text_type!(
    /// The value of a node's label: one line of up to 256 bytes.
    Label,
    "The value of a label: one line",
    max 256,
    pattern "^[^\\u0000-\\u001f]*$",
    label
);
text_type!(
    /// A sentence for people, such as why a node is not well: one line of 1 to 500 bytes.
    Line,
    "A sentence for people: one line",
    max 500,
    pattern "^[^\\u0000-\\u001f]*$",
    line
);
text_type!(
    /// An HTTP header or gRPC metadata key, in lower case, as HTTP/2 has it: 1 to 100 of a token's characters (RFC 9110, section 5.6.2).
    HeaderName,
    "A header's name in lower case",
    max 100,
    pattern "^[a-z0-9!#$%&'*+.^_`|~-]+$",
    header
);

text_type!(
    /// A cookie's name: 1 to 100 of a token's characters (RFC 6265, section 4.1.1).
    CookieName,
    "A cookie's name",
    max 100,
    pattern "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
    cookie
);

impl Default for Environment {
    fn default() -> Self {
        Self("default".into())
    }
}

fn slug(text: &str, most: usize) -> Result<(), Invalid> {
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
    if text.len() <= most && text.bytes().all(inside) && edge(text.bytes().next()) && edge(text.bytes().last()) {
        return Ok(());
    }
    Err(refused(
        text,
        format!("Write 1 to {most} of A-Z a-z 0-9 . _ -, from a letter or digit to one"),
    ))
}

fn service(text: &str) -> Result<(), Invalid> {
    slug(text, 100)
}

fn short(text: &str) -> Result<(), Invalid> {
    slug(text, 63)
}

fn node(text: &str) -> Result<(), Invalid> {
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'@' | b'/' | b'-');
    if (1..=128).contains(&text.len()) && text.bytes().all(inside) {
        return Ok(());
    }
    Err(refused(
        text,
        "Write 1 to 128 of A-Z a-z 0-9 . _ : @ / -, such as the host's name and the port",
    ))
}

fn token(text: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    (1..=100).contains(&text.len()) && text.bytes().all(inside)
}

fn cookie(text: &str) -> Result<(), Invalid> {
    if token(text) {
        return Ok(());
    }
    Err(refused(text, "Write a cookie's name, such as session"))
}

fn header(text: &str) -> Result<(), Invalid> {
    if token(text) && !text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(refused(
        text,
        "Write a header's name in lower case, such as x-user-group",
    ))
}

fn label(text: &str) -> Result<(), Invalid> {
    one_line(text, 0, 256)
}

fn line(text: &str) -> Result<(), Invalid> {
    one_line(text, 1, 500)
}

/// A line of text: no control characters, nothing that turns the direction of what stands after it.
fn one_line(text: &str, least: usize, most: usize) -> Result<(), Invalid> {
    let turns =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}');
    if (least..=most).contains(&text.len()) && !text.chars().any(|c| c.is_control() || turns(c)) {
        return Ok(());
    }
    Err(refused(text, format!("Write one line of {least} to {most} bytes")))
}

/// That a text is not what it should be, with no more of it than one reads.
pub(crate) fn refused(text: &str, remedy: impl Into<String>) -> Invalid {
    let shown: String = text.chars().take(40).collect();
    let more = if shown.len() < text.len() { "..." } else { "" };
    Invalid::new("", format!("{shown:?}{more} is not taken"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_what_they_are_made_of() {
        for good in ["a", "cart", "Front-end.v2", "a_b", &"a".repeat(100)] {
            assert!(ServiceName::parse(good).is_ok(), "{good}");
        }
        for wrong in ["", "-cart", "cart-", "a b", "a/b", "é", "a\n", &"a".repeat(101)] {
            assert!(ServiceName::parse(wrong).is_err(), "{wrong}");
        }
        assert!(NodeId::parse("pod-7f9c:8080").is_ok());
        assert!(NodeId::parse("a b").is_err() && NodeId::parse("").is_err());
        assert!(HeaderName::parse("x-user-group").is_ok());
        assert!(HeaderName::parse("X-User").is_err() && HeaderName::parse(":path").is_err());
        assert!(Line::parse("disk is full").is_ok());
        assert!(Line::parse("a\u{202e}b").is_err() && Line::parse("a\nb").is_err() && Line::parse("").is_err());
    }

    #[test]
    fn serde_goes_through_the_constructor_and_says_what_to_do() {
        assert!(serde_json::from_str::<Zone>("\"eu-west-1a\"").is_ok());
        let error = serde_json::from_str::<Zone>("\"eu west\"").unwrap_err().to_string();
        assert!(
            error.contains("\"eu west\" is not taken") && error.contains("Write 1 to 63"),
            "{error}"
        );
        let long = refused(&"é".repeat(90), "x").wrong;
        assert!(long.ends_with("\"... is not taken"), "{long}");
    }
}
