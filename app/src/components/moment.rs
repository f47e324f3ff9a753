//! A moment: relative within the hour, the exact time on hover and focus.

use leptos::prelude::*;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::format_moment;

use crate::format;

/// A `<time>`.
#[component]
pub fn Moment(
    /// When.
    at: UnixNanos,
    /// The end of the page's range, which is what "now" is on it.
    now_ns: UnixNanos,
    /// The clock to the millisecond rather than how long ago.
    #[prop(optional)]
    precise: bool,
) -> impl IntoView {
    let text = if precise {
        format::clock_millis(at)
    } else {
        format::ago(at, now_ns)
    };
    view! { <time datetime=format_moment(at) title=format::exact(at)>{text}</time> }
}

/// A moment with its day, for what is far from the page's range: sessions, tokens, the audit. Its column says UTC.
#[component]
pub fn Stamp(
    /// When.
    at: UnixNanos,
) -> impl IntoView {
    view! { <time datetime=format_moment(at) title=format::exact(at)>{format::stamp(at)}</time> }
}
