//! A line without axes, for a row of a table.

use std::fmt::Write;

use leptos::prelude::*;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 24.0;

/// The line through these values in a box of 120 by 24, scaled from zero to the greatest; empty for fewer than two.
pub fn sparkline_path(values: &[f64]) -> String {
    let most = values.iter().copied().fold(0.0, f64::max);
    if values.len() < 2 {
        return String::new();
    }
    let step = WIDTH / (values.len() - 1) as f64;
    let mut path = String::with_capacity(values.len() * 12);
    for (i, value) in values.iter().enumerate() {
        let share = if most > 0.0 { value / most } else { 0.0 };
        let y = HEIGHT - 1.5 - share * (HEIGHT - 3.0);
        let command = if i == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _ = write!(path, "{command}{:.1} {y:.1}", i as f64 * step);
    }
    path
}

/// The line and what it says to those who can't see it.
#[component]
pub fn Sparkline(
    /// One a window, in time order.
    values: Vec<f64>,
    /// What it shows, in words.
    #[prop(into)]
    label: String,
) -> AnyView {
    view! {
        <svg class="sparkline" viewBox="0 0 120 24" width="120" height="24" preserveAspectRatio="none" role="img" aria-label=label>
            <path d=sparkline_path(&values) />
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_runs_from_the_floor_to_the_ceiling() {
        assert_eq!(sparkline_path(&[0.0, 2.0, 1.0]), "M0.0 22.5L60.0 1.5L120.0 12.0");
        assert_eq!(sparkline_path(&[0.0, 0.0]), "M0.0 22.5L120.0 22.5");
        assert_eq!(sparkline_path(&[3.0]), "");
    }
}
