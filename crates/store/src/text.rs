//! Text on its way into a column.

use pointsman_domain::Text;
use pointsman_domain::terms::counted_name;

/// The name as it is stored.
pub(crate) fn name(text: &str) -> String {
    counted_name(text).into_owned()
}

/// A stored name.
pub(crate) fn read(text: &str) -> Text {
    Text::from(text)
}
