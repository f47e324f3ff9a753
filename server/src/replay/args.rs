//! What `pointsman replay` can be told.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::parse_length;

/// What `pointsman replay` can be told.
///
/// It ends with 0 where everything in the files was sent and accepted, or where what was not is skipped as asked; else with 1.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// OTLP JSON lines, plain, gzip or zstd; `-` is standard input. Several files are merged by time
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// http://host:port for OTLP/HTTP, grpc://host:port for OTLP/gRPC
    #[arg(
        long,
        env = "POINTSMAN_REPLAY_ENDPOINT",
        default_value = "http://127.0.0.1:4318",
        value_name = "URL"
    )]
    pub endpoint: Endpoint,

    /// Send the times as they are; without it they are shifted so that the newest one is now when the replay ends
    #[arg(long)]
    pub keep_time: bool,

    /// How fast: 1x as it happened, 10x ten times as fast, max as fast as it goes
    #[arg(long, default_value = "1x", value_name = "SPEED")]
    pub speed: Speed,

    /// What to do at a bad line, at a damaged file and where the endpoint refuses a request
    #[arg(long, value_enum, default_value_t = OnError::Stop)]
    pub on_error: OnError,

    /// How many requests may be under way at once
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256), value_name = "N")]
    pub concurrency: u16,

    /// How long to try again where the endpoint is busy or away, before the replay ends
    #[arg(long, default_value = "60s", value_parser = parse_length, value_name = "TIME")]
    pub retry_for: Duration,

    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
}

/// What to do with what can't be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    /// Name it and go on.
    Skip,
    /// Name it, send no more, and fail.
    Stop,
}

/// How fast to send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// So many seconds of the data a second.
    Times(f64),
    /// As fast as it goes.
    Max,
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let number = text.strip_suffix('x').and_then(|number| number.parse::<f64>().ok());
        number
            .filter(|times| (0.001..=1e6).contains(times))
            .map(Self::Times)
            .ok_or_else(|| "write 1x, 10x, 0.5x or max".to_owned())
    }
}

/// Where to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// OTLP/HTTP at this base.
    Http(String),
    /// OTLP/gRPC at this `http://` origin.
    Grpc(String),
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches('/');
        let host = |rest: &str| rest.split('/').next().is_some_and(|host| !host.is_empty());
        match text.split_once("://") {
            Some(("http" | "https", rest)) if host(rest) => Ok(Self::Http(text.to_owned())),
            Some(("grpc", rest)) if host(rest) => Ok(Self::Grpc(format!("http://{rest}"))),
            _ => Err("write http://host:port for OTLP/HTTP or grpc://host:port for OTLP/gRPC".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_and_endpoints_are_read_as_written() {
        assert_eq!("10x".parse(), Ok(Speed::Times(10.0)));
        assert_eq!("max".parse(), Ok(Speed::Max));
        assert!("fast".parse::<Speed>().is_err());
        assert!("0x".parse::<Speed>().is_err());
        assert_eq!("grpc://a:1".parse(), Ok(Endpoint::Grpc("http://a:1".to_owned())));
        assert_eq!("http://a:1/".parse(), Ok(Endpoint::Http("http://a:1".to_owned())));
        assert!("a:1".parse::<Endpoint>().is_err());
        assert!("http://".parse::<Endpoint>().is_err());
    }
}
