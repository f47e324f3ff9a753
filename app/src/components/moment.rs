//! A moment: relative within the hour, the exact time on hover, and read out.

use leptos::prelude::*;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::format_moment;

use crate::format::{self, Times};

/// A moment that lies near the end of the page's range: how long ago, from an hour on when.
#[component]
pub fn Moment(
    at: UnixNanos,
    /// The end of the page's range, which is what "now" is on it.
    now_ns: UnixNanos,
) -> impl IntoView {
    let text = format::ago(at, now_ns);
    view! {
        <time datetime=format_moment(at) title=format::exact(at)>{text}</time>
        <span class="only-read">{format::exact(at)}</span>
    }
}

/// A moment of a list, to the millisecond.
#[component]
pub fn Clock(
    at: UnixNanos,
    /// How the times of the list are written.
    #[prop(into)]
    times: Signal<Times>,
) -> impl IntoView {
    view! { <time datetime=format_moment(at) title=format::exact(at)>{move || times.get().millis(at)}</time> }
}

/// A moment with its day, for what is far from the page's range: sessions, tokens, the audit. Its column says UTC.
#[component]
pub fn Stamp(at: UnixNanos) -> impl IntoView {
    view! { <time datetime=format_moment(at) title=format::exact(at)>{format::stamp(at)}</time> }
}
