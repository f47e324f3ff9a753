//! Text on its way into a column.

use pointsman_domain::Text;

/// The longest name that a rollup keeps, in bytes: an index entry has to fit a page.
pub(crate) const MAX_NAME: usize = 512;

/// The name as it is stored: PostgreSQL's `text` holds no NUL, and names longer than [`MAX_NAME`] are cut.
pub(crate) fn name(text: &str) -> String {
    let mut end = text.len().min(MAX_NAME);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "\u{fffd}")
}

/// A stored name.
pub(crate) fn read(text: &str) -> Text {
    Text::from(text)
}
