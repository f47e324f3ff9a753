//! Tells on standard error how far the replay is: a bar on a terminal, a line every few seconds elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

const EVERY: Duration = Duration::from_secs(5);

/// How far the replay is.
pub struct Progress {
    bar: Option<ProgressBar>,
    total_bytes: Option<u64>,
    told: Mutex<Instant>,
}

impl Progress {
    /// For files of so many bytes together, where that is known.
    pub fn new(total_bytes: Option<u64>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = total_bytes.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let template = if total_bytes.is_some() {
                "{prefix:>8} {wide_bar} {percent:>3} %  {msg}  {eta} left"
            } else {
                "{prefix:>8} {spinner} {bytes} read  {msg}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            total_bytes,
            told: Mutex::new(Instant::now()),
        }
    }

    /// During the first reading.
    pub fn surveyed(&self, bytes_read: u64, items: u64) {
        self.tell("reading", bytes_read, || format!("{items} items"));
    }

    /// During the sending.
    pub fn sent(&self, bytes_read: u64, items: u64, since: Instant) {
        self.tell("sending", bytes_read, || {
            let rate = items as f64 / since.elapsed().as_secs_f64().max(0.001);
            format!("{items} items, {rate:.0}/s")
        });
    }

    /// Something that shall stay readable.
    pub fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn tell(&self, what: &'static str, bytes_read: u64, message: impl Fn() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_prefix(what);
            bar.set_position(bytes_read);
            bar.set_message(message());
            return;
        }
        let Ok(mut told) = self.told.lock() else { return };
        if told.elapsed() >= EVERY {
            *told = Instant::now();
            let share = self
                .total_bytes
                .filter(|total| *total > 0)
                .map(|total| format!("{} %, ", bytes_read * 100 / total))
                .unwrap_or_default();
            eprintln!("replay: {what}: {share}{}", message());
        }
    }
}
