//! What stands in a page's URL: what the page is about, the time range and whether it is live, which every page shares, and its own filters.
//!
//! Path and query are read here and not by the router, so that the server and the browser decode them alike. The router decodes a path that is
//! followed in the browser, and browsers take `..`, `\` and `%2e` in one for something else; so names stand in paths by an encoding that
//! none of them touches: [`segment`].

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::{RangeError, RangeSpec, TimeRange, format_moment};
use serde::{Deserialize, Serialize};

use crate::format::Times;

/// The pairs of a query string, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string, with or without the leading `?`.
    pub fn parse(search: &str) -> Self {
        let pairs = search
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(key), decode(value))
                })
                .collect(),
        )
    }

    /// The first value under `key` that is not empty, as it is: blanks around a name are part of it.
    pub fn get(&self, key: &str) -> Option<&str> {
        let values = self.0.iter().filter(|(k, _)| k == key);
        values.map(|(_, value)| value.as_str()).find(|value| !value.is_empty())
    }

    /// The first value under `key` that is not empty, owned.
    pub fn text(&self, key: &str) -> Option<String> {
        self.get(key).map(str::to_owned)
    }

    /// The same with `key` set to `value`, or without `key` where the value is empty.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.0.retain(|(k, _)| k != key);
        if !value.is_empty() {
            self.0.push((key.to_owned(), value.to_owned()));
        }
        self
    }

    /// The same without any of `keys`.
    #[must_use]
    pub fn without(mut self, keys: &[&str]) -> Self {
        self.0.retain(|(k, _)| !keys.contains(&k.as_str()));
        self
    }

    /// Only `keys`.
    #[must_use]
    pub fn only(mut self, keys: &[&str]) -> Self {
        self.0.retain(|(k, _)| keys.contains(&k.as_str()));
        self
    }

    /// The pairs, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// `path?key=value&...`, encoded; `path` alone where there are no pairs.
    pub fn link(&self, path: &str) -> String {
        let mut link = path.to_owned();
        for (i, (key, value)) in self.0.iter().enumerate() {
            link.push(if i == 0 { '?' } else { '&' });
            encode_into(&mut link, key);
            link.push('=');
            encode_into(&mut link, value);
        }
        link
    }

    /// The time range it asks for.
    pub fn range(&self) -> Result<RangeSpec, RangeError> {
        let text = |key| self.get(key).map(str::trim).filter(|text| !text.is_empty());
        RangeSpec::parse(text("range"), text("from"), text("to"))
    }
}

/// What every link between pages carries.
pub const SHARED: [&str; 4] = ["range", "from", "to", "live"];

/// The part of the URL that every page shares; cheap to make links with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shared(Query);

impl Shared {
    /// The shared part of this query.
    pub fn of(query: &Query) -> Self {
        Self(query.clone().only(&SHARED))
    }

    /// A link to another page, with the same time range and these filters; empty filters are left out.
    pub fn link(&self, path: &str, filters: &[(&str, &str)]) -> String {
        let query = filters
            .iter()
            .fold(self.0.clone(), |query, (key, value)| query.with(key, value));
        query.link(path)
    }

    /// The page of a service.
    pub fn service(&self, name: &str) -> String {
        self.link(&format!("/services/{}", segment(name)), &[])
    }

    /// The page of a trace, with a span chosen in it where one is given.
    pub fn trace(&self, trace_id: &str, span_id: Option<&str>) -> String {
        self.link(&format!("/traces/{trace_id}"), &[("span", span_id.unwrap_or_default())])
    }

    /// The pairs, to be kept as hidden fields of a form.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0.pairs().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }
}

/// The time range as server functions take it: as it stands in the URL.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RangeForm {
    /// `30m`.
    pub range: Option<String>,
    /// RFC 3339.
    pub from: Option<String>,
    /// RFC 3339.
    pub to: Option<String>,
}

impl RangeForm {
    /// The range of this query.
    pub fn of(query: &Query) -> Self {
        Self {
            range: query.text("range"),
            from: query.text("from"),
            to: query.text("to"),
        }
    }

    /// Reads it.
    pub fn parse(&self) -> Result<RangeSpec, RangeError> {
        RangeSpec::parse(self.range.as_deref(), self.from.as_deref(), self.to.as_deref())
    }
}

/// The query of the page that is open.
pub fn use_query() -> Memo<Query> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| Query::parse(search)))
}

/// The filters of the page that is open, each by its name in the URL; empty where it is not there.
pub fn use_filters() -> impl Fn(&'static str) -> Signal<String> + Copy {
    let query = use_query();
    move |name| Signal::derive(move || query.with(|query| query.text(name).unwrap_or_default()))
}

/// What links out of the page that is open carry.
pub fn use_shared() -> Memo<Shared> {
    let query = use_query();
    Memo::new(move |_| query.with(Shared::of))
}

/// The time range of the page that is open, as server functions take it.
pub fn use_range() -> Memo<RangeForm> {
    let query = use_query();
    Memo::new(move |_| query.with(RangeForm::of))
}

/// How times are written on the page that is open, of which `shown` are the oldest and the newest moment.
pub fn use_times(shown: impl Fn() -> Option<(UnixNanos, UnixNanos)> + Send + Sync + 'static) -> Memo<Times> {
    let query = use_query();
    Memo::new(move |_| Times::within(query.with(Query::range).unwrap_or_default(), shown()))
}

/// A name as a part of a path. Letters, digits and `-_.:` stand for themselves; any other byte is `~` and two hex digits, and so is a dot in a
/// name of dots alone.
pub fn segment(name: &str) -> String {
    let dots = name.bytes().all(|byte| byte == b'.');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte) || byte == b'.' && !dots;
    let mut out = String::with_capacity(name.len());
    name.bytes().for_each(|byte| write_byte(&mut out, byte, '~', plain));
    out
}

/// The name that [`segment`] has written into a part of a path. One that was typed with `%` is understood as well.
fn read_segment(part: &str) -> String {
    decode_with(&decode_with(part, b'%', false), b'~', false)
}

/// Which thing the page is about: the name after `/services/` and the like. An address that has it in another encoding is led to its own.
pub fn use_subject(page: &'static str) -> Memo<String> {
    let location = use_location();
    let found = Memo::new(move |before: Option<&String>| {
        let part = location.pathname.with(|path| part_after(path, page).map(read_segment));
        // While the reader turns to another page this one still stands for a moment.
        part.or_else(|| before.cloned()).unwrap_or_default()
    });
    #[cfg(feature = "ssr")]
    lead_to_own_address(page);
    found
}

fn part_after<'a>(path: &'a str, page: &str) -> Option<&'a str> {
    let mut parts = path.trim_start_matches('/').split('/');
    parts.next().filter(|first| *first == page)?;
    parts.next()
}

/// Addresses that were written by hand have names in other encodings. In the browser, the router would lose them.
#[cfg(feature = "ssr")]
fn lead_to_own_address(page: &str) {
    let Some(parts) = use_context::<http::request::Parts>() else {
        return;
    };
    let Some(part) = part_after(parts.uri.path(), page) else {
        return;
    };
    let own = segment(&read_segment(part));
    if own != part && parts.method == http::Method::GET {
        let rest = parts
            .uri
            .path()
            .split('/')
            .skip(3)
            .fold(String::new(), |rest, part| rest + "/" + part);
        let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        leptos_axum::redirect(&format!("/{page}/{own}{rest}{query}"));
    }
}

/// The two pairs that fix a range in a URL.
pub fn fixed(from_ns: UnixNanos, to_ns: UnixNanos) -> [(&'static str, String); 2] {
    [("from", format_moment(from_ns)), ("to", format_moment(to_ns))]
}

/// The range in words: `Last 30 min`, `14:02 to 15:02 UTC on 31 Jan 2026`.
pub fn range_words(spec: RangeSpec) -> String {
    match spec {
        RangeSpec::Last(s) if s % 86_400 == 0 => format!("Last {}", plural(s / 86_400, "day")),
        RangeSpec::Last(s) if s % 3600 == 0 => format!("Last {}", plural(s / 3600, "hour")),
        RangeSpec::Last(s) if s % 60 == 0 => format!("Last {} min", s / 60),
        RangeSpec::Last(s) => format!("Last {s} s"),
        RangeSpec::Fixed(TimeRange { from_ns, to_ns }) => crate::format::span_words(from_ns, to_ns),
    }
}

fn plural(n: u64, noun: &str) -> String {
    if n == 1 {
        noun.to_owned()
    } else {
        format!("{n} {noun}s")
    }
}

/// Percent-encodes all but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

fn encode_into(out: &mut String, text: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    text.bytes().for_each(|byte| write_byte(out, byte, '%', plain));
}

fn write_byte(out: &mut String, byte: u8, escape: char, plain: impl Fn(u8) -> bool) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if plain(byte) {
        out.push(char::from(byte));
    } else {
        out.push(escape);
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

/// A part of a query string, in which `+` is a blank.
fn decode(text: &str) -> String {
    decode_with(text, b'%', true)
}

fn decode_with(text: &str, escape: u8, plus_is_blank: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (byte, Some(high), Some(low)) if byte == escape => {
                out.push((high << 4 | low) as u8);
                at += 3;
                continue;
            }
            (b'+', ..) if plus_is_blank => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_the_way_through_a_url() {
        let query = Query::default()
            .with("q", "http.route=\"/cart items\" 50% +1 é")
            .with("range", "30m");
        let link = query.link("/traces");
        assert_eq!(Query::parse(link.trim_start_matches("/traces")), query);
        assert_eq!(Query::parse("?q=a+b%2").get("q"), Some("a b%2"));
    }

    #[test]
    fn links_carry_the_range_and_leave_out_empty_filters() {
        let shared = Shared::of(&Query::parse("service=cart&range=6h"));
        assert_eq!(
            shared.link("/traces", &[("service", "a b"), ("version", "")]),
            "/traces?range=6h&service=a%20b"
        );
        assert_eq!(shared.service("a/b"), "/services/a~2Fb?range=6h");
    }

    #[test]
    fn a_name_survives_in_a_path_whatever_it_is() {
        let long = "x".repeat(500);
        for name in [
            "cart",
            "my.service:v2",
            "50%25",
            "a\\b",
            "..",
            ".",
            "",
            "a/b",
            " d10 ",
            "~41",
            "a?b#c",
            "a+b",
            "pay-\u{202e}exe",
            "a\0b",
            "日本",
            &long,
        ] {
            let part = segment(name);
            assert!(
                part.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:~".contains(&byte)),
                "{part}"
            );
            assert!(!matches!(part.as_str(), "." | ".."));
            assert_eq!(read_segment(&part), name, "{part}");
            // What browsers make of an address, and what the router pushes into the history, is the address.
            let url = url::Url::parse("http://a/")
                .and_then(|base| base.join(&format!("/services/{part}")))
                .expect("a URL");
            assert_eq!(url.path(), format!("/services/{part}"));
        }
        assert_eq!(segment("my.service-2"), "my.service-2");
        // As people and other programs write it.
        assert_eq!(read_segment("50%2525"), "50%25");
        assert_eq!(read_segment("a%2Fb+c"), "a/b+c");
        assert_eq!(part_after("/services/a~2Fb", "services"), Some("a~2Fb"));
        assert_eq!(part_after("/slos/x/edit", "slos"), Some("x"));
        assert_eq!(part_after("/traces", "services"), None);
    }

    #[test]
    fn names_in_a_query_keep_their_blanks() {
        let query = Query::parse("?service=%20d10%20&operation=%20%20&range=+1h+");
        assert_eq!(
            (query.get("service"), query.get("operation")),
            (Some(" d10 "), Some("  "))
        );
        assert_eq!(query.range().ok(), "1h".parse().ok());
        assert_eq!(
            query.link("/traces"),
            "/traces?service=%20d10%20&operation=%20%20&range=%201h%20"
        );
    }

    #[test]
    fn a_range_reads_as_words() {
        let words = |text: &str| range_words(text.parse().expect("a length"));
        assert_eq!(words("30m"), "Last 30 min");
        assert_eq!(words("1h"), "Last hour");
        assert_eq!(words("7d"), "Last 7 days");
    }
}
