//! The filters of the searches: from a URL to the form that `domain` reads, and what of them is worth a word.

use pointsman_domain::kit::field::FieldError;
use pointsman_domain::query::{LogForm, TraceForm, write_pair};

use crate::format;
use crate::url::Query;

/// The form of the trace search that stands in this URL.
pub fn trace_form(query: &Query) -> TraceForm {
    let text = |key| query.text(key);
    TraceForm {
        range: text("range"),
        from: text("from"),
        to: text("to"),
        service: text("service"),
        operation: text("operation"),
        version: text("version"),
        instance: text("instance"),
        status: text("status"),
        min: text("min"),
        max: text("max"),
        q: text("q"),
        calls: text("calls"),
        limit: text("limit"),
        before: text("before"),
    }
}

/// The form of the log search that stands in this URL.
pub fn log_form(query: &Query) -> LogForm {
    let text = |key| query.text(key);
    LogForm {
        range: text("range"),
        from: text("from"),
        to: text("to"),
        service: text("service"),
        instance: text("instance"),
        severity: text("severity"),
        trace: text("trace"),
        q: text("q"),
        limit: text("limit"),
        before: text("before"),
    }
}

/// The fields of a search that narrow it: all but the range, the number of rows and the page.
pub const NARROWING: [&str; 11] = [
    "service",
    "operation",
    "version",
    "instance",
    "status",
    "min",
    "max",
    "q",
    "calls",
    "severity",
    "trace",
];

/// Whether the URL narrows the search at all.
pub fn narrows(query: &Query) -> bool {
    NARROWING.iter().any(|key| query.get(key).is_some())
}

/// What is wrong with one field, where it is that one.
pub fn mistake(error: Option<&FieldError>, field: &str) -> Option<String> {
    let error = error.filter(|error| error.field == field)?;
    // Messages begin small, because they stand after the field's name elsewhere.
    Some(format!("{}.", format::begun(&error.message)))
}

/// The longest key and value that a link searches for, in bytes: addresses have an end.
const MAX_PAIR: usize = 1000;

/// A pair as the search field reads it; `None` where it is too long for an address.
pub fn pair(key: &str, value: &str) -> Option<String> {
    (key.len() + value.len() <= MAX_PAIR).then(|| write_pair(key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_survives_the_way_through_a_url() {
        let link = "/traces?range=6h&service=cart%20v2&operation=GET%20%2Fcart&status=error&min=300ms&max=2s\
            &q=http.route%3D%22%2Fcart%20items%22%20timeout&calls=redis&limit=50&before=17";
        let query = Query::parse(link.trim_start_matches("/traces"));
        assert_eq!(query.link("/traces"), link);
        let form = trace_form(&query);
        assert_eq!(form.q.as_deref(), Some("http.route=\"/cart items\" timeout"));
        let parsed = form.parse().expect("no mistake in it");
        assert_eq!(
            (parsed.limit, parsed.before_ns, parsed.errors_only),
            (50, Some(17), true)
        );
        assert_eq!(parsed.service.as_deref(), Some("cart v2"));

        let form = log_form(&Query::parse("severity=warn&q=out+of+stock&trace="));
        let parsed = form.parse().expect("no mistake in it");
        assert_eq!((parsed.words.len(), parsed.trace_id), (3, None));
    }

    #[test]
    fn a_mistake_is_told_at_its_field_alone() {
        let error = trace_form(&Query::parse("min=fast")).parse().err();
        let told = mistake(error.as_ref(), "min").expect("told");
        assert!(told.starts_with("`fast` is not a duration"), "{told}");
        assert_eq!(mistake(error.as_ref(), "max"), None);
        assert_eq!(mistake(None, "max"), None);
    }

    #[test]
    fn a_pair_reads_as_it_was_written() {
        for (key, value) in [
            ("http.route", "/cart items"),
            ("n", "1"),
            ("url", "a=b"),
            ("empty", ""),
            ("k", "a \"quoted\" one"),
            ("a key", "v"),
            ("list", "[a,b c]"),
            ("blanks", " x "),
        ] {
            let q = pair(key, value).expect("is short");
            // All the way through the address.
            let query = Query::parse(
                Query::default()
                    .with("q", &q)
                    .link("/traces")
                    .trim_start_matches("/traces"),
            );
            let parsed = trace_form(&query).parse().expect("no mistake in it");
            assert_eq!(parsed.attributes, [(key.into(), value.into())], "{q}");
            assert!(parsed.words.is_empty());
        }
        assert_eq!(pair("k", &"x".repeat(1000)), None);
    }
}
