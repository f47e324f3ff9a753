//! Which sites' pages may send telemetry.

use std::str::FromStr;

use clap::Args;
use http::HeaderValue;
use pointsman_ingest::otlp::cors::Origins;

use super::PublicUrl;

/// Which sites' pages may send telemetry.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Browsers")]
pub struct CorsSettings {
    /// The origins whose pages may send to OTLP over HTTP, such as https://shop.example: repeat it, or put commas between; `*` for all; none
    /// without
    #[arg(
        long,
        env = "POINTSMAN_OTLP_CORS_ORIGIN",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub otlp_cors_origin: Vec<Origin>,
}

/// One origin, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `*`.
    All,
    /// As browsers write it.
    One(HeaderValue),
}

impl FromStr for Origin {
    type Err = String;

    /// Errors: a sentence that says how to write it.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "*" {
            return Ok(Self::All);
        }
        let wrong =
            || "write it as https://shop.example, with a port where it has one and without a path, or *".to_owned();
        let url = PublicUrl::parse(text).map_err(|_| wrong())?;
        // A part of a name for all hosts is no origin that a browser writes.
        if url.origin().contains('*') {
            return Err(wrong());
        }
        HeaderValue::from_str(url.origin())
            .map(Self::One)
            .map_err(|error| error.to_string())
    }
}

impl CorsSettings {
    /// All of them; `None` where no page may send.
    pub fn origins(&self) -> Option<Origins> {
        let given = &self.otlp_cors_origin;
        if given.is_empty() {
            return None;
        }
        let named = given.iter().map(|origin| match origin {
            Origin::All => None,
            Origin::One(origin) => Some(origin.clone()),
        });
        // Beside `*` others say nothing more.
        Some(named.collect::<Option<Vec<_>>>().map_or(Origins::All, Origins::These))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_writes() {
        let origin = |text: &str| match text.parse() {
            Ok(Origin::One(origin)) => origin.to_str().map_or(String::new(), str::to_owned),
            Ok(Origin::All) => "all".to_owned(),
            Err(why) => why,
        };
        assert_eq!(origin("https://Shop.Example"), "https://shop.example");
        assert_eq!(origin(" https://shop.example/ "), "https://shop.example");
        assert_eq!(origin("https://shop.example:443"), "https://shop.example");
        assert_eq!(origin("http://localhost:8080"), "http://localhost:8080");
        assert_eq!(origin("*"), "all");
        for wrong in [
            "shop.example",
            "https://*.example",
            "https://shop.example/cart",
            "null",
            "",
        ] {
            assert!(origin(wrong).contains("write it as"), "{wrong}");
        }
    }

    #[test]
    fn without_any_no_page_may_send() {
        let of = |texts: &[&str]| {
            let settings = CorsSettings {
                otlp_cors_origin: texts.iter().filter_map(|text| text.parse().ok()).collect(),
            };
            settings.origins()
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["https://a.example", "*"]), Some(Origins::All));
        let one = HeaderValue::from_static("https://a.example");
        assert_eq!(of(&["https://a.example"]), Some(Origins::These(vec![one])));
    }
}
