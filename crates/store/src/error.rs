//! The one error type of the store.

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is not there, not reachable, overloaded or stopping, or it rolled back for a passing reason. Nothing
    /// was changed; trying again later is right.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A statement took longer than it may: there is more to read than can be read. Nothing was changed.
    #[error("it takes too long: {0}")]
    TooLong(#[source] sqlx::Error),
    /// Another replica has taken the lock under which this was done. Nothing was changed.
    #[error("another replica has taken over")]
    LostLock,
    /// More than one read may take: so much of what. Nothing was changed.
    #[error("it is more than {0}")]
    TooMuch(String),
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
    /// A rule of the schema forbids it.
    #[error("{0}")]
    Conflict(Conflict),
    /// Anything else that the database refused: a mistake of ours.
    #[error("the database refused: {0}")]
    Database(#[source] sqlx::Error),
}

/// Rules of the schema that what somebody asks for can break, by the name of the constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// An account has this name already.
    #[error("an account has this name already")]
    AccountName,
    /// An account is known by this identity already.
    #[error("an account is known by this identity already")]
    Identity,
    /// A team has this name already.
    #[error("a team has this name already")]
    TeamName,
    /// There is no such team, or no longer.
    #[error("there is no such team")]
    NoTeam,
    /// There is no such account, or no longer.
    #[error("there is no such account")]
    NoAccount,
    /// An objective has this name already.
    #[error("an objective has this name already")]
    ObjectiveName,
    /// A channel has this name already.
    #[error("a channel has this name already")]
    ChannelName,
    /// A contract has this name already.
    #[error("a contract has this name already")]
    ContractName,
    /// Periods of the contract are closed.
    #[error("periods of the contract are closed")]
    ContractRecords,
    /// The channel gets these reports already.
    #[error("the channel gets these reports already")]
    Schedule,
}

impl Conflict {
    fn of(error: &dyn sqlx::error::DatabaseError) -> Option<Self> {
        Some(match error.constraint()? {
            "person_name_key" => Self::AccountName,
            "person_oidc_issuer_oidc_subject_key" => Self::Identity,
            "team_pkey" => Self::TeamName,
            "membership_team_fkey" | "service_record_team_fkey" | "report_schedule_team_fkey" => Self::NoTeam,
            "membership_person_fkey" | "session_person_fkey" | "api_token_owner_fkey" => Self::NoAccount,
            "objective_name_key" => Self::ObjectiveName,
            "channel_name_key" => Self::ChannelName,
            "sla_name_key" => Self::ContractName,
            "sla_record_sla_fkey" => Self::ContractRecords,
            "report_schedule_key" => Self::Schedule,
            _ => return None,
        })
    }
}

impl StoreError {
    /// Whether the same can succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::TooLong(_) | Self::LostLock)
    }

    /// Whether what was to be written, or what was read, is at fault: it cannot be decoded, or the database takes no such value
    /// (classes 22, data exception, and 54, limit exceeded). Anything else passes when the fault is mended.
    pub fn is_of_data(&self) -> bool {
        match self {
            Self::Corrupt { .. } => true,
            Self::Database(sqlx::Error::Database(error)) => {
                let code = error.code().unwrap_or_default();
                ["22", "54"].iter().any(|class| code.starts_with(class))
            }
            _ => false,
        }
    }

    /// Whether a text was given that holds NUL, which PostgreSQL's `text` and `jsonb` do not hold: nothing is found by it or kept with it.
    pub fn is_of_nul(&self) -> bool {
        self.has_code("22021") || self.has_code("22P05")
    }

    /// Whether the database's disk is full.
    pub fn is_disk_full(&self) -> bool {
        self.has_code("53100")
    }

    /// Whether a lock was not to be had in time.
    pub(crate) fn is_lock_timeout(&self) -> bool {
        self.has_code("55P03")
    }

    fn has_code(&self, code: &str) -> bool {
        match self {
            Self::Unavailable(error) | Self::Database(error) => {
                error
                    .as_database_error()
                    .and_then(sqlx::error::DatabaseError::code)
                    .as_deref()
                    == Some(code)
            }
            _ => false,
        }
    }

    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        if let Some(conflict) = error.as_database_error().and_then(Conflict::of) {
            return Self::Conflict(conflict);
        }
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| code == "57014") {
            return Self::TooLong(error);
        }
        let passing = match &error {
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Protocol(_) => true,
            // Connection trouble (08), read-only after a failover (25006), a transaction whose client said nothing for too long (25P03),
            // serialization and deadlock (40), out of resources (53), a lock that took too long (55P03), stopping or starting (57P), files that can't be
            // written (58030).
            E::Database(error) => error.code().is_some_and(|code| {
                ["08", "40", "53", "57P"].iter().any(|class| code.starts_with(class))
                    || ["25006", "25P03", "55P03", "58030"].contains(&code.as_ref())
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
