//! Lines of a log over time, by severity. The counts above it say the same in words.

use leptos::prelude::*;
use pointsman_domain::read::LogLine;

use crate::format::{self, Times};
use crate::views::severity::{GROUPS, histogram};

/// Into how many stretches of time the lines are counted.
const BUCKETS: usize = 90;

/// Bars, the worst severity at the bottom, where it has a common base.
#[component]
pub(super) fn LogHistogram(
    /// What to show, newest first.
    #[prop(into)]
    lines: Signal<Vec<LogLine>>,
    /// How their times are written.
    #[prop(into)]
    times: Signal<Times>,
) -> impl IntoView {
    let drawing = move || {
        let (buckets, ends) = lines.with(|lines| {
            (
                histogram(lines, BUCKETS),
                lines.last().zip(lines.first()).map(|(a, b)| (a.time_ns, b.time_ns)),
            )
        });
        let (oldest, newest) = ends?;
        let most = buckets
            .iter()
            .map(|bucket| bucket.iter().sum::<u32>())
            .max()
            .unwrap_or(0)
            .max(1);
        let bars = buckets.iter().enumerate().flat_map(|(i, bucket)| {
            let mut below = 0;
            let x = i as f64 * 100.0 / BUCKETS as f64;
            bucket.iter().zip(GROUPS).filter(|&(&count, _)| count > 0).map(move |(&count, group)| {
                below += count;
                let share = |count: u32| f64::from(count) / f64::from(most) * 100.0;
                view! {
                    <rect class=format!("histogram-{group}") x=format!("{x:.2}%") width=format!("{:.2}%", 85.0 / BUCKETS as f64)
                        y=format!("{:.2}%", 100.0 - share(below)) height=format!("{:.2}%", share(count)) />
                }
            })
        });
        let bars = bars.collect_view();
        Some(view! {
            <figure class="scatter">
                <svg width="100%" height="56" aria-hidden="true">{bars}</svg>
                <figcaption>
                    <span>{times.get().seconds(oldest)}</span>
                    <span>{format!("log lines over time, at most {} per bar", format::count(u64::from(most)))}</span>
                    <span>{times.get().seconds(newest)}</span>
                </figcaption>
            </figure>
        })
    };
    view! { {drawing} }
}
