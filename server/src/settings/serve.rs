//! All that `pointsman serve` can be told.

use anyhow::Result;
use clap::Args;

use super::{
    AccessSettings, ClockSettings, CorsSettings, DatabaseSettings, HealthSettings, LimitSettings, ListenSettings,
    LogSettings, OidcSettings, ReportSettings, RetentionSettings, SecretSettings, TlsSettings,
};

/// All that `pointsman serve` can be told.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// Addresses.
    #[command(flatten)]
    pub listen: ListenSettings,
    /// TLS.
    #[command(flatten)]
    pub tls: TlsSettings,
    /// Access.
    #[command(flatten)]
    pub access: AccessSettings,
    /// Browsers.
    #[command(flatten)]
    pub cors: CorsSettings,
    /// Single sign-on.
    #[command(flatten)]
    pub oidc: OidcSettings,
    /// Database.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Retention.
    #[command(flatten)]
    pub retention: RetentionSettings,
    /// Limits.
    #[command(flatten)]
    pub limits: LimitSettings,
    /// Health.
    #[command(flatten)]
    pub health: HealthSettings,
    /// Reports.
    #[command(flatten)]
    pub reports: ReportSettings,
    /// Secrets of channels.
    #[command(flatten)]
    pub secrets: SecretSettings,
    /// Logs.
    #[command(flatten)]
    pub logs: LogSettings,
    /// The clock, for tests.
    #[command(flatten)]
    pub clock: ClockSettings,
}

impl ServeSettings {
    /// Checks what clap can't: values that are wrong together. Errors: a sentence that names the flag.
    pub fn check(&self) -> Result<()> {
        self.listen.check()?;
        self.tls.check()?;
        self.access.check()?;
        self.oidc.check(&self.access)?;
        self.database.check()?;
        self.retention.check()?;
        self.limits.check()?;
        self.health.check()?;
        self.secrets.keys()?;
        self.logs.filter()?;
        Ok(())
    }
}
