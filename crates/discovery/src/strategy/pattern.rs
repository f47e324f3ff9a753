//! Regular expressions that every client reads in the same way.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Invalid;

/// The longest pattern in bytes.
pub const MAX_PATTERN: usize = 256;
const MAX_COMPILED: usize = 256 * 1024;
const MAX_REPEATS: u32 = 1_000;

/// A regular expression that has to match the whole text. At most 256 bytes, in the syntax that RE2 (Envoy, gRPC) and ours have in common: no
/// look-around, no back-references, no Unicode classes, no more than 1,000 repeats. It is matched in time linear in the text.
///
/// Envoy refuses patterns that compile to more than `re2.max_program_size.error_level` instructions, 100 where its bootstrap says nothing.
#[derive(Clone)]
pub struct Pattern {
    text: Arc<str>,
    whole: Arc<regex_lite::Regex>,
}

impl Pattern {
    /// Errors: too long, too large, no regular expression, or one that is read differently elsewhere.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || text.len() > MAX_PATTERN {
            let wrong = format!("a pattern of {} bytes is not taken", text.len());
            return Err(Invalid::new("", wrong, format!("Write 1 to {MAX_PATTERN} bytes")));
        }
        if let Some(part) = read_differently(text) {
            let wrong = format!("`{part}` is not read alike by all clients");
            return Err(Invalid::new("", wrong, "Write it in what RE2 has too"));
        }
        // The pattern alone first: `a)(b` would be one between parentheses.
        compile(text)?;
        Ok(Self {
            text: text.into(),
            whole: Arc::new(compile(&format!(r"\A(?:{text})\z"))?),
        })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches the whole text.
    pub fn is_match(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }

    /// Whether it matches every text of one line, as far as one sees.
    pub(crate) fn is_everything(&self) -> bool {
        &*self.text == ".*"
    }
}

fn compile(pattern: &str) -> Result<regex_lite::Regex, Invalid> {
    let built = regex_lite::RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED)
        .nest_limit(20)
        .build();
    built.map_err(|error| {
        Invalid::new(
            "",
            format!("is no regular expression: {error}"),
            "Write one in the syntax of RE2",
        )
    })
}

/// The first part that RE2 reads differently or refuses: flags `x` and `R`, `\<`, `\>`, `\b{..}`, more than 1,000 repeats.
fn read_differently(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        match bytes[at] {
            b'\\' if rest.starts_with(r"\<") || rest.starts_with(r"\>") => return Some(&rest[..2]),
            b'\\' if rest.starts_with(r"\b{") || rest.starts_with(r"\B{") => return Some(&rest[..3]),
            // What is escaped has no meaning of its own.
            b'\\' => at += 1,
            b'(' if rest.starts_with("(?") => {
                let flags = rest[2..].split([')', ':', '<', 'P']).next().unwrap_or_default();
                if flags.contains(['x', 'R']) {
                    return Some(&rest[..2 + flags.len()]);
                }
            }
            b'{' => {
                let inside = rest[1..].split('}').next().unwrap_or_default();
                let too_many = |number: &str| number.trim().parse::<u32>().is_ok_and(|n| n > MAX_REPEATS);
                if inside.split(',').any(too_many) {
                    return Some(&rest[..=inside.len()]);
                }
            }
            _ => {}
        }
        at += 1;
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    None
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pattern({})", self.text)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Pattern {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A regular expression in RE2's syntax that has to match the whole text",
            "minLength": 1,
            "maxLength": MAX_PATTERN,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_has_to_match() {
        let pattern = Pattern::parse("/cart/[0-9]+|/basket").unwrap();
        assert!(pattern.is_match("/cart/12") && pattern.is_match("/basket"));
        assert!(!pattern.is_match("/cart/12/x") && !pattern.is_match("/my/basket"));
        assert!(!pattern.is_match("/basket\n"));
    }

    #[test]
    fn what_is_too_much_or_read_differently_is_refused() {
        let long = "a".repeat(MAX_PATTERN + 1);
        let wrong = [
            "",
            &long,
            "(",
            "a)(b",
            r"\1",
            "(?=a)",
            r"\p{L}",
            "(?x)a b",
            r"\bcart\b{end}",
            r"\<cart",
            "a{1001}",
            "(a{999}){999}",
            "é{2000}",
        ];
        for wrong in wrong {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
        for good in [r"\(\?x\)", "(?i)cart", "(?P<x>a)", "a{2,3}", r"\d+\.\w", "é+"] {
            assert!(Pattern::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_backslash_at_the_end_is_refused() {
        assert!(Pattern::parse("\\").is_err() && Pattern::parse("a\\é\\").is_err());
    }

    #[test]
    fn a_hostile_text_takes_no_time() {
        let pattern = Pattern::parse("(a*)*b").unwrap();
        assert!(!pattern.is_match(&"a".repeat(20_000)));
    }
}
