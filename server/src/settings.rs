//! What can be set: one struct a concern, each flag with its environment variable, all of it checked before a port is bound.

mod access;
mod clock;
mod cors;
mod database;
mod health;
mod limits;
mod listen;
mod logs;
mod oidc;
mod public_url;
mod reports;
mod retention;
mod secrets;
mod serve;
mod tls;
mod values;

pub use access::AccessSettings;
pub use clock::ClockSettings;
pub use cors::CorsSettings;
pub use database::DatabaseSettings;
pub use health::HealthSettings;
pub use limits::LimitSettings;
pub use listen::ListenSettings;
pub use logs::{LogFormat, LogSettings, holds_no_secret};
pub use oidc::OidcSettings;
pub use public_url::PublicUrl;
pub use reports::ReportSettings;
pub use retention::RetentionSettings;
pub use secrets::SecretSettings;
pub use serve::ServeSettings;
pub use tls::TlsSettings;
pub use values::{parse_bytes, parse_length};
