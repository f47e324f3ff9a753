//! Live pages. The server tells by SSE that there is something new; the page then reads again what it shows, at most
//! once a second, not while it is hidden or paused, and never where its range is fixed.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::url::{is_about_people, use_query};

/// How the page is kept up to date, as the top bar shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveState {
    /// Not told yet: before hydration, and while the first connection is made.
    Waiting,
    /// Reads again as things happen.
    Live,
    /// The reader paused it.
    Paused,
    /// The tab is hidden.
    Hidden,
    /// The range does not move.
    Fixed,
    /// The connection is lost; the browser tries again.
    Lost,
}

impl LiveState {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting | Self::Live => "Live",
            Self::Paused | Self::Hidden => "Paused",
            Self::Fixed => "Fixed range",
            Self::Lost => "Reconnecting",
        }
    }
}

/// The page's pulse; a context of [`crate::App`].
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// Grows when the page should read again. Make it part of a resource's source.
    pub tick: RwSignal<u64>,
    /// Grows when the reader changed something or asks to read again. What does not move with the system follows this alone.
    pub asked: RwSignal<u64>,
    /// How it is.
    pub state: Memo<LiveState>,
    /// Whether the URL lets the page move: a moving range that is not paused.
    pub wanted: Memo<bool>,
    /// Whether the page shows what was measured; pages about people do not.
    pub measured: Memo<bool>,
    #[cfg(feature = "hydrate")]
    connected: RwSignal<Option<bool>>,
    #[cfg(feature = "hydrate")]
    hidden: RwSignal<bool>,
}

impl Live {
    /// Makes the context; within the router, once.
    pub fn provide() -> Self {
        let (query, path) = (use_query(), use_location().pathname);
        let measured = Memo::new(move |_| path.with(|path| !is_about_people(path)));
        let connected = RwSignal::new(None);
        let hidden = RwSignal::new(false);
        let fixed = Memo::new(move |_| query.with(|query| query.range().is_ok_and(|range| !range.is_live())));
        let paused = Memo::new(move |_| query.with(|query| query.get("live") == Some("off")));
        let state = Memo::new(move |_| match connected.get() {
            _ if fixed.get() => LiveState::Fixed,
            _ if paused.get() => LiveState::Paused,
            _ if hidden.get() => LiveState::Hidden,
            None => LiveState::Waiting,
            Some(true) => LiveState::Live,
            Some(false) => LiveState::Lost,
        });
        let live = Self {
            tick: RwSignal::new(0),
            asked: RwSignal::new(0),
            state,
            wanted: Memo::new(move |_| measured.get() && !fixed.get() && !paused.get()),
            measured,
            #[cfg(feature = "hydrate")]
            connected,
            #[cfg(feature = "hydrate")]
            hidden,
        };
        provide_context(live);
        #[cfg(feature = "hydrate")]
        browser::follow(live);
        live
    }

    /// Reads again now, whatever the range: what a reader's "try again" does, and what follows a change.
    pub fn read_again(self) {
        self.tick.update(|tick| *tick += 1);
        self.asked.update(|asked| *asked += 1);
    }
}

/// The page's pulse.
pub fn use_live() -> Live {
    expect_context::<Live>()
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use gloo_timers::callback::{Interval, Timeout};
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::Closure;
    use web_sys::{Event, EventSource, MessageEvent, VisibilityState};

    use super::Live;

    /// At most one read in this time.
    const PACE_MS: u32 = 1_000;
    /// A moving range moves also when nothing arrives.
    const IDLE_MS: u32 = 10_000;

    /// Listens for as long as the page is open.
    pub(super) fn follow(live: Live) {
        let pending = Rc::new(Cell::new(false));
        let missed = Rc::new(Cell::new(false));
        let bump: Rc<dyn Fn()> = Rc::new({
            let missed = missed.clone();
            move || {
                if !live.wanted.get_untracked() {
                    return;
                }
                if live.hidden.get_untracked() {
                    missed.set(true);
                    return;
                }
                if pending.replace(true) {
                    missed.set(true);
                } else {
                    let pending = pending.clone();
                    live.tick.update(|tick| *tick += 1);
                    Timeout::new(PACE_MS, move || pending.set(false)).forget();
                }
            }
        });
        // What was missed while paused is read once the reader lets the page move again.
        Effect::new({
            let bump = bump.clone();
            move |before: Option<bool>| {
                let wanted = live.wanted.get();
                if wanted && before == Some(false) {
                    bump();
                }
                wanted
            }
        });
        Effect::new(move |started: Option<bool>| {
            let started = started.unwrap_or_default();
            // Only after hydration, so that nothing is read again while the page takes over; and only for what moves.
            if !started && live.measured.get() {
                let source = Rc::new(RefCell::new(listen(live, bump.clone())));
                watch_visibility(live, bump.clone(), missed.clone());
                let (bump, missed) = (bump.clone(), missed.clone());
                let idle = Rc::new(Cell::new(0));
                Interval::new(PACE_MS, move || {
                    revive(live, &source, &bump);
                    idle.set(idle.get() + PACE_MS);
                    if missed.get() && !live.hidden.get_untracked() || idle.get() >= IDLE_MS {
                        missed.set(false);
                        idle.set(0);
                        bump();
                    }
                })
                .forget();
                return true;
            }
            started
        });
    }

    fn listen(live: Live, bump: Rc<dyn Fn()>) -> Option<EventSource> {
        let source = EventSource::new("/live").ok()?;
        let opened = Closure::<dyn Fn(Event)>::new(move |_| live.connected.set(Some(true)));
        let failed = Closure::<dyn Fn(Event)>::new(move |_| live.connected.set(Some(false)));
        let told = Closure::<dyn Fn(MessageEvent)>::new(move |_| bump());
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        source.set_onmessage(Some(told.as_ref().unchecked_ref()));
        // They live as long as the page; a new connection is rare.
        opened.forget();
        failed.forget();
        told.forget();
        Some(source)
    }

    /// A browser gives up on a stream that the server refused, such as one that is starting; we do not.
    fn revive(live: Live, source: &RefCell<Option<EventSource>>, bump: &Rc<dyn Fn()>) {
        let closed = source
            .borrow()
            .as_ref()
            .is_none_or(|source| source.ready_state() == EventSource::CLOSED);
        if closed {
            live.connected.set(Some(false));
            *source.borrow_mut() = listen(live, bump.clone());
        }
    }

    fn watch_visibility(live: Live, bump: Rc<dyn Fn()>, missed: Rc<Cell<bool>>) {
        let document = document();
        live.hidden.set(document.visibility_state() == VisibilityState::Hidden);
        let changed = Closure::<dyn Fn(Event)>::new({
            let document = document.clone();
            move |_| {
                let hidden = document.visibility_state() == VisibilityState::Hidden;
                live.hidden.set(hidden);
                if !hidden && missed.replace(false) {
                    bump();
                }
            }
        });
        let listener = changed.as_ref().unchecked_ref();
        if document
            .add_event_listener_with_callback("visibilitychange", listener)
            .is_ok()
        {
            changed.forget();
        }
    }
}
