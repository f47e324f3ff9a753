//! Figures as they stand in a cell: the number, its unit small after it; what it was made from on hover, and read out.

use leptos::prelude::*;
use pointsman_domain::read::Red;

use crate::format;

/// A duration: `41.2 ms`; a dash where there is none.
#[component]
pub fn Duration(
    /// In nanoseconds.
    ns: Option<u64>,
) -> AnyView {
    let (value, unit) = format::apart(&format::maybe_duration(ns));
    view! {
        {value}
        <span class="unit duration-unit">{unit}</span>
    }
    .into_any()
}

/// Requests per second, the unit being in the head.
#[component]
pub fn Rate(
    /// The figures.
    red: Red,
) -> impl IntoView {
    let from = format!("{} in the range", format::counted(red.requests, "request", "requests"));
    view! {
        <span title=from.clone()>{format::rate(red.rate)}</span>
        <span class="only-read">{from}</span>
    }
}

/// The share of requests that failed, the unit being in the head; a dash where there were none.
#[component]
pub fn Percent(
    /// The figures.
    red: Red,
) -> impl IntoView {
    let (requests, errors) = (format::count(red.requests), format::count(red.errors));
    let text = if red.requests == 0 {
        format::NONE.to_owned()
    } else {
        format::percent(red.error_ratio)
    };
    let from = format!("{errors} of {requests} requests failed");
    view! {
        <span title=from.clone() class:none=red.errors == 0>{text}</span>
        <span class="only-read">{from}</span>
    }
}
