//! What a request carries in its [W3C baggage](https://www.w3.org/TR/baggage/) for routing: its session, and to which versions it goes.

use crate::{ServiceName, Version};

/// The baggage key of the session, OpenTelemetry's attribute of that name.
pub const SESSION_KEY: &str = "session.id";
/// The baggage key of an override is this and the service's name.
pub const OVERRIDE_PREFIX: &str = "pointsman.route.";
/// How much of a baggage header is read, in bytes: what the standard has everybody carry.
pub const MAX_BAGGAGE: usize = 8_192;
const MAX_OVERRIDES: usize = 20;
const MAX_SESSION: usize = 256;

/// To which version of a service a request goes, whatever the service's strategy says. As baggage it is carried along the request's
/// whole call tree: `pointsman.route.cart=2.3.0-dark.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Whose version.
    pub service: ServiceName,
    /// Exactly this one.
    pub version: Version,
}

/// As a member of a baggage header.
impl std::fmt::Display for Override {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A `+` of build metadata is one of the characters that stand for themselves.
        write!(f, "{OVERRIDE_PREFIX}{}={}", self.service, self.version)
    }
}

/// The session and the overrides of a baggage header. What can't be read is passed over: baggage comes from anywhere.
pub(super) fn read(header: &str) -> (Option<String>, Vec<Override>) {
    let mut session = None;
    let mut overrides = Vec::new();
    let end = (0..=header.len().min(MAX_BAGGAGE))
        .rev()
        .find(|at| header.is_char_boundary(*at));
    for member in header[..end.unwrap_or(0)].split(',') {
        let pair = member.split(';').next().unwrap_or_default();
        let Some((key, value)) = pair.split_once('=') else {
            continue;
        };
        let (key, Some(value)) = (key.trim(), decode(value.trim())) else {
            continue;
        };
        if key == SESSION_KEY && !value.is_empty() && value.len() <= MAX_SESSION {
            session.get_or_insert(value);
        } else if let Some(service) = key.strip_prefix(OVERRIDE_PREFIX)
            && let (Ok(service), Ok(version)) = (ServiceName::parse(service), Version::parse(&value))
            && overrides.len() < MAX_OVERRIDES
        {
            overrides.push(Override { service, version });
        }
    }
    (session, overrides)
}

/// Percent-decoding, as the standard has it for values.
fn decode(value: &str) -> Option<String> {
    let bytes = value.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
            decoded.push((digit(at + 1)? * 16 + digit(at + 2)?) as u8);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_comes_back_as_it_was_written() {
        let asked = Override {
            service: ServiceName::parse("cart").unwrap(),
            version: Version::parse("2.3.0-dark.1+4f2a").unwrap(),
        };
        let header = format!("userId=7, {asked};ttl=60 ,x");
        assert_eq!(read(&header), (None, vec![asked]));
    }

    #[test]
    fn what_can_not_be_read_is_passed_over() {
        let nothing = (None, Vec::new());
        for header in [
            "",
            ",",
            "=",
            "session.id=",
            "session.id=%zz",
            "session.id=%",
            "pointsman.route.cart=new",
            "pointsman.route.=1.0.0",
        ] {
            assert_eq!(read(header), nothing, "{header}");
        }
        let long = format!("{}é,session.id=x", "a".repeat(MAX_BAGGAGE - 1));
        assert_eq!(read(&long), nothing);
        assert_eq!(read("session.id=a%20b").0.as_deref(), Some("a b"));
        let many = (0..50)
            .map(|i| format!("pointsman.route.s{i}=1.0.0"))
            .collect::<Vec<_>>()
            .join(",");
        assert_eq!(read(&many).1.len(), MAX_OVERRIDES);
    }
}
