//! Where a node is reached.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Invalid;

/// What is spoken at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// HTTP/1.1 without TLS: `http`.
    Http,
    /// HTTP/1.1 or 2 with TLS: `https`.
    Https,
    /// HTTP/2 without TLS: `h2c`.
    H2c,
    /// gRPC without TLS: `grpc`.
    Grpc,
    /// gRPC with TLS: `grpcs`.
    Grpcs,
    /// Something else over TCP: `tcp`.
    Tcp,
}

impl Protocol {
    const ALL: [Self; 6] = [Self::Http, Self::Https, Self::H2c, Self::Grpc, Self::Grpcs, Self::Tcp];

    /// As it stands before `://`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::H2c => "h2c",
            Self::Grpc => "grpc",
            Self::Grpcs => "grpcs",
            Self::Tcp => "tcp",
        }
    }

    /// Whether the connection is secured by TLS.
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Https | Self::Grpcs)
    }
}

/// Where a node is reached, written `grpc://10.0.0.7:9090`: protocol, host (a DNS name, an IPv4 address or an IPv6 address in brackets) and port.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    protocol: Protocol,
    host: Box<str>,
    port: u16,
}

impl Address {
    /// Errors: which of the three parts is missing or wrong.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refuse = |wrong: String, remedy: &str| Err(Invalid::new("", wrong, remedy));
        if text.len() > 280 {
            return refuse("is longer than 280 bytes".to_owned(), "Write protocol://host:port");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return refuse(
                format!("{text:?} names no protocol"),
                "Write protocol://host:port, such as http://10.0.0.7:8080",
            );
        };
        let Some(protocol) = Protocol::ALL.into_iter().find(|protocol| protocol.as_str() == scheme) else {
            return refuse(
                format!("{scheme:?} is no protocol"),
                "Write http, https, h2c, grpc, grpcs or tcp",
            );
        };
        let Some((host, port)) = rest.rsplit_once(':') else {
            return refuse(
                format!("{text:?} names no port"),
                "Write protocol://host:port, such as http://10.0.0.7:8080",
            );
        };
        let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let port = match port.parse::<u16>() {
            Ok(number) if number > 0 && digits => number,
            _ => return refuse(format!("{port:?} is no port"), "Write 1 to 65535"),
        };
        if !is_host(host) {
            return refuse(
                format!("{host:?} is no host"),
                "Write a DNS name, an IPv4 address, or an IPv6 address in brackets, and nothing after the port",
            );
        }
        Ok(Self {
            protocol,
            host: host.to_ascii_lowercase().into(),
            port,
        })
    }

    /// What is spoken there.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// A DNS name or an IP address, without brackets, in lower case.
    pub fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// 1 to 65535.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `host:port`, as one connects to it; an IPv6 address in brackets.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether both are the same host and port, whatever is spoken there.
    pub fn is_same_place(&self, other: &Self) -> bool {
        (&self.host, self.port) == (&other.host, other.port)
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(inside);
    host.len() <= 253 && host.split('.').all(label)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.protocol.as_str(), self.host, self.port)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Address {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Address {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Where a node is reached, such as grpc://10.0.0.7:9090",
            "maxLength": 280,
            "pattern": "^(http|https|h2c|grpc|grpcs|tcp)://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[1-9][0-9]{0,4}$",
        })
    }
}
