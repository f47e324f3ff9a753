//! Live pages. The server tells by SSE that there is something new; the page then reads again what it shows, at most
//! once a second. Only a page that moves holds a stream: not one that is hidden or paused, whose range is fixed, or whose
//! subject is complete. A browser has some six connections to a server for all of its tabs.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::site_map::{has_range, is_live};
use crate::url::{Query, use_query};

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
    /// Nothing more is awaited of what the page shows.
    Complete,
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
            Self::Complete => "Complete",
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
    pub state: Memo<LiveState>,
    /// Whether the page is to move: a moving range that is not paused, of something that is not complete.
    pub wanted: Memo<bool>,
    /// Whether nothing more is awaited of what the page shows. The page says so, and takes it back when it goes.
    pub complete: RwSignal<bool>,
    /// Whether the page is one that moves; pages of records and forms do not.
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
        let measured = Memo::new(move |_| path.with(|path| is_live(path)));
        let connected = RwSignal::new(None);
        let hidden = RwSignal::new(false);
        let complete = RwSignal::new(false);
        let ranged = Memo::new(move |_| path.with(|path| has_range(path)));
        let pace = Memo::new(move |_| query.with(|query| pace(query, ranged.get())));
        let state = Memo::new(move |_| match (pace.get(), connected.get()) {
            (Pace::Fixed, _) => LiveState::Fixed,
            _ if complete.get() => LiveState::Complete,
            (Pace::Paused, _) => LiveState::Paused,
            _ if hidden.get() => LiveState::Hidden,
            (_, None) => LiveState::Waiting,
            (_, Some(true)) => LiveState::Live,
            (_, Some(false)) => LiveState::Lost,
        });
        let live = Self {
            tick: RwSignal::new(0),
            asked: RwSignal::new(0),
            state,
            wanted: Memo::new(move |_| measured.get() && pace.get() == Pace::Moving && !complete.get()),
            complete,
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

/// What the URL asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Moving,
    Paused,
    Fixed,
}

/// A range that can't be read does not move either: there is nothing to read again.
fn pace(query: &Query, ranged: bool) -> Pace {
    match query.range() {
        // Such a page shows what is now, whatever range its links carry.
        _ if !ranged && query.get("live") == Some("off") => Pace::Paused,
        _ if !ranged => Pace::Moving,
        Ok(range) if !range.is_live() => Pace::Fixed,
        Err(_) => Pace::Fixed,
        Ok(_) if query.get("live") == Some("off") => Pace::Paused,
        Ok(_) => Pace::Moving,
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

    /// What the stream, the clock and the reader share.
    #[derive(Clone)]
    struct Pulse {
        live: Live,
        /// Whether there was a read within the pace.
        resting: Rc<Cell<bool>>,
        /// Whether something was told within the pace.
        missed: Rc<Cell<bool>>,
        /// Whether there was a time without a stream: what was told in it is not known.
        deaf: Rc<Cell<bool>>,
    }

    impl Pulse {
        fn beat(&self) {
            if !moves(self.live) {
                return;
            }
            if self.resting.replace(true) {
                self.missed.set(true);
                return;
            }
            let resting = self.resting.clone();
            self.live.tick.update(|tick| *tick += 1);
            Timeout::new(PACE_MS, move || resting.set(false)).forget();
        }
    }

    fn moves(live: Live) -> bool {
        live.wanted.get_untracked() && !live.hidden.get_untracked()
    }

    /// Holds a stream while the page moves and somebody can see it.
    pub(super) fn follow(live: Live) {
        let pulse = Pulse {
            live,
            resting: Rc::default(),
            missed: Rc::default(),
            deaf: Rc::default(),
        };
        let stream = Rc::new(RefCell::new(None::<Stream>));
        // Effects run after hydration, so that nothing is read again while the page takes over.
        Effect::new({
            let (pulse, stream) = (pulse.clone(), stream.clone());
            move |watched: Option<()>| {
                if watched.is_none() {
                    watch_visibility(live);
                    keep_up(pulse.clone(), stream.clone());
                }
            }
        });
        Effect::new(move |_| {
            let moves = live.wanted.get() && !live.hidden.get();
            if !moves {
                pulse.deaf.set(true);
                stream.replace(None);
            } else if stream.borrow().is_none() {
                stream.replace(Stream::open(&pulse));
            }
        });
    }

    /// A connection; it ends when this is dropped.
    struct Stream {
        source: EventSource,
        _heard: [Closure<dyn Fn(Event)>; 2],
        _told: Closure<dyn Fn(MessageEvent)>,
    }

    impl Stream {
        fn open(pulse: &Pulse) -> Option<Self> {
            let source = EventSource::new("/live").ok()?;
            let opened = Closure::<dyn Fn(Event)>::new({
                let pulse = pulse.clone();
                move |_| {
                    pulse.live.connected.set(Some(true));
                    if pulse.deaf.replace(false) {
                        pulse.beat();
                    }
                }
            });
            let failed = Closure::<dyn Fn(Event)>::new({
                let pulse = pulse.clone();
                move |_| {
                    pulse.deaf.set(true);
                    pulse.live.connected.set(Some(false));
                }
            });
            let told = Closure::<dyn Fn(MessageEvent)>::new({
                let pulse = pulse.clone();
                move |_| pulse.beat()
            });
            source.set_onopen(Some(opened.as_ref().unchecked_ref()));
            source.set_onerror(Some(failed.as_ref().unchecked_ref()));
            source.set_onmessage(Some(told.as_ref().unchecked_ref()));
            Some(Self {
                source,
                _heard: [opened, failed],
                _told: told,
            })
        }

        fn is_closed(&self) -> bool {
            self.source.ready_state() == EventSource::CLOSED
        }
    }

    impl Drop for Stream {
        fn drop(&mut self) {
            self.source.set_onopen(None);
            self.source.set_onerror(None);
            self.source.set_onmessage(None);
            self.source.close();
        }
    }

    /// Once a second: a browser gives up on a stream that the server refused, such as one that is starting; we do not. What was
    /// missed within the pace is read, and a moving range moves on.
    fn keep_up(pulse: Pulse, stream: Rc<RefCell<Option<Stream>>>) {
        let idle = Cell::new(0);
        Interval::new(PACE_MS, move || {
            if !moves(pulse.live) {
                idle.set(0);
                return;
            }
            let closed = stream.borrow().as_ref().is_none_or(Stream::is_closed);
            if closed {
                pulse.deaf.set(true);
                pulse.live.connected.set(Some(false));
                stream.replace(Stream::open(&pulse));
            }
            idle.set(idle.get() + PACE_MS);
            if pulse.missed.replace(false) || idle.get() >= IDLE_MS {
                idle.set(0);
                pulse.beat();
            }
        })
        .forget();
    }

    fn watch_visibility(live: Live) {
        let hidden = || document().visibility_state() == VisibilityState::Hidden;
        live.hidden.set(hidden());
        let changed = Closure::<dyn Fn(Event)>::new(move |_| live.hidden.set(hidden()));
        let listener = changed.as_ref().unchecked_ref();
        if document()
            .add_event_listener_with_callback("visibilitychange", listener)
            .is_ok()
        {
            changed.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_moving_range_that_can_be_read_moves() {
        let pace = |search: &str| pace(&Query::parse(search), true);
        assert_eq!(pace(""), Pace::Moving);
        assert_eq!(pace("range=6h"), Pace::Moving);
        assert_eq!(pace("range=6h&live=off"), Pace::Paused);
        assert_eq!(pace("from=2026-01-31T14:00:00Z&to=2026-01-31T15:00:00Z"), Pace::Fixed);
        assert_eq!(pace("range=soon"), Pace::Fixed);
        assert_eq!(pace("from=yesterday"), Pace::Fixed);
        let unranged = |search: &str| super::pace(&Query::parse(search), false);
        assert_eq!(
            unranged("from=2026-01-31T14:00:00Z&to=2026-01-31T15:00:00Z"),
            Pace::Moving
        );
        assert_eq!(unranged("live=off"), Pace::Paused);
    }
}
