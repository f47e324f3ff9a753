//! The waterfall's keys, and the tools that do the same by hand: up and down, left and right to fold, `e` for the next error, `/` to find,
//! `c` for the critical path. They act while the focus is in the waterfall or its tools: elsewhere a letter may be a slip of who
//! dictates, and an arrow scrolls the page.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::waterfall::WaterfallState;
use crate::format;
use crate::url::use_query;
use crate::views::trace::SpanRow;
use crate::views::waterfall::{Step, ancestors, find, step};

/// The id of the field that finds.
const FIND: &str = "find-span";

/// Chooses a row: opens what hides it, puts it into the URL, and moves the focus to it.
fn chooser(state: WaterfallState) -> impl Fn(usize) + Clone + 'static {
    let (query, location, navigate) = (use_query(), use_location(), use_navigate());
    move |row: usize| {
        let Some(id) = state.rows.with_untracked(|rows| rows.get(row).map(SpanRow::key)) else {
            return;
        };
        let hiding: Vec<_> = state.rows.with_untracked(|rows| ancestors(rows, row).collect());
        if state
            .folded
            .with_untracked(|folded| hiding.iter().any(|id| folded.contains(id)))
        {
            state.folded.update(|folded| folded.retain(|id| !hiding.contains(id)));
        }
        let mut to = query.get_untracked().without(&["rows"]).with("span", &id.to_string());
        if state.critical_only.get_untracked() && !state.rows.with_untracked(|rows| rows[row].critical) {
            to = to.without(&["path"]);
        }
        let here = NavigateOptions {
            scroll: false,
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&to.link(&location.pathname.get_untracked()), here);
        focus_soon(format!("span-{id}"));
    }
}

/// Focuses an element once what was changed is drawn; the browser scrolls to it.
fn focus_soon(id: String) {
    request_animation_frame(move || request_animation_frame(move || focus(&id)));
}

fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast;
    let found = document().get_element_by_id(id);
    if let Some(element) = found.and_then(|element| element.dyn_into::<leptos::web_sys::HtmlElement>().ok()) {
        // An element that can't be focused is left alone.
        let _ = element.focus();
    }
}

/// A link that turns "only the critical path" on or off.
fn critical_link(state: WaterfallState) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let (query, location) = (use_query(), use_location());
    move || {
        let to = if state.critical_only.get() { "" } else { "critical" };
        query
            .get()
            .without(&["rows"])
            .with("path", to)
            .link(&location.pathname.get())
    }
}

/// What the keys act in.
const WITHIN: &str = ".trace-tools, .waterfall-wrap";

/// Moves the focus to the chosen span, where the page opens with one and the reader has not gone anywhere yet, so that the keys act.
pub(super) fn start_at_chosen(state: WaterfallState) {
    Effect::new(move |started: Option<()>| {
        let chosen = state.selected.get_untracked().filter(|_| started.is_none());
        let nowhere = document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        if let Some(id) = chosen.filter(|_| nowhere) {
            focus_soon(format!("span-{id}"));
        }
    });
}

/// Follows the keys for as long as the page is open. Keys that are typed into a field are the field's.
pub(super) fn listen(state: WaterfallState) {
    let choose = chooser(state);
    let critical = critical_link(state);
    let navigate = use_navigate();
    // Effects run in the browser alone.
    Effect::new(move |_| {
        let (choose, critical, navigate) = (choose.clone(), critical.clone(), navigate.clone());
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || !is_for_keys(&event) {
                return;
            }
            let rows = state.rows;
            let at = state.selected_row();
            let go = |to: Step| {
                rows.with_untracked(|rows| step(rows, &untrack(|| state.shown()), at, to))
                    .map(&choose);
            };
            match event.key().as_str() {
                "ArrowUp" => go(Step::Up),
                "ArrowDown" => go(Step::Down),
                "Home" => go(Step::First),
                "End" => go(Step::Last),
                "e" => go(Step::NextError),
                // Folds what is open; from what can't be folded on to the parent.
                "ArrowLeft" => match at {
                    Some(at) if state.fold(at, true) => {}
                    _ => go(Step::Parent),
                },
                "ArrowRight" => match at {
                    Some(at) if state.fold(at, false) => {}
                    _ => go(Step::Down),
                },
                "/" => focus(FIND),
                "c" => {
                    let here = NavigateOptions {
                        scroll: false,
                        replace: true,
                        ..NavigateOptions::default()
                    };
                    navigate(&untrack(&critical), here);
                }
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || handle.remove());
    });
}

/// Whether the focus is where the keys act, and not in a field.
fn is_for_keys(event: &KeyboardEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
    target.is_some_and(|target| {
        let field = ["INPUT", "SELECT", "TEXTAREA"].contains(&target.tag_name().as_str());
        !field && target.closest(WITHIN).is_ok_and(|found| found.is_some())
    })
}

/// Find, the next error, the critical path, fold and unfold.
#[component]
pub(super) fn Tools(state: WaterfallState) -> AnyView {
    let choose = chooser(state);
    let critical = critical_link(state);
    let text = RwSignal::new(String::new());
    let missed = RwSignal::new(false);
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let search = {
        let choose = choose.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let found = state
                .rows
                .with_untracked(|rows| find(rows, state.selected_row(), &text.get_untracked()));
            missed.set(found.is_none());
            if let Some(row) = found {
                choose(row);
                // The next Enter finds the next one.
                focus_soon(FIND.to_owned());
            }
        }
    };
    let next_error = move |_| {
        let to = state
            .rows
            .with_untracked(|rows| step(rows, &[], state.selected_row(), Step::NextError));
        to.map(&choose);
    };
    let errors = Memo::new(move |_| {
        state
            .rows
            .with(|rows| rows.iter().filter(|row| row.error).count() as u64)
    });
    let fold_all = move |_| {
        let rows = state.rows.get_untracked();
        let parents = rows.iter().filter(|row| row.depth > 0 && row.descendants > 0);
        state.folded.set(parents.map(SpanRow::key).collect());
    };
    let critical_word = move || {
        if state.critical_only.get() {
            "All spans"
        } else {
            "Critical path only"
        }
    };
    view! {
        <div class="trace-tools">
            <a class="button" href=critical data-noscroll="true">{critical_word} <kbd>"c"</kbd></a>
            // What needs JavaScript is there only with it; its place is kept.
            <form class="find" class:hidden=move || !alive.get() on:submit=search role="search">
                <label class="only-read" for=FIND>"Find a span"</label>
                <input id=FIND type="text" placeholder="Find a service or operation   /" autocomplete="off" spellcheck="false"
                    on:input:target=move |event| { text.set(event.target().value()); missed.set(false); } />
                <span class="mistake" role="status">{move || missed.get().then_some("no match")}</span>
            </form>
            <button class="button" type="button" class:hidden=move || !alive.get() disabled=move || errors.get() == 0 on:click=next_error>
                "Next error" <kbd>"e"</kbd>
            </button>
            <button class="button" type="button" class:hidden=move || !alive.get() on:click=fold_all>"Collapse all"</button>
            <button class="button" type="button" class:hidden=move || !alive.get() on:click=move |_| state.folded.update(std::collections::BTreeSet::clear)>
                "Expand all"
            </button>
            <p class="quiet trace-count">
                {move || {
                    let (shown, all) = (state.shown().len() as u64, state.rows.with(Vec::len) as u64);
                    (shown < all).then(|| format!("{} of {} shown", format::count(shown), format::counted(all, "span", "spans")))
                }}
            </p>
            <details class="trace-keys" class:hidden=move || !alive.get()>
                <summary>"Keyboard shortcuts"</summary>
                <p>
                    <kbd>"↑"</kbd> " " <kbd>"↓"</kbd> " select a span, " <kbd>"←"</kbd> " " <kbd>"→"</kbd> " collapse and expand it, "
                    <kbd>"Home"</kbd> " " <kbd>"End"</kbd> " the first and the last, " <kbd>"e"</kbd> " the next error, "
                    <kbd>"/"</kbd> " find, " <kbd>"c"</kbd> " the critical path. They work while the focus is in the waterfall or in this toolbar."
                </p>
            </details>
        </div>
    }
    .into_any()
}
