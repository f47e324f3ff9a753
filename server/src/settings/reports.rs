//! How reports are made.

use clap::Args;

/// How reports are made.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportSettings {
    /// In which time zone the months and quarters of reports begin; contracts have their own
    #[arg(long, env = "POINTSMAN_REPORT_ZONE", default_value = "UTC", value_parser = parse_zone, value_name = "ZONE")]
    pub report_zone: String,
}

fn parse_zone(text: &str) -> Result<String, String> {
    if pointsman_control::promise::report::is_zone(text) {
        Ok(text.to_owned())
    } else {
        Err("it is no time zone; write one such as Europe/Berlin".to_owned())
    }
}
