//! The time range of the page: links for the usual ones, a form for a fixed one; both work without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::time::{RangeSpec, format_moment};

use crate::url::{range_words, use_query};

const USUAL: [&str; 8] = ["5m", "15m", "30m", "1h", "3h", "6h", "1d", "7d"];
const KEYS: [&str; 4] = ["range", "from", "to", "before"];

/// Shows the range and lets one choose another.
#[component]
pub fn TimePicker() -> AnyView {
    let (query, location) = (use_query(), use_location());
    // None where it can't be read: the page says so.
    let chosen = Memo::new(move |_| query.with(|query| query.range().ok()));
    let link = move |range: &'static str| {
        move || {
            let query = query.get().without(&KEYS).with("range", range);
            location.pathname.with(|path| query.link(path))
        }
    };
    let usual = USUAL.map(|range| {
        let spec: RangeSpec = range.parse().unwrap_or_default();
        let current = move || (chosen.get() == Some(spec)).then_some("true");
        view! { <li><a href=link(range) aria-current=current data-noscroll="true">{range_words(spec)}</a></li> }
    });
    let kept = move || {
        let pairs: Vec<_> = query.with(|query| {
            let kept = query.clone().without(&KEYS).without(&["live"]);
            kept.pairs().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
        });
        let fields = pairs
            .into_iter()
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> });
        fields.collect_view()
    };
    let edge = move |end: bool| {
        move || match chosen.get() {
            Some(RangeSpec::Fixed(range)) => format_moment(if end { range.to_ns } else { range.from_ns }),
            Some(RangeSpec::Last(_)) | None => String::new(),
        }
    };
    view! {
        <div class="range">
            <button class="button range-button" type="button" popovertarget="range-menu">
                <span class="only-read">"Time range: "</span>
                <span class="range-text">{move || chosen.get().map_or_else(|| "Choose a range".to_owned(), range_words)}</span>
                <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path class="line" d="M2.5 4.5L6 8l3.5-3.5" /></svg>
            </button>
            <div class="menu-sheet" id="range-menu" popover="auto">
                <ul class="range-list" aria-label="Common ranges">{usual.collect_view()}</ul>
                <form class="range-form" method="get" action=move || location.pathname.get()>
                    {kept}
                    <label>"From" <input name="from" placeholder="2026-01-31T14:00:00Z" value=edge(false) required=true /></label>
                    <label>"To" <input name="to" placeholder="2026-01-31T15:00:00Z" value=edge(true) /></label>
                    <button class="button" type="submit">"Apply"</button>
                </form>
            </div>
        </div>
    }
    .into_any()
}
