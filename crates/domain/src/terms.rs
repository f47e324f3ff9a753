//! Search terms: what an index narrows by, before the records themselves are read and checked exactly.
//!
//! A term is a 32-bit hash of either an attribute `key=value` or a lower-case word. Two texts can share a hash, so a
//! match of terms is a candidate, never an answer.

use std::borrow::Cow;

use compact_str::{ToCompactString, format_compact};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::telemetry::Value;

/// The longest word that is indexed, in bytes; longer ones are indexed by their first bytes.
pub const MAX_WORD: usize = 64;

/// The longest name that counts are kept under, in bytes: an index entry has to fit a page.
pub const MAX_NAME: usize = 512;

/// A name (of a service, an operation and the like) as counts are kept under it and lists show it: without NUL, which PostgreSQL's `text` does
/// not hold, and cut at [`MAX_NAME`]. What carries the whole name is found by this one as well.
pub fn counted_name(name: &str) -> Cow<'_, str> {
    let mut end = name.len().min(MAX_NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let name = &name[..end];
    if name.contains('\0') {
        name.replace('\0', "\u{fffd}").into()
    } else {
        name.into()
    }
}

/// Whether a name is the one that is looked for, or is listed as it.
pub fn is_named(name: &str, wanted: &str) -> bool {
    name == wanted || counted_name(name) == wanted
}

/// The term of an attribute with a value.
pub fn pair(key: &str, value: &str) -> i32 {
    xxh3_64_with_seed(value.as_bytes(), xxh3_64_with_seed(key.as_bytes(), 1)) as i32
}

/// The term of a word, which must be as [`words`] gives it.
pub fn word(word: &str) -> i32 {
    xxh3_64_with_seed(word.as_bytes(), 2) as i32
}

/// The words of a text: runs of letters and digits, lower-case, cut at [`MAX_WORD`] bytes.
pub fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
        .map(|run| {
            let mut end = run.len().min(MAX_WORD);
            while !run.is_char_boundary(end) {
                end -= 1;
            }
            let run = &run[..end];
            if run.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
                run.into()
            } else {
                run.to_lowercase().into()
            }
        })
}

/// Whether `holds` of any pair that an attribute is found by: its key with its text (as [`Value`] is displayed); a list also by the key with
/// each of its items; a map by `key.sub` with each of its values; and so on within those.
pub fn any_pair(key: &str, value: &Value, holds: &mut dyn FnMut(&str, &str) -> bool) -> bool {
    let whole = match value {
        Value::Str(text) => holds(key, text),
        value => holds(key, &value.to_compact_string()),
    };
    whole
        || match value {
            Value::Array(items) => items.iter().any(|item| any_pair(key, item, holds)),
            Value::Map(fields) => fields
                .iter()
                .any(|(sub, value)| any_pair(&format_compact!("{key}.{sub}"), value, holds)),
            _ => false,
        }
}

/// Shows the texts within a value whose words it is found by.
pub fn each_text(value: &Value, show: &mut dyn FnMut(&str)) {
    match value {
        Value::Str(text) => show(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, show)),
        Value::Map(fields) => fields.iter().for_each(|(_, value)| each_text(value, show)),
        Value::Empty | Value::Bool(_) | Value::Int(_) | Value::Double(_) | Value::Bytes(_) => {}
    }
}
