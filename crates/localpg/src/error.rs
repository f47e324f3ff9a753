//! What can go wrong with a private PostgreSQL, each in a sentence that says what to do.

use std::path::{Path, PathBuf};

/// Why the private PostgreSQL could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum LocalPgError {
    /// No PostgreSQL that is new enough is on the machine.
    #[error("{0}")]
    NotInstalled(String),
    /// Another process holds the data folder.
    #[error("the data folder {} is in use by process {pid}; stop that, or give this one a folder of its own", .data_dir.display())]
    InUse {
        data_dir: PathBuf,
        /// Who holds it, as its lock file says.
        pid: String,
    },
    /// Started as root, and there is no user that PostgreSQL could run as.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`; create one, or start \
         Pointsman as another user, or set DATABASE_URL"
    )]
    NoUser,
    /// A folder that others could have put there.
    #[error("{} is not a folder of user {uid} alone; remove it", .path.display())]
    NotPrivate {
        path: PathBuf,
        /// Whose it should be.
        uid: u32,
    },
    /// A file or folder could not be read or written.
    #[error("could not {what} {}: {source}", .path.display())]
    Io {
        /// What was tried, as a verb.
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    /// A program of PostgreSQL ended with an error.
    #[error("{program} failed: {output}")]
    Program {
        program: &'static str,
        /// The end of what it said.
        output: String,
    },
    /// The server did not do something in time.
    #[error("PostgreSQL in {} did not {what} within {seconds} s; see server.log there", .home.display())]
    Late {
        /// Its home.
        home: PathBuf,
        /// What was waited for.
        what: &'static str,
        /// How long, in seconds.
        seconds: u64,
    },
}

/// Adds to an I/O error what was tried on what.
pub(crate) trait Context<T> {
    fn context(self, what: &'static str, path: &Path) -> Result<T, LocalPgError>;
}

impl<T> Context<T> for std::io::Result<T> {
    fn context(self, what: &'static str, path: &Path) -> Result<T, LocalPgError> {
        self.map_err(|source| LocalPgError::Io {
            what,
            path: path.to_owned(),
            source,
        })
    }
}
