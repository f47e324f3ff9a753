//! A chart over time, drawn by plotters to SVG, by the same code on the server and in the browser. The charts of a page share
//! their time: the line under the pointer runs through all of them, and dragging over one zooms the page's range.

mod draw;
mod paths;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::UnixNanos;

pub use draw::ChartMark;

use self::draw::{HEIGHT, WIDTH};
use crate::format::{self, Times};
use crate::url::{fixed, use_query};

/// What the charts of a page share; shares of the width, 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct ChartLink {
    at: RwSignal<Option<f64>>,
    dragged_from: RwSignal<Option<f64>>,
}

impl Default for ChartLink {
    fn default() -> Self {
        Self {
            at: RwSignal::new(None),
            dragged_from: RwSignal::new(None),
        }
    }
}

/// Something that happened, as a mark on a chart. The page tells it in words as well.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartEvent {
    pub at_ns: UnixNanos,
    /// Until when, where it is a stretch of time.
    pub until_ns: Option<UnixNanos>,
    /// The class that gives it its look.
    pub look: &'static str,
    /// What it says under the pointer.
    pub words: String,
}

/// Lines over time.
#[component]
pub fn TimeChart(
    /// What it shows.
    #[prop(into)]
    title: String,
    /// What its figures are, such as `requests/s`.
    #[prop(into)]
    unit: String,
    /// The start of the first window.
    start_ns: UnixNanos,
    /// The length of a window.
    step_ns: u64,
    /// The lines.
    lines: Vec<ChartMark>,
    /// How a figure is written.
    written: fn(f64) -> String,
    /// The scale ends here at least, so that a quiet line is not blown up.
    least_top: f64,
    /// What it shares with the other charts of the page.
    link: ChartLink,
    /// What happened meanwhile.
    #[prop(optional)]
    events: Vec<ChartEvent>,
) -> AnyView {
    let windows = lines.iter().map(|line| line.values.len()).max().unwrap_or(0);
    let top = draw::top(&lines).max(least_top);
    let length_ns = step_ns * windows as u64;
    let summary = accessible_name(&title, &unit, &lines, written);
    let axis = [0, 1, 2].map(|third| format::axis_time(start_ns + length_ns / 2 * third, length_ns));
    let paths = draw::paths(&lines, top);
    let table = twin(&lines, start_ns, step_ns, written);
    let legend = legend(lines, start_ns, step_ns, windows, written, link);
    view! {
        <figure class="chart">
            <figcaption>
                <h3>{title.clone()} <span class="unit">{unit}</span></h3>
                {legend}
            </figcaption>
            <div class="chart-body">
                <div class="chart-y" aria-hidden="true">
                    <span>{format::trimmed(&written(top))}</span>
                    <span>{format::trimmed(&written(top / 2.0))}</span>
                    <span>"0"</span>
                </div>
                <Plot paths summary start_ns length_ns link events />
                <div class="chart-x" aria-hidden="true">{axis.map(|text| view! { <span>{text}</span> }).collect_view()}</div>
            </div>
            <details class="twin">
                <summary>"Show as table"</summary>
                {table}
            </details>
        </figure>
    }
    .into_any()
}

/// The drawing with the line under the pointer.
#[component]
fn Plot(
    paths: String,
    summary: String,
    start_ns: UnixNanos,
    length_ns: u64,
    link: ChartLink,
    events: Vec<ChartEvent>,
) -> AnyView {
    let events = marks(events, start_ns, length_ns);
    let (query, location, navigate) = (use_query(), use_location(), use_navigate());
    let zoom = move |from: f64, to: f64| {
        // Whole seconds: what stands in the URL is for people too.
        let moment = |share: f64| (start_ns + (length_ns as f64 * share) as u64) / SECOND_NS * SECOND_NS;
        let query = query.get_untracked().without(&["range", "before"]);
        let query = fixed(moment(from), moment(to))
            .into_iter()
            .fold(query, |query, (key, value)| query.with(key, &value));
        navigate(
            &query.link(&location.pathname.get_untracked()),
            NavigateOptions::default(),
        );
    };
    let position = move |share: f64| format!("{:.1}", share * f64::from(WIDTH));
    let line = move || {
        link.at.get().map(|share| {
            view! { <line class="chart-hover" x1=position(share) x2=position(share) y1="0" y2=HEIGHT.to_string() /> }
        })
    };
    let selection = move || {
        let (from, to) = link.dragged_from.get().zip(link.at.get())?;
        let (from, to) = (from.min(to), from.max(to));
        Some(
            view! { <rect class="chart-drag" x=position(from) width=position(to - from) y="0" height=HEIGHT.to_string() /> },
        )
    };
    view! {
        <svg
            class="chart-plot"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=summary
            on:pointermove=move |event| link.at.set(share_of(&event))
            on:pointerleave=move |_| {
                link.at.set(None);
                link.dragged_from.set(None);
            }
            on:pointerdown=move |event| {
                if event.pointer_type() == "mouse" {
                    link.dragged_from.set(share_of(&event));
                }
            }
            on:pointerup=move |event| {
                let dragged = link.dragged_from.get_untracked().zip(share_of(&event));
                link.dragged_from.set(None);
                if let Some((from, to)) = dragged.filter(|(from, to)| (from - to).abs() > 0.02) {
                    zoom(from.min(to), from.max(to));
                }
            }
        >
            <g inner_html=paths></g>
            {events}
            {selection}
            {line}
        </svg>
    }
    .into_any()
}

/// What happened within the chart's time: a line each, or a band for what lasted.
fn marks(events: Vec<ChartEvent>, start_ns: UnixNanos, length_ns: u64) -> AnyView {
    let end_ns = start_ns + length_ns;
    let x = |at: UnixNanos| {
        let inside = at.clamp(start_ns, end_ns) - start_ns;
        inside as f64 / length_ns.max(1) as f64 * f64::from(WIDTH)
    };
    let inside = events
        .into_iter()
        .filter(|event| event.at_ns <= end_ns && event.until_ns.unwrap_or(event.at_ns) >= start_ns);
    let drawn = inside.map(|event| {
        let from = x(event.at_ns);
        // Wide enough to be seen, however short it was.
        let width = event.until_ns.map_or(0.0, |until| (x(until) - from).max(3.0));
        let band = (width > 0.0).then(|| {
            view! { <rect class="chart-band" x=format!("{from:.1}") width=format!("{width:.1}") y="0" height=HEIGHT.to_string() /> }
        });
        let at = format!("{from:.1}");
        view! {
            <g class=format!("chart-event {}", event.look)>
                <title>{event.words}</title>
                {band}
                <line x1=at.clone() x2=at y1="0" y2=HEIGHT.to_string() />
            </g>
        }
    });
    drawn.collect_view().into_any()
}

/// Where over the plot the pointer is, 0 to 1.
#[cfg(feature = "hydrate")]
fn share_of(event: &leptos::ev::PointerEvent) -> Option<f64> {
    use leptos::wasm_bindgen::JsCast;
    let plot = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let frame = plot.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - frame.left()) / frame.width();
    share.is_finite().then_some(share.clamp(0.0, 1.0))
}

/// There is no pointer on a server.
#[cfg(not(feature = "hydrate"))]
fn share_of(_event: &leptos::ev::PointerEvent) -> Option<f64> {
    None
}

/// The names of the lines, with their figures at the pointer.
fn legend(
    lines: Vec<ChartMark>,
    start_ns: UnixNanos,
    step_ns: u64,
    windows: usize,
    written: fn(f64) -> String,
    link: ChartLink,
) -> AnyView {
    let index = move || {
        link.at
            .get()
            .map(|share| ((share * windows as f64) as usize).min(windows.saturating_sub(1)))
    };
    let times = Times::between(start_ns, start_ns + step_ns * windows.saturating_sub(1) as u64);
    let when = move || index().map(|index| times.seconds(start_ns + step_ns * index as u64));
    let several = lines.len() > 1;
    // Where there are several lines the time gives way: the chart beside it shows the same one.
    let when = (!several).then(|| view! { <span class="quiet">{when}</span> });
    let entries = lines.into_iter().map(move |line| {
        let look = line.look;
        let values = line.values;
        let value = move || {
            let value = index().map(|index| values.get(index).copied().flatten());
            value.map(|value| value.map_or_else(|| format::NONE.to_owned(), written))
        };
        let key = several.then(|| {
            view! {
                <svg viewBox="0 0 16 8" width="16" height="8" aria-hidden="true"><path class=format!("line-{look}") d="M0 4L16 4" /></svg>
                {line.name}
            }
        });
        view! { <span class="chart-key">{key} <b>{value}</b></span> }
    });
    view! {
        <p class="chart-legend">
            {when}
            {entries.collect_view()}
        </p>
    }
    .into_any()
}

/// The chart in words, for those who can't see it.
fn accessible_name(title: &str, unit: &str, lines: &[ChartMark], written: fn(f64) -> String) -> String {
    let told = lines.iter().map(|line| {
        let values: Vec<f64> = line.values.iter().flatten().copied().collect();
        let (Some(last), true) = (values.last(), !values.is_empty()) else {
            return format!("{}: no data", line.name);
        };
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        format!(
            "{} {} to {}, last {}",
            line.name,
            written(least),
            written(most),
            written(*last)
        )
    });
    format!("{title} in {unit} over time. {}", told.collect::<Vec<_>>().join("; "))
}

/// The same as a table.
fn twin(lines: &[ChartMark], start_ns: UnixNanos, step_ns: u64, written: fn(f64) -> String) -> AnyView {
    let windows = lines.iter().map(|line| line.values.len()).max().unwrap_or(0);
    let times = Times::between(start_ns, start_ns + step_ns * windows.saturating_sub(1) as u64);
    let heads = lines
        .iter()
        .map(|line| view! { <th scope="col" class="num">{line.name}</th> })
        .collect_view();
    let rows = (0..windows).map(|i| {
        let cells = lines.iter().map(|line| {
            let value = line.values.get(i).copied().flatten();
            view! { <td class="num">{value.map_or_else(|| format::NONE.to_owned(), written)}</td> }
        });
        view! { <tr><th scope="row">{times.seconds(start_ns + step_ns * i as u64)}</th>{cells.collect_view()}</tr> }
    });
    view! {
        <table>
            <thead><tr><th scope="col">"Time"</th>{heads}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
