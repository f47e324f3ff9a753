//! Whether one condition follows from another. `false` is also "one does not see".

use crate::strategy::{HeaderMatch, HeaderPredicate, PathMatch, TextMatch};

/// Whether a request that meets `given` meets `wanted`. Every path begins with `/`.
pub(super) fn path(given: Option<&PathMatch>, wanted: &PathMatch) -> bool {
    match (given, wanted) {
        (Some(PathMatch::Exact(path)), wanted) => wanted.is_match(path.as_str()),
        (Some(PathMatch::Prefix(longer)), PathMatch::Prefix(shorter)) => longer.as_str().starts_with(shorter.as_str()),
        (Some(PathMatch::Regex(one)), PathMatch::Regex(two)) if one == two => true,
        (_, PathMatch::Prefix(any)) => any.as_str() == "/",
        (_, PathMatch::Regex(pattern)) => pattern.is_everything(),
        (_, PathMatch::Exact(_)) => false,
    }
}

/// Whether a text that meets `given` meets `wanted`.
pub(super) fn text(given: &TextMatch, wanted: &TextMatch) -> bool {
    match (given, wanted) {
        (TextMatch::Exact(value), wanted) => wanted.is_match(value.as_str()),
        (TextMatch::Prefix(longer), TextMatch::Prefix(shorter)) => longer.as_str().starts_with(shorter.as_str()),
        (TextMatch::Suffix(longer), TextMatch::Suffix(shorter)) => longer.as_str().ends_with(shorter.as_str()),
        (TextMatch::Regex(one), TextMatch::Regex(two)) => one == two,
        _ => false,
    }
}

/// Whether a request that meets `given` meets `wanted`: of the same header.
pub(super) fn header(given: &HeaderMatch, wanted: &HeaderMatch) -> bool {
    if given.name != wanted.name {
        return false;
    }
    if given.predicate == wanted.predicate && given.invert == wanted.invert {
        return true;
    }
    match (given.invert, wanted.invert) {
        // Who is not there meets nothing else.
        _ if is_absent(given) || is_absent(wanted) => false,
        (false, false) => value(&given.predicate, &wanted.predicate),
        // What is there, and is not something, is there.
        (true, false) => wanted.predicate == HeaderPredicate::Present,
        (false, true) => {
            matches!(&given.predicate, HeaderPredicate::Exact(value) if !wanted.predicate.is_match(value.as_str()))
        }
        // Not the wider is not the narrower.
        (true, true) => value(&wanted.predicate, &given.predicate),
    }
}

/// Whether a value that meets `given` meets `wanted`.
fn value(given: &HeaderPredicate, wanted: &HeaderPredicate) -> bool {
    match (given, wanted) {
        (_, HeaderPredicate::Present) => true,
        (HeaderPredicate::Exact(value), wanted) => wanted.is_match(value.as_str()),
        (HeaderPredicate::Prefix(longer), HeaderPredicate::Prefix(shorter)) => {
            longer.as_str().starts_with(shorter.as_str())
        }
        (HeaderPredicate::Suffix(longer), HeaderPredicate::Suffix(shorter)) => {
            longer.as_str().ends_with(shorter.as_str())
        }
        (HeaderPredicate::Regex(one), HeaderPredicate::Regex(two)) => one == two,
        (HeaderPredicate::Range { start, end }, HeaderPredicate::Range { start: from, end: to }) => {
            from <= start && end <= to
        }
        _ => false,
    }
}

/// Whether no request meets both, which are of the same header.
pub(super) fn excludes(one: &HeaderMatch, other: &HeaderMatch) -> bool {
    match &one.predicate {
        HeaderPredicate::Exact(value) if !one.invert => !other.is_match(Some(value.as_str())),
        HeaderPredicate::Present if one.invert => !other.is_match(None),
        _ => false,
    }
}

fn is_absent(header: &HeaderMatch) -> bool {
    header.invert && header.predicate == HeaderPredicate::Present
}
