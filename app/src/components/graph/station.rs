//! One station: its kind by glyph, its name, its state by shape, word and colour, its figures.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::{Station, Topology};
use pointsman_domain::rollup::{Endpoint, NodeKind};

use super::choose;
use crate::components::svg_link::follow;
use crate::components::{Data, state_class, state_path};
use crate::format::shown;
use crate::views::layout::{Place, STATION_HEIGHT, STATION_WIDTH};
use crate::views::topology::{figures, fit, reason, station_id, words};

/// How many characters of a name fit.
const NAME_CHARS: usize = 21;

/// A glyph for a kind of station, as strokes in a box of 16 by 16.
pub fn kind_path(kind: NodeKind) -> &'static str {
    match kind {
        // A box with a line through it: a station on its track.
        NodeKind::Service => "M3 4.5h10v7h-10zM0.5 8h2.5M13 8h2.5",
        // A drum.
        NodeKind::Database => "M3 4a5 2 0 1 0 10 0a5 2 0 1 0 -10 0v8a5 2 0 0 0 10 0v-8M3 8a5 2 0 0 0 10 0",
        // Things that wait one behind the other.
        NodeKind::Queue => "M2 4h3v8h-3zM6.5 4h3v8h-3zM11 4h3v8h-3z",
        // A way out.
        NodeKind::External => "M9 3h-6v10h10v-6M8 8l6 -6M10 2h4v4",
    }
}

/// A station where the layout puts it.
#[component]
pub(super) fn StationMark(
    data: Data<Topology>,
    endpoint: Endpoint,
    place: Place,
    selected: Memo<Option<String>>,
) -> AnyView {
    let id = station_id(&endpoint);
    let (name, kind) = (shown(&endpoint.name), endpoint.kind);
    let short = fit(&shown(&endpoint.name), NAME_CHARS);
    let station = Memo::new(move |_| {
        let of = |topology: &Topology| {
            topology
                .stations
                .iter()
                .find(|station| station.endpoint == endpoint)
                .cloned()
        };
        data.with(of)
    });
    let read = move |what: fn(&Station) -> String| {
        move || station.with(|station| station.as_ref().map(what).unwrap_or_default())
    };
    let health = move || {
        station.with(|station| {
            station
                .as_ref()
                .map_or(Health::NoTraffic, |station| station.verdict.health)
        })
    };
    let word = move || match kind {
        NodeKind::Service => health().word().to_owned(),
        _ => format!("{} · {}", health().word(), kind.as_str()),
    };
    let described = {
        let name = name.clone();
        move || {
            let rest = read(|station| format!("{}, {}", reason(station.verdict, &station.red), words(&station.red)))();
            format!("{} {name} {rest}", kind.as_str())
        }
    };
    let chosen = {
        let id = id.clone();
        move || selected.with(|selected| selected.as_ref() == Some(&id))
    };
    let href = choose(id);
    view! {
        <g class=move || format!("station station-{} {}", kind.as_str(), state_class(health())) class:chosen=chosen
            transform=format!("translate({} {})", place.x, place.y)>
            <a href=href.clone() aria-label=described on:click=follow(href)>
                <title>{name.clone()}</title>
                <rect class="station-box" width=STATION_WIDTH height=STATION_HEIGHT rx="6" />
                <path class="station-kind" d=kind_path(kind) transform="translate(10 9)" />
                <text class="station-name" x="32" y="22">{short}</text>
                <path class="station-state" d=move || state_path(health()) fill-rule="evenodd" transform="translate(12 29)" />
                <text class="station-word" x="32" y="39">{word}</text>
                <text class="station-figures" x="32" y="55">{read(|station| figures(&station.red))}</text>
            </a>
        </g>
    }
    .into_any()
}
