//! The topology as tables: the stations, and who calls whom. Everything that the graph shows, in words and figures.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::{Station, Topology, Track};
use pointsman_domain::rollup::Endpoint;

use super::station_panel::{CellHeads, Cells};
use super::{Data, State};
use crate::format::shown;
use crate::url::{use_query, use_shared};
use crate::views::topology::{pairs, station_id, traces_of, track_id};

/// Both tables. Rows keep their order, whatever the figures do.
#[component]
pub fn TopologyTable(
    /// What to show.
    data: Data<Topology>,
) -> AnyView {
    let stations = move || {
        data.with(|topology| {
            topology
                .stations
                .iter()
                .map(|s| station_id(&s.endpoint))
                .collect::<Vec<_>>()
        })
    };
    let tracks = move || {
        let ids = |topology: &Topology| {
            topology
                .tracks
                .iter()
                .map(|t| track_id(&t.source, &t.target))
                .collect::<Vec<_>>()
        };
        data.with(ids)
    };
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Services and dependencies">
            <table class="table">
                <caption>"Services and dependencies"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="wide-only">"Kind"</th>
                        <th scope="col">"State"</th>
                        <CellHeads />
                    </tr>
                </thead>
                <tbody>
                    <For each=stations key=String::clone let:id><StationRow data id /></For>
                </tbody>
            </table>
        </div>
        <div class="scroll-x" tabindex="0" role="region" aria-label="Edges">
            <table class="table">
                <caption>"Edges"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Caller"</th>
                        <th scope="col">"Callee"</th>
                        <th scope="col">"State"</th>
                        <CellHeads />
                        <th scope="col">"Traces"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=tracks key=String::clone let:id><TrackRow data id /></For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Choose(endpoint: Endpoint) -> impl IntoView {
    let query = use_query();
    let (id, name) = (station_id(&endpoint), shown(&endpoint.name));
    view! { <a href=move || query.get().with("selected", &id).link("/topology") data-noscroll="true">{name}</a> }
}

#[component]
fn StationRow(data: Data<Topology>, id: String) -> AnyView {
    let station: Memo<Option<Station>> = Memo::new(move |_| {
        data.with(|topology| {
            topology
                .stations
                .iter()
                .find(|station| station_id(&station.endpoint) == id)
                .cloned()
        })
    });
    let endpoint = station.with_untracked(|station| {
        station
            .as_ref()
            .map(|station| station.endpoint.clone())
            .unwrap_or_default()
    });
    let kind = endpoint.kind.as_str();
    let health = move || {
        station.with(|station| {
            station
                .as_ref()
                .map_or(Health::NoTraffic, |station| station.verdict.health)
        })
    };
    let red = move || station.with(|station| station.as_ref().map(|station| station.red).unwrap_or_default());
    view! {
        <tr>
            <th scope="row" class="breaks"><Choose endpoint /></th>
            <td class="wide-only">{kind}</td>
            <td>{move || view! { <State health=health() /> }}</td>
            {move || view! { <Cells red=red() /> }}
        </tr>
    }
    .into_any()
}

#[component]
fn TrackRow(data: Data<Topology>, id: String) -> AnyView {
    let shared = use_shared();
    let track: Memo<Option<Track>> = Memo::new(move |_| {
        data.with(|topology| {
            topology
                .tracks
                .iter()
                .find(|track| track_id(&track.source, &track.target) == id)
                .cloned()
        })
    });
    let (source, target) = track.with_untracked(|track| {
        track
            .as_ref()
            .map(|track| (track.source.clone(), track.target.clone()))
            .unwrap_or_default()
    });
    let health = move || track.with(|track| track.as_ref().map_or(Health::NoTraffic, |track| track.verdict.health));
    let red = move || track.with(|track| track.as_ref().map(|track| track.red).unwrap_or_default());
    let traces = traces_of(&source, &target).map(|filters| {
        view! { <a href=move || shared.with(|shared| shared.link("/traces", &pairs(&filters)))>"Traces"</a> }
    });
    view! {
        <tr>
            <th scope="row" class="breaks"><Choose endpoint=source /></th>
            <td class="breaks"><Choose endpoint=target /></td>
            <td>{move || view! { <State health=health() /> }}</td>
            {move || view! { <Cells red=red() /> }}
            <td>{traces}</td>
        </tr>
    }
    .into_any()
}
