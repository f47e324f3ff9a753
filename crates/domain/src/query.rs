//! What a reader searches for. Every part is optional and all given parts must hold.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::ids::TraceId;
use crate::kit::duration;
use crate::kit::field::FieldError;
use crate::telemetry::LogSeverity;
use crate::time::RangeSpec;

/// Which traces. A trace matches where *one* of its spans meets everything that is asked of spans (service, operation,
/// version, instance, attributes, words, `errors_only`, durations).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct TraceQuery {
    /// In which the matching spans began.
    pub range: RangeSpec,
    /// Only spans of this `service.name`.
    pub service: Option<Text>,
    /// Only spans of this name.
    pub operation: Option<Text>,
    /// Only spans of this `service.version`.
    pub version: Option<Text>,
    /// Only spans of this node ([`crate::telemetry::Resource::instance`]).
    pub instance: Option<Text>,
    /// Only spans that are errors (as [`crate::semconv::is_error`] says).
    pub errors_only: bool,
    /// Only spans that took at least this long, in nanoseconds.
    pub min_duration_ns: Option<u64>,
    /// Only spans that took at most this long, in nanoseconds.
    pub max_duration_ns: Option<u64>,
    /// Attributes of the span or its resource, `key=value`, compared as text: see [`crate::terms::any_pair`].
    pub attributes: Vec<(Text, Text)>,
    /// Words (as [`crate::terms::words`] makes them) in the span's name, status message, attribute values or events.
    pub words: Vec<Text>,
    /// Only traces in which this other service is called by `service` (both needed): the traces of an edge.
    pub calls: Option<Text>,
    /// At most this many traces, newest first; 1 to 200.
    pub limit: u32,
    /// Only traces that began before this moment: the next page.
    pub before_ns: Option<u64>,
}

/// Which log records: those for which all that is given holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct LogQuery {
    /// In which they were written.
    pub range: RangeSpec,
    /// Only records of this `service.name`.
    pub service: Option<Text>,
    /// Only records of this node ([`crate::telemetry::Resource::instance`]).
    pub instance: Option<Text>,
    /// This severity or worse.
    pub min_severity: Option<LogSeverity>,
    /// Only records that were written in this trace.
    pub trace_id: Option<TraceId>,
    /// Attributes of the record or its resource, `key=value`, compared as text: see [`crate::terms::any_pair`].
    pub attributes: Vec<(Text, Text)>,
    /// Words (as [`crate::terms::words`] makes them) in the body or the attributes' values.
    pub words: Vec<Text>,
    /// At most this many, newest first; 1 to 1,000.
    pub limit: u32,
    /// Only records before this moment: the next page.
    pub before_ns: Option<u64>,
}

/// What was typed into a search field, as `key=value` pairs and words. A key, a value or a run of words may stand in double or single quotes, and
/// then hold blanks and anything else; within them `\"` (`\'` in single ones) is a quote and `\\` a backslash. There may be blanks around the `=`:
/// `http.route = "/cart items" timeout`.
pub fn parse_search(text: &str) -> (Vec<(Text, Text)>, Vec<Text>) {
    let (mut pairs, mut words) = (Vec::new(), Vec::new());
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (run, quoted, after) = next_run(rest, true);
        let after = after.trim_start();
        rest = match after.strip_prefix('=') {
            Some(value) if quoted || !run.is_empty() => {
                let (value, _, after) = next_run(value.trim_start(), false);
                pairs.push((run, value));
                after
            }
            // A `=` after nothing.
            Some(after) => after,
            None => {
                words.extend(crate::terms::words(&run).map(Text::from));
                after
            }
        };
        rest = rest.trim_start();
    }
    (pairs, words)
}

/// The quoted text that this begins with, or else all up to a blank (up to a `=` where it can be a key); whether it was quoted; and the rest.
fn next_run(text: &str, key: bool) -> (Text, bool, &str) {
    if let Some((inside, after)) = quoted(text) {
        return (inside, true, after);
    }
    let end = text.find(|c: char| c.is_whitespace() || key && c == '=');
    let (run, after) = text.split_at(end.unwrap_or(text.len()));
    (run.into(), false, after)
}

/// The quoted text that this begins with, and the rest; `None` where the quote is never closed.
fn quoted(text: &str) -> Option<(Text, &str)> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next().filter(|(_, c)| matches!(c, '"' | '\''))?;
    let mut inside = Text::default();
    while let Some((at, c)) = chars.next() {
        let escaped = text[at + c.len_utf8()..].chars().next();
        match escaped.filter(|&next| c == '\\' && (next == quote || next == '\\')) {
            Some(next) => {
                inside.push(next);
                chars.next();
            }
            None if c == quote => return Some((inside, &text[at + 1..])),
            None => inside.push(c),
        }
    }
    None
}

/// A pair as [`parse_search`] reads it, whatever is in it.
pub fn write_pair(key: &str, value: &str) -> String {
    let bare = |text: &str, more: &[char]| {
        !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'') || more.contains(&c))
    };
    let written = |text: &str, more: &[char]| {
        if bare(text, more) {
            text.to_owned()
        } else {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
    };
    format!("{}={}", written(key, &['=']), written(value, &[]))
}

/// The fields of the trace search as they stand in a URL, all as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct TraceForm {
    /// The last so long, up to now: a whole number and a unit of `s`, `m`, `h` or `d`, such as `30m` (the default). At most 400 days.
    pub range: Option<String>,
    /// From when on, as RFC 3339, instead of `range`.
    pub from: Option<String>,
    /// Until when, as RFC 3339; a day after `from` where it is not given.
    pub to: Option<String>,
    /// `service.name` of the span.
    pub service: Option<String>,
    /// The span's name.
    pub operation: Option<String>,
    /// `service.version` of the span.
    pub version: Option<String>,
    /// The node of the span.
    pub instance: Option<String>,
    /// `error`, or empty for any.
    #[cfg_attr(feature = "openapi", param(pattern = "^(error|any)?$"))]
    pub status: Option<String>,
    /// Only spans that took at least so long: a number and a unit of `us`, `ms`, `s` or `m`, such as `300ms`.
    pub min: Option<String>,
    /// Only spans that took at most so long, such as `2s`.
    pub max: Option<String>,
    /// Attributes as `key=value` and words, all of which the span has; see [`parse_search`].
    pub q: Option<String>,
    /// Only traces in which `service` calls this other service.
    pub calls: Option<String>,
    /// How many traces; clamped to 1 to 200, 20 where it is not given.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u64>))]
    pub limit: Option<String>,
    /// Only traces that began before this moment, in nanoseconds since the epoch: `next_before_ns` of the page before.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u64>))]
    pub before: Option<String>,
}

/// The fields of the log search as they stand in a URL, all as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct LogForm {
    /// The last so long, up to now: a whole number and a unit of `s`, `m`, `h` or `d`, such as `30m` (the default). At most 400 days.
    pub range: Option<String>,
    /// From when on, as RFC 3339, instead of `range`.
    pub from: Option<String>,
    /// Until when, as RFC 3339; a day after `from` where it is not given.
    pub to: Option<String>,
    /// `service.name`.
    pub service: Option<String>,
    /// The node.
    pub instance: Option<String>,
    /// This severity or worse: TRACE, DEBUG, INFO, WARN, ERROR or FATAL, in any case.
    #[cfg_attr(
        feature = "openapi",
        param(
            pattern = "^([Tt][Rr][Aa][Cc][Ee]|[Dd][Ee][Bb][Uu][Gg]|[Ii][Nn][Ff][Oo]|[Ww][Aa][Rr][Nn]([Ii][Nn][Gg])?|[Ee][Rr][Rr][Oo][Rr]|[Ff][Aa][Tt][Aa][Ll])?$"
        )
    )]
    pub severity: Option<String>,
    /// Only those written in this trace: its id in hex.
    #[cfg_attr(feature = "openapi", param(pattern = "^([0-9a-fA-F]{32})?$"))]
    pub trace: Option<String>,
    /// Attributes as `key=value` and words, all of which the record has; see [`parse_search`].
    pub q: Option<String>,
    /// How many records; clamped to 1 to 1,000, 100 where it is not given.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u64>))]
    pub limit: Option<String>,
    /// Only records before this moment, in nanoseconds since the epoch: `next_before_ns` of the page before.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u64>))]
    pub before: Option<String>,
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn parse_range(range: Option<&String>, from: Option<&String>, to: Option<&String>) -> Result<RangeSpec, FieldError> {
    RangeSpec::parse(filled(range), filled(from), filled(to)).map_err(|error| FieldError::new("range", error))
}

fn parse_length(field: &str, text: Option<&String>) -> Result<Option<u64>, FieldError> {
    filled(text)
        .map(|text| {
            duration::parse(text).ok_or_else(|| {
                FieldError::new(
                    field,
                    format!("`{text}` is not a duration; write a number and a unit, such as 300ms or 1.5s"),
                )
            })
        })
        .transpose()
}

/// A whole number of at most 63 bits, which is what the database holds.
fn parse_number<T: TryFrom<u64>>(field: &str, text: Option<&String>) -> Result<Option<T>, FieldError> {
    let number = |text: &str| {
        let number: u64 = text.parse().ok().filter(|number| i64::try_from(*number).is_ok())?;
        T::try_from(number).ok()
    };
    filled(text)
        .map(|text| {
            number(text).ok_or_else(|| FieldError::new(field, format!("`{text}` is not a whole number in range")))
        })
        .transpose()
}

/// A name as it was sent: blanks around it are part of it.
fn name(field: Option<&String>) -> Option<Text> {
    field.filter(|name| !name.is_empty()).map(Text::from)
}

impl TraceForm {
    /// The query that the fields make. Errors: the first field that can't be read, or `calls` without `service`.
    pub fn parse(&self) -> Result<TraceQuery, FieldError> {
        let (attributes, words) = parse_search(self.q.as_deref().unwrap_or_default());
        let errors_only = match filled(self.status.as_ref()) {
            None | Some("any") => false,
            Some("error") => true,
            Some(other) => {
                return Err(FieldError::new(
                    "status",
                    format!("`{other}` is neither `error` nor `any`"),
                ));
            }
        };
        let query = TraceQuery {
            range: parse_range(self.range.as_ref(), self.from.as_ref(), self.to.as_ref())?,
            service: name(self.service.as_ref()),
            operation: name(self.operation.as_ref()),
            version: name(self.version.as_ref()),
            instance: name(self.instance.as_ref()),
            errors_only,
            min_duration_ns: parse_length("min", self.min.as_ref())?,
            max_duration_ns: parse_length("max", self.max.as_ref())?,
            attributes,
            words,
            calls: name(self.calls.as_ref()),
            limit: parse_number("limit", self.limit.as_ref())?.unwrap_or(20).clamp(1, 200),
            before_ns: parse_number("before", self.before.as_ref())?,
        };
        if query.calls.is_some() && query.service.is_none() {
            return Err(FieldError::new("calls", "needs `service`, the one that calls"));
        }
        Ok(query)
    }
}

impl LogForm {
    /// The query that the fields make. Errors: the first field that can't be read.
    pub fn parse(&self) -> Result<LogQuery, FieldError> {
        let (attributes, words) = parse_search(self.q.as_deref().unwrap_or_default());
        Ok(LogQuery {
            range: parse_range(self.range.as_ref(), self.from.as_ref(), self.to.as_ref())?,
            service: name(self.service.as_ref()),
            instance: name(self.instance.as_ref()),
            min_severity: filled(self.severity.as_ref())
                .map(|word| {
                    LogSeverity::from_word(word).ok_or_else(|| {
                        FieldError::new(
                            "severity",
                            format!("`{word}` is none of TRACE, DEBUG, INFO, WARN, ERROR, FATAL"),
                        )
                    })
                })
                .transpose()?,
            trace_id: filled(self.trace.as_ref())
                .map(|id| {
                    id.parse()
                        .map_err(|error| FieldError::new("trace", format!("`{id}` {error}")))
                })
                .transpose()?,
            attributes,
            words,
            limit: parse_number("limit", self.limit.as_ref())?
                .unwrap_or(100)
                .clamp(1, 1000),
            before_ns: parse_number("before", self.before.as_ref())?,
        })
    }
}
