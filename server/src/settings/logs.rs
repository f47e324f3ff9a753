//! How the server tells what it does.

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;

/// How the server tells what it does. It writes to standard error.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Logs")]
pub struct LogSettings {
    /// One line of text, or one JSON object, an event
    #[arg(long, env = "POINTSMAN_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// Which events: a level, or levels by module, such as info,pointsman_ingest=debug
    #[arg(long, env = "POINTSMAN_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
}

/// The form of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For a person.
    Text,
    /// For a program.
    Json,
}

impl LogSettings {
    /// The filter. Errors: a sentence where it can't be read.
    pub fn filter(&self) -> Result<EnvFilter> {
        let hint = "--log (POINTSMAN_LOG) can't be read; give a level, or levels by module, such as info,pointsman_ingest=debug";
        let filter = EnvFilter::builder().parse(&self.log).context(hint)?;
        // Every statement, where nobody asked for them.
        if self.log.contains("sqlx") {
            return Ok(filter);
        }
        Ok(filter.add_directive("sqlx=warn".parse().context(hint)?))
    }
}

/// Those that write headers, bodies and mail to the log at `debug` and `trace`.
const WIRE: [&str; 8] = [
    "h2",
    "hyper",
    "hyper_util",
    "lettre",
    "reqwest",
    "rustls",
    "tonic",
    "tower",
];

/// Whether an event may be logged at all, whatever the filter says: the wire holds tokens, cookies and passwords.
pub fn holds_no_secret(event: &Metadata<'_>) -> bool {
    let of_crate = event.target().split("::").next().unwrap_or_default();
    *event.level() <= Level::INFO || !WIRE.contains(&of_crate)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use tracing_subscriber::Layer;
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::layer::{Context, SubscriberExt};

    use super::*;

    /// Notes what comes through.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<Vec<String>>>);

    impl<S: tracing::Subscriber> Layer<S> for Notes {
        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            let told = format!("{} {}", event.metadata().level(), event.metadata().target());
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(told);
        }
    }

    #[test]
    fn the_wire_is_not_logged_even_where_it_is_asked_for() {
        let settings = LogSettings {
            log_format: LogFormat::Text,
            log: "trace,h2=trace,hyper_util::client=trace".to_owned(),
        };
        let notes = Notes::default();
        let registry = tracing_subscriber::registry().with(settings.filter().expect("a filter"));
        let registry = registry.with(notes.clone().with_filter(filter_fn(holds_no_secret)));
        tracing::subscriber::with_default(registry, || {
            tracing::trace!(target: "h2::codec::framed_read", "a frame");
            tracing::debug!(target: "hyper_util::client::legacy", "a head");
            tracing::info!(target: "h2::server", "a goaway");
            tracing::trace!(target: "pointsman_ingest", "of our own");
        });
        let told = notes.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert_eq!(told, ["INFO h2::server", "TRACE pointsman_ingest"]);
    }
}
