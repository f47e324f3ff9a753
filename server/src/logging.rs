//! Sets up the structured log: a readable message with dotted fields, or JSON.

use anyhow::Result;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, LogSettings, holds_no_secret};

/// Starts to log to standard error, panics included. Errors: a filter that can't be read; called twice.
pub fn start(settings: &LogSettings) -> Result<()> {
    let layer = fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(settings.filter()?);
    match settings.log_format {
        LogFormat::Text => registry
            .with(
                layer
                    .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
                    .with_filter(filter_fn(holds_no_secret)),
            )
            .try_init()?,
        LogFormat::Json => registry
            .with(layer.json().flatten_event(true).with_filter(filter_fn(holds_no_secret)))
            .try_init()?,
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let payload = panic.payload();
        let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
            (Some(text), _) => text,
            (None, Some(text)) => text.as_str(),
            (None, None) => "(no message)",
        };
        tracing::error!(code.location = %place, "panicked: {message}");
    }));
    Ok(())
}
