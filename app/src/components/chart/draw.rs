//! From values to paths, and the scales they stand on.

use plotters::prelude::{AreaSeries, ChartBuilder, IntoDrawingArea, LineSeries, PathElement, RGBColor};

use super::paths::Paths;

/// The box that is drawn in; the page stretches it.
pub(super) const WIDTH: u32 = 1200;
/// The same.
pub(super) const HEIGHT: u32 = 240;

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartMark {
    /// What it is, such as `p95`.
    pub name: &'static str,
    /// One a window; none where there is nothing to show, which breaks the line.
    pub values: Vec<Option<f64>>,
    /// Which look: the classes `line-N` and `area-N` of the stylesheet.
    pub look: u8,
    /// Whether what is under the line is filled.
    pub area: bool,
}

/// The least of 1, 2, 2.5 or 5 times a power of ten that is not under `most`; 1 where that is nothing.
pub(super) fn nice_top(most: f64) -> f64 {
    if most <= 0.0 || !most.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(most.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    // The tolerance keeps a value such as 0.3 / 0.1 from being pushed up by its rounding.
    let fits = steps.into_iter().find(|step| step * power >= most * (1.0 - 1e-9));
    fits.unwrap_or(10.0) * power
}

/// The top of the scale for these lines.
pub(super) fn top(lines: &[ChartMark]) -> f64 {
    let values = lines.iter().flat_map(|line| line.values.iter().flatten());
    nice_top(values.copied().fold(0.0, f64::max))
}

/// The paths of these lines and of the grid behind them, in a box of [`WIDTH`] by [`HEIGHT`].
pub(super) fn paths(lines: &[ChartMark], top: f64) -> String {
    let mut out = String::with_capacity(4096);
    // Our backend writes to a string, which does not fail; an empty plot is what is left if plotters itself does.
    let _ = plot(&mut out, lines, top);
    out
}

fn plot(
    out: &mut String,
    lines: &[ChartMark],
    top: f64,
) -> Result<(), plotters::prelude::DrawingAreaErrorKind<std::fmt::Error>> {
    let windows = lines.iter().map(|line| line.values.len()).max().unwrap_or(0).max(1) as f64;
    let area = Paths::new(out, (WIDTH, HEIGHT)).into_drawing_area();
    let mut chart = ChartBuilder::on(&area).build_cartesian_2d(0.0..windows, 0.0..top)?;
    for share in [0.0, 0.5, 1.0] {
        chart.draw_series([PathElement::new(
            [(0.0, top * share), (windows, top * share)],
            RGBColor(0, 0, 0),
        )])?;
    }
    for line in lines {
        let look = RGBColor(line.look, 0, 0);
        for run in runs(&line.values) {
            if line.area {
                chart.draw_series(AreaSeries::new(run.clone(), 0.0, look))?;
            }
            chart.draw_series(LineSeries::new(run, look))?;
        }
    }
    area.present()
}

/// The unbroken runs of a line. A point stands in the middle of its window; one that stands alone is drawn as long as its window.
fn runs(values: &[Option<f64>]) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open = false;
    for (i, value) in values.iter().enumerate() {
        match value {
            Some(value) => {
                let point = (i as f64 + 0.5, *value);
                match runs.last_mut().filter(|_| open) {
                    Some(run) => run.push(point),
                    None => runs.push(vec![point]),
                }
                open = true;
            }
            None => open = false,
        }
    }
    for run in &mut runs {
        if let [(x, y)] = run[..] {
            *run = vec![(x - 0.5, y), (x + 0.5, y)];
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_figure() {
        let tops = [0.0, 0.07, 1.0, 1.1, 2.1, 3.0, 6.0, 999.0, 12_000.0].map(nice_top);
        let wanted = [1.0, 0.1, 1.0, 2.0, 2.5, 5.0, 10.0, 1000.0, 20_000.0];
        assert!(
            tops.iter()
                .zip(wanted)
                .all(|(top, wanted): (&f64, f64)| (top - wanted).abs() < 1e-9),
            "{tops:?}"
        );
    }

    #[test]
    fn a_line_breaks_where_nothing_was_measured() {
        let runs = runs(&[Some(1.0), Some(2.0), None, Some(3.0)]);
        assert_eq!(runs, [vec![(0.5, 1.0), (1.5, 2.0)], vec![(3.0, 3.0), (4.0, 3.0)]]);
    }

    #[test]
    fn a_plot_is_paths_with_classes() {
        let line = ChartMark {
            name: "rate",
            values: vec![Some(0.0), Some(4.0)],
            look: 3,
            area: false,
        };
        let paths = paths(&[line], 4.0);
        assert_eq!(paths.matches(r#"class="line-0""#).count(), 3);
        assert!(
            paths.contains(r#"<path class="line-3" d="M299 239L899 0"/>"#),
            "{paths}"
        );
    }
}
