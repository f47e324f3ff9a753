//! The one error type of the store.

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is not there, not reachable, overloaded or stopping, or it rolled back for a passing reason. Nothing
    /// was changed; trying again later is right.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// What was read from the database is not what was written.
    #[error("stored data cannot be read: {what}")]
    Corrupt {
        /// Which part, and how.
        what: String,
    },
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The server is older than PostgreSQL 15.
    #[error("the database is PostgreSQL {found}; 15 or newer is needed")]
    TooOld {
        /// Its version, as it says it.
        found: String,
    },
    /// Anything else that the database refused: a mistake of ours.
    #[error("the database refused: {0}")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the same can succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        let passing = match &error {
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Protocol(_) => true,
            // Connection trouble (08), read-only after a failover (25006), serialization and deadlock (40), out of
            // resources (53), a lock or statement that took too long (55P03, 57014), stopping or starting (57P).
            E::Database(error) => error.code().is_some_and(|code| {
                ["08", "40", "53", "57P"].iter().any(|class| code.starts_with(class))
                    || ["25006", "55P03", "57014"].contains(&code.as_ref())
            }),
            _ => false,
        };
        if passing {
            Self::Unavailable(error)
        } else {
            Self::Database(error)
        }
    }
}
