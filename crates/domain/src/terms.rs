//! Search terms: what an index narrows by, before the records themselves are read and checked exactly.
//!
//! A term is a 32-bit hash of either an attribute `key=value` or a lower-case word. Two texts can share a hash, so a
//! match of terms is a candidate, never an answer.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The longest word that is indexed, in bytes; longer ones are indexed by their first bytes.
pub const MAX_WORD: usize = 64;

/// The term of an attribute with a value.
pub fn pair(key: &str, value: &str) -> i32 {
    xxh3_64_with_seed(value.as_bytes(), xxh3_64_with_seed(key.as_bytes(), 1)) as i32
}

/// The term of a word, which must be as [`words`] gives it.
pub fn word(word: &str) -> i32 {
    xxh3_64_with_seed(word.as_bytes(), 2) as i32
}

/// The words of a text: runs of letters and digits, lower-case, cut at [`MAX_WORD`] bytes.
pub fn words(text: &str) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
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
