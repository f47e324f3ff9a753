//! Rate, errors and latency in a row, sharing their time.

use leptos::prelude::*;
use pointsman_domain::read::Series;
use pointsman_domain::rollup::SECOND_NS;

use crate::components::{ChartLink, TimeChart};
use crate::format;
use crate::views::service::{error_lines, latency_lines, rate_lines};

const HOUR_NS: u64 = 3600 * SECOND_NS;

/// The three charts.
#[component]
pub(super) fn Charts(series: Series, link: ChartLink) -> AnyView {
    let Series { start_ns, step_ns, .. } = series;
    // Shorter ones are what one expects.
    let step = (step_ns > HOUR_NS).then(|| {
        view! { <p class="lag">{format!("Each point is {} h.", step_ns / HOUR_NS)}</p> }
    });
    view! {
        <section class="charts" aria-label="Over time">
            <TimeChart title="Rate" unit="requests/s" start_ns step_ns lines=rate_lines(&series) written=format::rate least_top=1.0 link />
            <TimeChart title="Errors" unit="% of requests" start_ns step_ns lines=error_lines(&series) written=format::percent least_top=0.01 link />
            <TimeChart title="Latency" unit="" start_ns step_ns lines=latency_lines(&series) written=|ns| format::duration(ns as u64) least_top=1e6 link />
        </section>
        {step}
    }
    .into_any()
}
