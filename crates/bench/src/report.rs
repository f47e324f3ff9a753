//! The table.

use std::time::Duration;

/// Rows of what was measured, its figure, and under what conditions.
#[derive(Default)]
pub(crate) struct Report(Vec<[String; 3]>);

impl Report {
    /// Adds a figure.
    pub(crate) fn row(&mut self, what: &str, figure: String, how: String) {
        eprintln!("  {what}: {figure} ({how})");
        self.0.push([what.to_owned(), figure, how]);
    }

    /// Adds the median and 95th percentile of some times.
    pub(crate) fn times(&mut self, what: &str, times: &mut [Duration], how: &str) {
        times.sort_unstable();
        let at = |q: f64| times[((times.len() as f64 * q).ceil() as usize).clamp(1, times.len()) - 1];
        let show = |time: Duration| pointsman_domain::kit::duration::figure(time.as_nanos() as u64);
        self.row(
            what,
            format!("p50 {}, p95 {}", show(at(0.5)), show(at(0.95))),
            format!("{how}; n = {}", times.len()),
        );
    }

    /// Prints it as Markdown.
    pub(crate) fn print(&self) {
        println!("| what | figure | conditions |\n| --- | --- | --- |");
        for [what, figure, how] in &self.0 {
            println!("| {what} | {figure} | {how} |");
        }
    }
}
