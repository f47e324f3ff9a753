//! What a search found: a sentence, the list with what is drawn over it, the next page; or why there is nothing and what to do.

use leptos::prelude::*;
use pointsman_domain::telemetry::UnixNanos;

use super::{Empty, FirstSpan, FurtherBack, LiveData, LiveLoaded, Pager, Pausable, PausableList, Truncated};
use crate::format::{Times, ends};
use crate::live::use_live;
use crate::serverfns::status::read_status;
use crate::url::{use_query, use_shared, use_times};
use crate::views::filters::narrows;

/// A page of results.
pub trait ResultPage: Clone + PartialEq + Send + Sync + 'static {
    /// One result.
    type Row: Clone + Send + Sync + 'static;

    /// The results, newest first.
    fn rows(&self) -> &[Self::Row];
    /// When a result is from.
    fn at_ns(row: &Self::Row) -> UnixNanos;
    /// Whether the search stopped at its limit before the start of the range.
    fn is_truncated(&self) -> bool;
    /// Where the next page begins; `None` where this is the last one.
    fn next_before_ns(&self) -> Option<UnixNanos>;
}

/// The results that are shown, and how their times are written.
#[derive(Debug)]
pub struct Rows<R: Send + Sync + 'static> {
    /// The results, newest first.
    pub rows: Signal<Vec<R>>,
    /// How their times are written.
    pub times: Memo<Times>,
}

impl<R: Send + Sync + 'static> Clone for Rows<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Send + Sync + 'static> Copy for Rows<R> {}

/// What is particular to a search.
#[derive(Debug)]
pub struct Searched<R: Send + Sync + 'static> {
    /// The page's path.
    pub path: &'static str,
    /// What is found: `traces`.
    pub what: &'static str,
    /// What stands over the list: what was found, in words.
    pub head: fn(Rows<R>) -> AnyView,
    /// The list. It holds still while it is being read.
    pub list: fn(Rows<R>) -> AnyView,
    /// What helps where nothing was found, as a sentence; it is told whether the search has filters.
    pub hint: fn(bool) -> AnyView,
}

/// The results of a search, each with the form that asked for them.
#[component]
pub fn SearchResults<F, P>(
    /// The newest.
    data: LiveData<(F, P)>,
    /// What is particular to the search.
    search: Searched<P::Row>,
) -> impl IntoView
where
    F: Clone + PartialEq + Send + Sync + 'static,
    P: ResultPage,
{
    let shown = Pausable::of(data, |a: &(F, P), b| a.0 == b.0);
    let rows = Signal::derive(move || shown.with(|found| found.1.rows().to_vec()));
    let times = use_times(move || rows.with(|rows| ends(rows.iter().map(P::at_ns))));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    let truncated = Memo::new(move |_| shown.with(|found| found.1.is_truncated()));
    let next_before = Memo::new(move |_| shown.with(|found| found.1.next_before_ns()));
    let Searched {
        path,
        what,
        head,
        list,
        hint,
    } = search;
    move || {
        if none.get() {
            return match next_before.get() {
                Some(next_before) => view! { <FurtherBack path next_before /> }.into_any(),
                None => view! { <NoResults path what hint /> }.into_any(),
            };
        }
        let rows = Rows { rows, times };
        view! {
            {head(rows)}
            {move || truncated.get().then(|| view! { <Truncated /> })}
            <PausableList pausable=shown what>{list(rows)}</PausableList>
            <Pager path next_before what />
        }
        .into_any()
    }
}

/// Why there is nothing, and what to do.
#[component]
fn NoResults(path: &'static str, what: &'static str, hint: fn(bool) -> AnyView) -> AnyView {
    let (query, shared, live) = (use_query(), use_shared(), use_live());
    let status = Resource::new(move || live.tick.get(), |_| read_status());
    let why = move || {
        if query.with(|query| query.get("before").is_some()) {
            let back = query.get().without(&["before"]).link(path);
            let title = format!("No older {what} in this range");
            return view! { <Empty title><p><a href=back>"Back to the newest"</a></p></Empty> }.into_any();
        }
        let clear = shared.with(|shared| shared.link(path, &[]));
        let wider = query
            .get()
            .without(&["from", "to", "before"])
            .with("range", "24h")
            .link(path);
        let narrowed = query.with(narrows);
        let title = if narrowed {
            format!("No {what} match these filters")
        } else {
            format!("No {what} in this range")
        };
        view! {
            <Empty title>
                <p>
                    <a href=wider>"Search the last 24 hours"</a>
                    {narrowed.then(|| view! { ", remove a filter, or " <a href=clear>"clear all filters"</a> })}
                    ". " {hint(narrowed)}
                </p>
            </Empty>
        }
        .into_any()
    };
    view! {
        <LiveLoaded resource=status let:status>
            {move || if status.with(|status| status.any_data) { why() } else { view! { <FirstSpan /> }.into_any() }}
        </LiveLoaded>
    }
    .into_any()
}
