//! What a span or a record must meet, exactly; and the terms that a row with such a one has.
//!
//! Both sides follow what `transform` makes terms of: resource, name and kind, attributes, and the words of name, status message,
//! attributes and events (of a record: body, event name and attributes).

use std::collections::HashSet;

use pointsman_domain::display::without_escapes;
use pointsman_domain::query::{LogQuery, TraceQuery};
use pointsman_domain::telemetry::{Attributes, LogRecord, Resource, Span, SpanBatch, Value};
use pointsman_domain::terms::{any_pair, each_text, is_named, pair, word, words};
use pointsman_domain::{Text, ids::SpanId, semconv};

/// The terms that a row has which holds a span that meets the query.
pub(super) fn trace_terms(query: &TraceQuery) -> Vec<i32> {
    let named = [
        ("service.name", &query.service),
        ("span.name", &query.operation),
        ("service.version", &query.version),
        ("service.instance.id", &query.instance),
    ];
    let mut terms = shared_terms(&query.attributes, &query.words);
    terms.extend(named.iter().filter_map(|(key, value)| Some(pair(key, value.as_ref()?))));
    terms
}

/// The terms that a row has which holds a record that meets the query. The service is a column.
pub(super) fn log_terms(query: &LogQuery) -> Vec<i32> {
    // The word of a severity is stored in capitals; any case finds it.
    let attributes: Vec<_> = query
        .attributes
        .iter()
        .map(|(key, value)| match key.as_str() {
            "severity" => (key.clone(), value.to_uppercase()),
            _ => (key.clone(), value.clone()),
        })
        .collect();
    let mut terms = shared_terms(&attributes, &query.words);
    terms.extend(
        query
            .instance
            .iter()
            .map(|instance| pair("service.instance.id", instance)),
    );
    terms.extend(query.trace_id.iter().map(|id| pair("trace_id", &id.to_string())));
    terms
}

fn shared_terms(attributes: &[(Text, Text)], wanted: &[Text]) -> Vec<i32> {
    let pairs = attributes.iter().map(|(key, value)| pair(key, value));
    let words = wanted.iter().flat_map(|text| words(text)).map(|w| word(&w));
    pairs.chain(words).collect()
}

/// The span of a whole trace that meets the query; the one that makes the call, where a call is asked for and it does.
pub(super) fn matching_span(query: &TraceQuery, batch: &SpanBatch) -> Option<SpanId> {
    let mut matching = batch.spans.iter().filter(|span| span_matches(query, batch, span));
    let Some(called) = &query.calls else {
        return matching.next().map(|span| span.span_id);
    };
    let callers = callers(query.service.as_deref().unwrap_or_default(), called, batch);
    if callers.is_empty() {
        return None;
    }
    let first = matching.next()?;
    let calling = std::iter::once(first)
        .chain(matching)
        .find(|span| callers.contains(&span.span_id));
    Some(calling.unwrap_or(first).span_id)
}

fn span_matches(query: &TraceQuery, batch: &SpanBatch, span: &Span) -> bool {
    let resource = batch.resource(span);
    let duration_ns = span.duration_ns();
    equals(query.service.as_ref(), &resource.service)
        && equals(query.version.as_ref(), &resource.version)
        && equals(query.instance.as_ref(), &resource.instance)
        && equals(query.operation.as_ref(), &span.name)
        && query.min_duration_ns.is_none_or(|least| duration_ns >= least)
        && query.max_duration_ns.is_none_or(|most| duration_ns <= most)
        && (!query.errors_only || semconv::is_error(span))
        && query.attributes.iter().all(|(key, value)| {
            let own = match key.as_str() {
                "span.name" => is_named(&span.name, value),
                "span.kind" => span.kind.as_str() == value,
                _ => false,
            };
            own || has(&span.attributes, key, value) || resource_has(resource, key, value)
        })
        && holds_words(&query.words, |found| {
            found.text(&span.name);
            found.text(&span.status_message);
            found.attributes(&span.attributes);
            found.attributes(&resource.attributes);
            for event in &span.events {
                found.text(&event.name);
                found.attributes(&event.attributes);
            }
        })
}

/// The client and producer spans of `service` that call `called`: whose child, or other half, is a span of it, or that name it as their
/// peer.
fn callers(service: &str, called: &str, batch: &SpanBatch) -> HashSet<SpanId> {
    let of_called = batch
        .spans
        .iter()
        .filter(|span| is_named(&batch.resource(span).service, called));
    let answered: HashSet<SpanId> = of_called
        .flat_map(|span| {
            let same = span.kind.is_called().then_some(span.span_id);
            let above = same.into_iter().chain(span.parent);
            above.chain(span.links.iter().map(|link| link.span_id))
        })
        .collect();
    let calls = |span: &&Span| {
        semconv::is_call(span)
            && is_named(&batch.resource(span).service, service)
            && (answered.contains(&span.span_id)
                || semconv::peer(span).is_some_and(|peer| is_named(&peer.name, called)))
    };
    batch.spans.iter().filter(calls).map(|span| span.span_id).collect()
}

/// Whether a record meets the query; its time is the caller's to check.
pub(super) fn record_matches(query: &LogQuery, resource: &Resource, record: &LogRecord) -> bool {
    equals(query.service.as_ref(), &resource.service)
        && equals(query.instance.as_ref(), &resource.instance)
        && query.min_severity.is_none_or(|least| record.severity >= least)
        && query.trace_id.is_none_or(|id| record.trace_id == Some(id))
        && query.attributes.iter().all(|(key, value)| {
            let own = match key.as_str() {
                "event.name" => record.event_name == *value,
                "severity" => record.severity.word().eq_ignore_ascii_case(value),
                "trace_id" => record.trace_id.is_some_and(|id| id.to_string() == *value),
                _ => false,
            };
            own || has(&record.attributes, key, value) || resource_has(resource, key, value)
        })
        && holds_words(&query.words, |found| {
            match &record.body {
                Value::Str(text) => found.text(text),
                body => found.text(&body.to_string()),
            }
            found.text(&record.event_name);
            found.attributes(&record.attributes);
            found.attributes(&resource.attributes);
        })
}

fn equals(wanted: Option<&Text>, is: &Text) -> bool {
    wanted.is_none_or(|wanted| is_named(is, wanted))
}

fn resource_has(resource: &Resource, key: &str, value: &str) -> bool {
    let own = match key {
        "service.name" => is_named(&resource.service, value),
        "service.version" => is_named(&resource.version, value),
        "service.instance.id" => is_named(&resource.instance, value),
        _ => false,
    };
    own || has(&resource.attributes, key, value)
}

/// A sender can repeat a key: any of its values will do.
fn has(attributes: &Attributes, wanted_key: &str, wanted: &str) -> bool {
    // What is within a map has the map's key at the beginning of its own.
    attributes
        .iter()
        .filter(|(key, _)| wanted_key.starts_with(key))
        .any(|(key, value)| any_pair(key, value, &mut |key, text| key == wanted_key && text == wanted))
}

/// Whether all the words wanted are among those of the texts that `texts` shows.
fn holds_words(wanted: &[Text], texts: impl FnOnce(&mut Found)) -> bool {
    let mut found = Found(wanted.iter().flat_map(|text| words(text)).map(Into::into).collect());
    if !found.0.is_empty() {
        texts(&mut found);
    }
    found.0.is_empty()
}

/// The words that are still to be found.
struct Found(Vec<String>);

impl Found {
    fn text(&mut self, text: &str) {
        if !self.0.is_empty() {
            words(&without_escapes(text)).for_each(|w| self.0.retain(|wanted| *wanted != w));
        }
    }

    fn attributes(&mut self, attributes: &Attributes) {
        for (_, value) in attributes.iter() {
            each_text(value, &mut |text| self.text(text));
        }
    }
}
