//! Who is at the other end: from the connection, and from what proxies in front say, as far as they are trusted.
//!
//! Invariant: after this layer no request has a header by which proxies tell of others, so nothing further in can be misled by one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{FORWARDED, HOST, HeaderName, STRICT_TRANSPORT_SECURITY};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use ipnet::IpNet;

use super::app_state::AppState;
use crate::settings::PublicUrl;

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// What else proxies tell; none of it is used.
const OTHERS: [HeaderName; 4] = [
    FORWARDED,
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-forwarded-prefix"),
    HeaderName::from_static("x-real-ip"),
];

/// A year, in seconds.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The other end of a connection. Each request has it among its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub address: SocketAddr,
    /// Whether the connection itself is TLS.
    pub tls: bool,
}

/// Who made a request, as far as can be believed. Each request has it among its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// From where.
    pub address: Option<IpAddr>,
    /// Whether the browser speaks HTTPS, be it to a proxy.
    pub https: bool,
    /// Which host, and port where it is not the usual one, the browser asked; lower case, perhaps empty.
    pub host: String,
}

/// Finds out who the client is. Refuses requests with several hosts: two readers could choose different ones.
pub async fn find(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    if request.headers().get_all(HOST).iter().count() > 1 {
        return (StatusCode::BAD_REQUEST, "The request has more than one Host.\n").into_response();
    }
    let peer = request.extensions().get::<Peer>().copied();
    let mut client = client(peer, &state.proxies, request.headers(), request.uri());
    client.https |= state.public_url.as_ref().is_some_and(PublicUrl::is_https);
    let https = client.https;
    if state.anonymous.is_some() && is_rebound(&client, state.public_url.as_ref()) {
        let sentence = "Anybody on this machine may read this control, but not under this name. Give --public-url the address that \
                        people open.\n";
        return (StatusCode::MISDIRECTED_REQUEST, sentence).into_response();
    }
    for name in [&FORWARDED_FOR, &FORWARDED_PROTO, &FORWARDED_HOST]
        .into_iter()
        .chain(&OTHERS)
    {
        request.headers_mut().remove(name);
    }
    request.extensions_mut().insert(client);
    let mut response = next.run(request).await;
    if https {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn client(peer: Option<Peer>, trusted: &[IpNet], headers: &HeaderMap, uri: &Uri) -> Client {
    let own_host = uri.authority().map(Authority::as_str);
    let own_host = own_host.or_else(|| headers.get(HOST).and_then(|value| value.to_str().ok()));
    let mut client = Client {
        address: peer.map(|peer| peer.address.ip().to_canonical()),
        https: peer.is_some_and(|peer| peer.tls),
        host: own_host.unwrap_or_default().to_ascii_lowercase(),
    };
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !client.address.is_some_and(is_trusted) {
        return client;
    }
    // Each proxy appends whom it was asked by, so the last one that no trusted proxy stands for is the client. What is left of
    // it anybody may have written.
    for entry in entries(headers, &FORWARDED_FOR).into_iter().rev() {
        let Some(address) = address(entry) else { break };
        client.address = Some(address);
        if !is_trusted(address) {
            break;
        }
    }
    if let Some(proto) = entries(headers, &FORWARDED_PROTO).last() {
        client.https |= proto.eq_ignore_ascii_case("https");
    }
    if let Some(host) = entries(headers, &FORWARDED_HOST).last() {
        client.host = host.to_ascii_lowercase();
    }
    client
}

/// Whether a browser on this machine was led here by a name that is none of ours. A site can make its own name mean this machine and
/// then read what needs no credentials as if it were its own.
fn is_rebound(client: &Client, public: Option<&PublicUrl>) -> bool {
    if !client.address.is_some_and(|address| address.is_loopback()) {
        return false;
    }
    let Ok(authority) = client.host.parse::<Authority>() else {
        // Programs may send none; browsers always do.
        return !client.host.is_empty();
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let own = name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok();
    let is_public = |public: &PublicUrl| {
        public
            .origin()
            .split_once("://")
            .is_some_and(|(_, host)| host == client.host)
    };
    !own && !public.is_some_and(is_public)
}

/// The entries of a list, which may come in several headers.
fn entries<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let values = headers.get_all(name).iter();
    values
        // A value that is no text is one entry that can't be read.
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .collect()
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(entry).parse::<IpAddr>();
    let address = address.or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    fn seen(peer: &str, headers: &[(&HeaderName, &str)]) -> (String, bool, String) {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let mut map = HeaderMap::new();
        map.insert(HOST, HeaderValue::from_static("Inside:3000"));
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let peer = Peer {
            address: peer.parse().unwrap(),
            tls: false,
        };
        let client = client(Some(peer), &trusted, &map, &Uri::from_static("/"));
        (client.address.unwrap().to_string(), client.https, client.host)
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let told = [
            (&FORWARDED_FOR, "192.0.2.9"),
            (&FORWARDED_PROTO, "https"),
            (&FORWARDED_HOST, "Points.example"),
        ];
        let inside = "inside:3000".to_owned();
        assert_eq!(seen("192.0.2.1:5", &told), ("192.0.2.1".to_owned(), false, inside));
        for peer in ["10.1.1.1:5", "[::1]:5", "[::ffff:10.1.1.1]:5"] {
            let expected = ("192.0.2.9".to_owned(), true, "points.example".to_owned());
            assert_eq!(seen(peer, &told), expected, "{peer}");
        }
    }

    #[test]
    fn the_client_is_the_last_whom_no_trusted_proxy_stands_for() {
        for (entries, client) in [
            (&["192.0.2.9"][..], "192.0.2.9"),
            (&["203.0.113.66, 192.0.2.9"], "192.0.2.9"),
            (&["203.0.113.66, 192.0.2.9, 10.2.2.2"], "192.0.2.9"),
            (&["203.0.113.66", "192.0.2.9 , 10.2.2.2"], "192.0.2.9"),
            (&["192.0.2.9:4711"], "192.0.2.9"),
            (&["[2001:db8::7]:4711"], "2001:db8::7"),
            (&["[2001:db8::7]"], "2001:db8::7"),
            (&["10.3.3.3"], "10.3.3.3"),
            (&["203.0.113.66, nonsense"], "10.1.1.1"),
            (&["203.0.113.66, nonsense, 10.2.2.2"], "10.2.2.2"),
            (&[""], "10.1.1.1"),
        ] {
            let headers: Vec<_> = entries.iter().map(|entry| (&FORWARDED_FOR, *entry)).collect();
            assert_eq!(seen("10.1.1.1:5", &headers).0, client, "{entries:?}");
        }
    }

    #[test]
    fn a_name_that_is_none_of_ours_is_no_way_to_this_machine() {
        let public = PublicUrl::parse("https://points.example").unwrap();
        for (address, host, expected) in [
            ("127.0.0.1", "localhost:3000", false),
            ("127.0.0.1", "127.0.0.1:3000", false),
            ("::1", "[::1]:3000", false),
            ("127.0.0.1", "points.localhost", false),
            ("127.0.0.1", "points.example", false),
            ("127.0.0.1", "", false),
            ("127.0.0.1", "evil.example:3000", true),
            ("127.0.0.1", "localhost.evil.example", true),
            ("127.0.0.1", "evil example", true),
            ("192.0.2.1", "evil.example", false),
        ] {
            let client = Client {
                address: Some(address.parse().unwrap()),
                https: false,
                host: host.to_owned(),
            };
            assert_eq!(is_rebound(&client, Some(&public)), expected, "{host}");
        }
    }

    #[test]
    fn of_several_the_nearest_proxy_is_believed() {
        let headers = [
            (&FORWARDED_PROTO, "https, http"),
            (&FORWARDED_HOST, "evil.example, points.example"),
        ];
        let (_, https, host) = seen("10.1.1.1:5", &headers);
        assert_eq!((https, host.as_str()), (false, "points.example"));
    }
}
