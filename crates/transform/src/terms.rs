//! Which terms a span, a record and their resource are found by. The search rechecks by the same texts.

use compact_str::ToCompactString;
use pointsman_domain::display::without_escapes;
use pointsman_domain::segment::MAX_TERMS;
use pointsman_domain::telemetry::{Attributes, LogRecord, Resource, Span, Value};
use pointsman_domain::terms::{any_pair, counted_name, each_text, pair, word, words};

/// The terms of a stored row as they are gathered.
#[derive(Debug, Default)]
pub(crate) struct Terms(Vec<i32>);

impl Terms {
    /// Who sent it, and every attribute of the resource.
    pub(crate) fn resource(&mut self, resource: &Resource) {
        self.name("service.name", &resource.service);
        for (key, text) in [
            ("service.version", &resource.version),
            ("service.instance.id", &resource.instance),
        ] {
            if !text.is_empty() {
                self.name(key, text);
            }
        }
        self.attributes(&resource.attributes);
    }

    /// Name, kind, attributes, status message and events.
    pub(crate) fn span(&mut self, span: &Span) {
        self.name("span.name", &span.name);
        self.0.push(pair("span.kind", span.kind.as_str()));
        self.words(&span.name);
        self.words(&span.status_message);
        self.attributes(&span.attributes);
        for event in &span.events {
            self.words(&event.name);
            self.attributes(&event.attributes);
        }
    }

    /// Severity, trace, body and attributes.
    pub(crate) fn record(&mut self, record: &LogRecord) {
        self.0.push(pair("severity", record.severity.word()));
        if let Some(trace_id) = record.trace_id {
            self.0.push(pair("trace_id", &trace_id.to_compact_string()));
        }
        match &record.body {
            Value::Str(text) => self.words(text),
            body => self.words(&body.to_compact_string()),
        }
        if !record.event_name.is_empty() {
            self.0.push(pair("event.name", &record.event_name));
            self.words(&record.event_name);
        }
        self.attributes(&record.attributes);
    }

    /// Takes over terms made before, e.g. those of a resource.
    pub(crate) fn extend(&mut self, terms: &[i32]) {
        self.0.extend_from_slice(terms);
    }

    /// A name, and as lists show it.
    fn name(&mut self, key: &str, name: &str) {
        self.0.push(pair(key, name));
        let counted = counted_name(name);
        if counted != name {
            self.0.push(pair(key, &counted));
        }
    }

    fn attributes(&mut self, attributes: &Attributes) {
        for (key, value) in attributes.iter() {
            any_pair(key, value, &mut |key, text| {
                self.0.push(pair(key, text));
                false
            });
            each_text(value, &mut |text| self.words(text));
        }
    }

    fn words(&mut self, text: &str) {
        self.0.extend(words(&without_escapes(text)).map(|w| word(&w)));
    }

    /// Without keeping repeats, for memory while a row still grows.
    pub(crate) fn compact(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// How many were gathered, repeats included.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Ascending without repeats, and whether some were left out at the bound.
    pub(crate) fn finish(mut self) -> (Vec<i32>, bool) {
        self.compact();
        let cut = self.0.len() > MAX_TERMS;
        self.0.truncate(MAX_TERMS);
        (self.0, cut)
    }
}
