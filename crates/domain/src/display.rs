//! Texts of others on their way to somebody's eyes: pages, mails, chats. Senders may call things what they like; a name must not turn the text
//! around it, hide in it, or look empty.
//!
//! What is stored, searched for and put into links is the text itself. Only what is shown goes through here, last.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A name or anything else that stands in a line: what can't be seen is shown as a mark (`␀` for NUL, `[U+202E]` for a direction override, `␣` for
/// blanks at the beginning and the end), and text that is written from right to left is isolated, so that it orders nothing but itself.
pub fn line(text: &str) -> Cow<'_, str> {
    let inner = text.trim_matches(' ');
    if inner.len() == text.len() {
        return shown(text, false);
    }
    let before = if inner.is_empty() {
        0
    } else {
        text.len() - text.trim_start_matches(' ').len()
    };
    let after = text.len() - inner.len() - before;
    format!("{}{}{}", "␣".repeat(before), shown(inner, false), "␣".repeat(after)).into()
}

/// A message, which may have several lines: as [`line()`], but line breaks and tabs stay, and colours and other sequences for terminals are left
/// out.
pub fn lines(text: &str) -> Cow<'_, str> {
    match without_escapes(text) {
        Cow::Borrowed(text) => shown(text, true),
        Cow::Owned(text) => Cow::Owned(shown(&text, true).into_owned()),
    }
}

fn shown(text: &str, breaks: bool) -> Cow<'_, str> {
    let is_mark = |c: char| is_unseen(c) && !(breaks && matches!(c, '\n' | '\r' | '\t'));
    let turned = text.chars().any(is_right_to_left);
    if !turned && !text.chars().any(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    if turned {
        out.push('\u{2068}');
    }
    for c in text.chars() {
        match c {
            c if !is_mark(c) => out.push(c),
            // The pictures of controls are in the order of the controls.
            '\0'..='\u{1f}' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => out.push('\u{2421}'),
            // Writing to a text can't fail.
            c => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
        }
    }
    if turned {
        out.push('\u{2069}');
    }
    Cow::Owned(out)
}

/// Controls, and what has no width or changes directions. Joiners stay: scripts and emoji are written with them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// Whether a character turns the direction of the text after it, which no name needs that people give here.
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The blocks of Unicode that are written from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}

/// The text without the sequences that tell a terminal its colours, titles and the like (ECMA-48). One that does not end stays.
pub fn without_escapes(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 2] = ['\u{1b}', '\u{9b}'];
    let Some(first) = text.find(STARTS) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let (kept, mut rest) = text.split_at(first);
    out.push_str(kept);
    while let Some(start) = rest.chars().next() {
        if let Some(length) = sequence(rest) {
            rest = &rest[length..];
        } else {
            out.push(start);
            rest = &rest[start.len_utf8()..];
        }
        let next = rest.find(STARTS).unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// How many bytes the sequence at the beginning of the text has.
fn sequence(text: &str) -> Option<usize> {
    let control = |from: usize| -> Option<usize> {
        let rest = text.get(from..)?.bytes();
        let length = rest.clone().take_while(|byte| (0x20..=0x3f).contains(byte)).count();
        let last = rest.clone().nth(length)?;
        (0x40..=0x7e).contains(&last).then_some(from + length + 1)
    };
    if text.starts_with('\u{9b}') {
        return control('\u{9b}'.len_utf8());
    }
    let after = text.strip_prefix('\u{1b}')?;
    match after.bytes().next()? {
        b'[' => control(2),
        // A title or a link: up to BEL or the terminator.
        b']' => {
            let ends = [("\u{7}", 1), ("\u{1b}\\", 2)];
            let ends = ends
                .iter()
                .filter_map(|(end, length)| Some(after.find(end)? + 1 + length));
            ends.min()
        }
        0x20..=0x2f => {
            let length = after.bytes().take_while(|byte| (0x20..=0x2f).contains(byte)).count();
            let last = after.as_bytes().get(length).copied()?;
            (0x30..=0x7e).contains(&last).then_some(length + 2)
        }
        0x30..=0x7e => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_marked() {
        for (text, wanted) in [
            ("cart", "cart"),
            ("pay-\u{202e}exe.gnp", "pay-[U+202E]exe.gnp"),
            ("a\0b", "a\u{2400}b"),
            ("a\tb\n", "a\u{2409}b\u{240a}"),
            ("\u{1b}[31mred", "\u{241b}[31mred"),
            ("\u{7f}\u{85}\u{feff}", "\u{2421}[U+0085][U+FEFF]"),
            ("日本 \u{1f468}\u{200d}\u{1f467}", "日本 \u{1f468}\u{200d}\u{1f467}"),
            (" d10  ", "␣d10␣␣"),
            ("   ", "␣␣␣"),
            ("של", "\u{2068}של\u{2069}"),
        ] {
            assert_eq!(line(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn messages_keep_their_lines_and_lose_their_colours() {
        for (text, wanted) in [
            ("one\n\ttwo\r\n", "one\n\ttwo\r\n"),
            ("\u{1b}[1;31mERROR\u{1b}[0m: no", "ERROR: no"),
            ("\u{9b}31mERROR", "ERROR"),
            (
                "\u{1b}]0;title\u{7}at \u{1b}]8;;http://a\u{1b}\\link\u{1b}]8;;\u{1b}\\",
                "at link",
            ),
            ("\u{1b}(Bplain\u{1b}c", "plain"),
            ("open \u{1b}]0;never ends", "open \u{241b}]0;never ends"),
            ("last \u{1b}", "last \u{241b}"),
            ("\u{1b}é \u{1b}[é", "\u{241b}é \u{241b}[é"),
            ("\0", "\u{2400}"),
        ] {
            assert_eq!(lines(text), wanted, "{text:?}");
        }
    }
}
