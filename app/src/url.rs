//! What stands in a page's URL: the time range and whether it is live, which every page shares, and its own filters.
//!
//! The query string is read here and not by the router, so that the server and the browser decode it alike.

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

    /// The first value under `key` that is not blank.
    pub fn get(&self, key: &str) -> Option<&str> {
        let values = self.0.iter().filter(|(k, _)| k == key);
        values.map(|(_, value)| value.trim()).find(|value| !value.is_empty())
    }

    /// The first value under `key` that is not blank, owned.
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
        RangeSpec::parse(self.get("range"), self.get("from"), self.get("to"))
    }
}

/// What every link between pages carries.
pub const SHARED: [&str; 4] = ["range", "from", "to", "live"];

/// Whether a page is about people or what was agreed with them, or a form, rather than about what is measured: it has no time range, and
/// nothing on it moves.
pub fn is_about_people(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let filled_in = path == "/slos/new" || path.starts_with("/slos/") && path.ends_with("/edit");
    let people = ["profile", "teams", "users", "audit", "slas", "reports"].contains(&first);
    is_door(path) || people || filled_in || path == "/alerts/channels"
}

/// Whether what a page shows is of the time range that one chooses. Objectives have windows of their own, and alerts are of now.
pub fn has_range(path: &str) -> bool {
    !["/slos", "/alerts"].contains(&path.trim_end_matches('/'))
}

/// Whether a page is one that somebody meets before they are known: it has no navigation.
pub fn is_door(path: &str) -> bool {
    ["/sign-in", "/setup"].contains(&path.trim_end_matches('/'))
}

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
        self.link(&format!("/services/{}", encode(name)), &[])
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
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
                continue;
            }
            (b'+', ..) => out.push(b' '),
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
        assert_eq!(shared.service("a/b"), "/services/a%2Fb?range=6h");
    }

    #[test]
    fn a_range_reads_as_words() {
        let words = |text: &str| range_words(text.parse().expect("a length"));
        assert_eq!(words("30m"), "Last 30 min");
        assert_eq!(words("1h"), "Last hour");
        assert_eq!(words("7d"), "Last 7 days");
    }
}
