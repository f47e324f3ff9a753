//! The waterfall: a row of 24 pixels a span, indented under its parent, its bar where it was in time.
//!
//! A table, so that a screen reader reads it row by row. Long traces have pages; links lead from one to the next.

use std::collections::{BTreeSet, HashMap};

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::health::Health;

use crate::components::{Chip, Each, StateGlyph};
use crate::format;
use crate::url::use_query;
use crate::views::trace::{SpanKey, SpanRow, clock_words};
use crate::views::waterfall::{PAGE_ROWS, bar, page_of, pages, shown, ticks};

/// What the waterfall shows, and what of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct WaterfallState {
    /// All spans of the trace, in order.
    pub(super) rows: Memo<Vec<SpanRow>>,
    /// How long the trace took.
    pub(super) length_ns: Memo<u64>,
    /// Which span the URL has chosen.
    pub(super) selected: Memo<Option<SpanKey>>,
    /// Spans whose descendants are hidden.
    pub(super) folded: RwSignal<BTreeSet<SpanKey>>,
    /// Whether only the critical path is shown.
    pub(super) critical_only: Memo<bool>,
    /// Which page the URL asks for, from 1.
    pub(super) page: Memo<Option<usize>>,
}

impl WaterfallState {
    /// The rows that are shown, on whichever page.
    pub(super) fn shown(self) -> Vec<usize> {
        let critical_only = self.critical_only.get();
        self.rows
            .with(|rows| self.folded.with(|folded| shown(rows, folded, critical_only)))
    }

    /// The row of the chosen span, without following it.
    pub(super) fn selected_row(self) -> Option<usize> {
        let key = self.selected.get_untracked()?;
        self.rows.with_untracked(|rows| key.find(rows))
    }

    /// Folds or unfolds a row; answers whether that changed anything.
    pub(super) fn fold(self, row: usize, fold: bool) -> bool {
        let id = self
            .rows
            .with_untracked(|rows| rows.get(row).filter(|row| row.descendants > 0).map(SpanRow::key));
        let Some(id) = id.filter(|id| self.folded.with_untracked(|folded| folded.contains(id) != fold)) else {
            return false;
        };
        self.folded.update(|folded| {
            if fold {
                folded.insert(id);
            } else {
                folded.remove(&id);
            }
        });
        true
    }
}

/// The table and, where there are several, the links to its pages.
#[component]
pub(super) fn Waterfall(
    /// What to show.
    state: WaterfallState,
) -> AnyView {
    let shown = Memo::new(move |_| state.shown());
    let page = Memo::new(move |_| {
        shown.with(|shown| {
            let asked = state.page.get().map(|page| page.saturating_sub(1));
            let chosen = || {
                let key = state.selected.get()?;
                let row = state.rows.with(|rows| key.find(rows))?;
                Some(page_of(shown, row))
            };
            asked.or_else(chosen).unwrap_or(0).min(pages(shown.len()) - 1)
        })
    });
    let on_page = Memo::new(move |_| {
        let from = page.get() * PAGE_ROWS;
        let rows: Vec<usize> = shown.with(|shown| shown.iter().skip(from).take(PAGE_ROWS).copied().collect());
        state
            .rows
            .with(|all| numbered(rows.into_iter().filter_map(|row| all.get(row))))
    });
    let axis = move || {
        let ticks = ticks(state.length_ns.get()).into_iter().map(|(ns, percent)| {
            let x = format!("{percent:.2}%");
            let text = if ns == 0 { "0".to_owned() } else { format::duration(ns) };
            // A label at the very end would run out of the picture.
            let label = (percent < 85.0).then(|| view! { <text x=x.clone() dx="4" y="16">{text}</text> });
            view! { <g><line class="tick" x1=x.clone() x2=x y1="0" y2="100%" />{label}</g> }
        });
        ticks.collect_view()
    };
    view! {
        <div class="waterfall-wrap">
            <Pager shown page />
            <table class="waterfall" role="treegrid" aria-label="Spans">
                <thead>
                    <tr>
                        <th scope="col" class="waterfall-name">"Span"</th>
                        <th scope="col" class="waterfall-time"><span class="only-read">"Time"</span><svg width="100%" height="24" aria-hidden="true">{axis}</svg></th>
                        <th scope="col" class="num waterfall-took">"Duration"</th>
                    </tr>
                </thead>
                <tbody>
                    <Each items=on_page key=|(number, row)| (row.key(), *number) let:row>
                        {move || view! { <Row row=row.get().1 state /> }}
                    </Each>
                </tbody>
            </table>
            <Pager shown page />
        </div>
    }
    .into_any()
}

/// The rows, each with how many before it have the same key: senders repeat one now and then.
fn numbered<'a>(rows: impl Iterator<Item = &'a SpanRow>) -> Vec<(u32, SpanRow)> {
    let mut seen = HashMap::<SpanKey, u32>::new();
    let number = |row: &SpanRow| {
        let before = seen.entry(row.key()).or_default();
        *before += 1;
        (*before, row.clone())
    };
    rows.map(number).collect()
}

/// Links to the pages of a long waterfall.
#[component]
fn Pager(shown: Memo<Vec<usize>>, page: Memo<usize>) -> impl IntoView {
    let (query, location) = (use_query(), use_location());
    move || {
        let all = shown.with(Vec::len);
        let page = page.get();
        (pages(all) > 1).then(|| {
            let link = move |to: usize, words: &'static str| {
                let href = query
                    .get()
                    .with("rows", &(to + 1).to_string())
                    .link(&location.pathname.get());
                view! { <a class="button" href=href data-noscroll="true">{words}</a> }
            };
            let (from, to) = (page * PAGE_ROWS + 1, ((page + 1) * PAGE_ROWS).min(all));
            let rows = format!(
                "Rows {} to {} of {}",
                format::count(from as u64),
                format::count(to as u64),
                format::count(all as u64)
            );
            view! {
                <nav class="pager" aria-label="Pages of the waterfall">
                    <span class="quiet">{rows}</span>
                    {(page > 0).then(|| link(page - 1, "Previous rows"))}
                    {(to < all).then(|| link(page + 1, "Next rows"))}
                </nav>
            }
        })
    }
}

/// How far a row is indented for each level, in pixels.
const INDENT: u32 = 12;
/// The deepest level that is still indented further.
const DEEPEST: u32 = 24;

#[component]
fn Row(row: SpanRow, state: WaterfallState) -> AnyView {
    let (query, location) = (use_query(), use_location());
    let id = row.key();
    let chosen = move || state.selected.get() == Some(id);
    let href = move || {
        query
            .get()
            .without(&["rows"])
            .with("span", &id.to_string())
            .link(&location.pathname.get())
    };
    let folded = move || state.folded.with(|folded| folded.contains(&id));
    let level = u32::from(row.depth).min(DEEPEST);
    // The trace may grow, and every bar with it.
    let reach = {
        let row = row.clone();
        Memo::new(move |_| bar(&row, state.length_ns.get()))
    };
    let parent = row.descendants > 0;
    let under = row.descendants;
    let toggle = move |_| {
        let at = state.rows.with_untracked(|rows| id.find(rows));
        if let Some(at) = at {
            state.fold(at, !untrack(folded));
        }
    };
    let fold = if parent {
        view! {
            <button type="button" class="fold" aria-label=move || if folded() { "Expand" } else { "Collapse" } on:click=toggle>
                <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                    <path class="line" d=move || if folded() { "M4.5 3L8 6L4.5 9" } else { "M3 4.5L6 8L9 4.5" } />
                </svg>
            </button>
        }
        .into_any()
    } else {
        view! { <span class="fold"></span> }.into_any()
    };
    let hidden = move || (parent && folded()).then(|| view! { <span class="quiet">{format!(" +{under}")}</span> });
    let error = row
        .error
        .then(|| view! { <StateGlyph health=Health::Failing /><span class="error-word">"error"</span> });
    let orphan = row
        .orphan
        .then(|| view! { <span class="orphan" title="The parent span was not received">"missing parent"</span> });
    let clock = (row.clock_ahead_ns != 0).then(|| {
        let differs = format!("clock skew {}", format::duration(row.clock_ahead_ns.unsigned_abs()));
        let title = format!(
            "Judging by the times of the spans, its clock is at least {} its caller's",
            clock_words(row.clock_ahead_ns)
        );
        view! { <span class="orphan" title=title>{differs}</span> }
    });
    // One text, so that a row that changes does not lose its choice.
    let looks = format!(
        "span-row series-{}{}{}{}",
        format::series_slot(&row.service),
        if row.critical { " critical" } else { "" },
        if row.error { " failed" } else { "" },
        if row.orphan { " orphaned" } else { "" },
    );
    let class = move || format!("{looks}{}", if chosen() { " chosen" } else { "" });
    // A bar of an error has its word and shape in the name; the critical path is thicker.
    let (y, height) = if row.critical { ("5", "14") } else { ("8", "8") };
    let (service, name) = (format::shown(&row.service), format::shown(&row.name));
    let title = format!("{service} {name} ({})", row.kind.as_str());
    let when = format!("starts at {}", format::duration(row.offset_ns));
    view! {
        <tr class=class role="row" attr:aria-level=level + 1 aria-expanded=move || parent.then(|| if folded() { "false" } else { "true" })
            aria-selected=move || if chosen() { "true" } else { "false" }>
            <td role="gridcell" class="waterfall-name">
                <div class="span-name">
                    <svg class="indent" width=level * INDENT + 1 height="24" aria-hidden="true">
                        {(0..level).map(|level| view! { <line x1=level * INDENT + 6 x2=level * INDENT + 6 y1="0" y2="24" /> }).collect_view()}
                    </svg>
                    {fold}
                    <a id=format!("span-{id}") href=href data-noscroll="true" title=title>
                        <Chip name=row.service.to_string() />
                        <strong>{service.clone()}</strong> " " {name}
                    </a>
                    {hidden}
                    {error}
                    {orphan}
                    {clock}
                </div>
            </td>
            <td role="gridcell" class="waterfall-time">
                <span class="only-read">{when}{row.critical.then_some(", on the critical path")}</span>
                <svg width="100%" height="24" aria-hidden="true">
                    <rect class="span-bar" x=move || format!("{:.3}%", reach.get().0) width=move || format!("{:.3}%", reach.get().1) y=y height=height rx="1" />
                </svg>
            </td>
            <td role="gridcell" class="num waterfall-took">{format::duration(row.duration_ns)}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use pointsman_domain::ids::SpanId;
    use pointsman_domain::telemetry::SpanKind;

    use super::*;

    #[test]
    fn rows_with_the_same_id_are_told_apart() {
        let row = |id: u8| SpanRow {
            span_id: SpanId::from_bytes(&[id; 8]).expect("eight bytes that are not all zero"),
            shared: false,
            depth: 0,
            descendants: 0,
            orphan: false,
            service: "cart".into(),
            name: "GET /".into(),
            kind: SpanKind::Server,
            offset_ns: 0,
            duration_ns: 1,
            clock_ahead_ns: 0,
            critical: false,
            error: false,
        };
        let rows = [row(1), row(2), row(1)];
        let numbers: Vec<u32> = numbered(rows.iter()).into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, [1, 1, 2]);
    }
}
