//! Makes a request readable that has a bad text or a broken item in it: what is no Unicode becomes U+FFFD, and an item that can't be decoded
//! is emptied and told as a fault. So one of them does not cost the sender the others.

use std::borrow::Cow;

use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field};

use super::faults::Faults;
use super::schema::{Part, child, is_text, root};
use super::signal::Signal;

/// A request that can be decoded.
#[derive(Debug)]
pub(super) struct Repaired {
    /// The request's protobuf, with what is no Unicode replaced.
    pub(super) bytes: Vec<u8>,
    /// In how many places something was replaced by U+FFFD.
    pub(super) places: u64,
    /// Items that were emptied.
    pub(super) faults: Faults,
}

/// A traces or logs request that could not be decoded as it came; `None` where not even its items can be told apart.
pub(super) fn protobuf(signal: Signal, bytes: &[u8]) -> Option<Repaired> {
    let mut repair = Repair::default();
    let bytes = repair.message(root(signal), bytes, 0)?;
    Some(Repaired {
        bytes,
        places: repair.places,
        faults: repair.faults,
    })
}

/// The most messages within each other in an item. Values that are nested as deep as is taken have fewer; the decoder goes somewhat deeper.
const DEPTH: u8 = 64;

#[derive(Default)]
struct Repair {
    places: u64,
    items: u64,
    faults: Faults,
}

impl Repair {
    /// A copy with valid texts; `None` where it is no message.
    fn message(&mut self, part: Part, bytes: &[u8], depth: u8) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while !rest.is_empty() {
            let field = rest;
            let (tag, wire) = decode_key(&mut rest).ok()?;
            if wire != WireType::LengthDelimited {
                skip_field(wire, tag, &mut rest, DecodeContext::default()).ok()?;
                out.extend_from_slice(&field[..field.len() - rest.len()]);
                continue;
            }
            let length = usize::try_from(decode_varint(&mut rest).ok()?).ok()?;
            let (inside, after) = rest.split_at_checked(length)?;
            rest = after;
            let inside = if is_text(part, tag) {
                self.text(inside)
            } else {
                match child(part, tag) {
                    None => Cow::Borrowed(inside),
                    Some((inner @ (Part::Span | Part::Record), _)) => Cow::Owned(self.item(inner, inside)),
                    Some(_) if depth >= DEPTH => return None,
                    Some((inner, _)) => Cow::Owned(self.message(inner, inside, depth + 1)?),
                }
            };
            encode_key(tag, wire, &mut out);
            encode_varint(inside.len() as u64, &mut out);
            out.extend_from_slice(&inside);
        }
        Some(out)
    }

    /// A span or a record that can be decoded: itself with valid texts, or an empty one.
    fn item(&mut self, part: Part, bytes: &[u8]) -> Vec<u8> {
        self.items += 1;
        let before = self.places;
        let repaired = self.message(part, bytes, 0);
        let decoded = match &repaired {
            None => Err("it is no message, or is nested too deeply".to_owned()),
            Some(bytes) if part == Part::Span => Span::decode(bytes.as_slice()).map(drop).map_err(|e| e.to_string()),
            Some(bytes) => LogRecord::decode(bytes.as_slice()).map(drop).map_err(|e| e.to_string()),
        };
        match (repaired, decoded) {
            (Some(bytes), Ok(())) => bytes,
            (_, why) => {
                self.places = before;
                self.faults.add(self.items, || why.err().unwrap_or_default());
                Vec::new()
            }
        }
    }

    fn text<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let (text, places) = unicode(bytes);
        self.places += places;
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }
}

/// The bytes as text, and in how many places something was replaced.
fn unicode(bytes: &[u8]) -> (Cow<'_, str>, u64) {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => (Cow::Borrowed(text), 0),
        Cow::Owned(text) => {
            let bad = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty());
            (Cow::Owned(text), bad.count() as u64)
        }
    }
}

/// JSON whose texts are valid, and in how many places something was replaced: bytes that are no UTF-8, and halves of a surrogate pair without
/// the other one, which senders leave that cut texts by UTF-16 units.
pub(super) fn json(bytes: &[u8]) -> (Cow<'_, str>, u64) {
    let (text, places) = unicode(bytes);
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return (text, places);
    }
    let mut text = text.into_owned().into_bytes();
    let lone = replace_lone_surrogates(&mut text);
    // Digits were replaced by digits.
    let text = String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (Cow::Owned(text), places + lone)
}

/// Makes `\ufffd` of each `\ud83d` and the like that is no half of a pair; answers of how many.
fn replace_lone_surrogates(json: &mut [u8]) -> u64 {
    let (mut at, mut lone) = (0, 0);
    while let Some(found) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += found;
        match unit(json, at) {
            Some(0xd800..=0xdbff) if matches!(unit(json, at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(0xd800..=0xdfff) => {
                json[at + 2..at + 6].copy_from_slice(b"fffd");
                lone += 1;
                at += 6;
            }
            // Another escape: what follows the backslash is no backslash of its own.
            _ => at = (at + 2).min(json.len()),
        }
    }
    lone
}

/// The UTF-16 unit that is escaped here.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let value = |sum: u16, digit: &u8| Some(sum << 4 | char::from(*digit).to_digit(16)? as u16);
    digits.iter().try_fold(0, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs_become_the_replacement_character_and_pairs_stay() {
        for (sent, read, places) in [
            (&br#""thumbs up \ud83d""#[..], "\"thumbs up \\ufffd\"", 1),
            (br#""\ud83d\udc4d""#, r#""\ud83d\udc4d""#, 0),
            (br#""\uD83D\uD83D\uDC4D""#, r#""\ufffd\uD83D\uDC4D""#, 1),
            (br#""\udc00 b \ud800\n""#, r#""\ufffd b \ufffd\n""#, 2),
            // A backslash, and then a text that only looks like one.
            (br#""\\ud83d""#, r#""\\ud83d""#, 0),
            (br#""\ud8""#, r#""\ud8""#, 0),
            (b"\"a\xffb\xc3\"", "\"a\u{fffd}b\u{fffd}\"", 2),
            ("\"\u{fffd}\"".as_bytes(), "\"\u{fffd}\"", 0),
        ] {
            let (text, found) = json(sent);
            assert_eq!((&*text, found), (read, places), "{}", String::from_utf8_lossy(sent));
        }
    }
}
