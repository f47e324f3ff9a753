//! What can be set: one struct a concern, each flag with its environment variable, all of it checked before a port is bound.

mod database;
mod health;
mod limits;
mod listen;
mod logs;
mod retention;
mod serve;
mod values;

pub use database::DatabaseSettings;
pub use health::HealthSettings;
pub use limits::LimitSettings;
pub use listen::ListenSettings;
pub use logs::{LogFormat, LogSettings};
pub use retention::RetentionSettings;
pub use serve::ServeSettings;
pub use values::{parse_bytes, parse_length};
