//! How the server tells what it does.

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
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
        // At `debug` and `trace` these would fill the log with the wire itself, statements and their values among it.
        let quiet = ["h2=info", "hyper=info", "sqlx=warn", "tower=info"];
        let quiet = quiet.iter().filter(|directive| {
            let target = directive.split('=').next().unwrap_or_default();
            !self.log.contains(target)
        });
        quiet.into_iter().try_fold(filter, |filter, directive| {
            Ok(filter.add_directive(directive.parse().context(hint)?))
        })
    }
}
