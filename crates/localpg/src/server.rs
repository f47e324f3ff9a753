//! Starting, taking over and stopping the server.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::cluster::{self, run, tail};
use crate::error::{Context, LocalPgError};
use crate::home::{Home, Lock};
use crate::owner::Owner;
use crate::programs::Programs;
use crate::{config, postmaster};

/// The log is begun anew at a start that finds it larger than this, in bytes.
const MAX_LOG: u64 = 16 << 20;

/// How to run the server.
#[derive(Debug, Clone)]
pub struct LocalPgOptions {
    /// Where everything is kept; made where it is missing.
    pub data_dir: PathBuf,
    /// Whether commits survive a crash of the machine. Off for tests only.
    pub fsync: bool,
    /// Settings of PostgreSQL beside or instead of our own, by name.
    pub settings: Vec<(String, String)>,
}

impl LocalPgOptions {
    /// The usual: durable, with our settings.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            fsync: true,
            settings: Vec::new(),
        }
    }
}

/// A running private PostgreSQL, which no other process uses through this crate.
///
/// Dropped without [`LocalPg::stop`], it goes on running, and the next [`LocalPg::start`] takes it over.
#[derive(Debug)]
pub struct LocalPg {
    home: Home,
    owner: Owner,
    programs: Programs,
    _lock: Lock,
}

impl LocalPg {
    /// The database that every server has.
    pub const DATABASE: &str = "pointsman";

    /// Starts the server on its data folder, or takes over the one that runs there. Makes the cluster first where there is none. Returns when
    /// it answers, which after a crash may take as long as the recovery.
    pub async fn start(options: LocalPgOptions) -> Result<Self, LocalPgError> {
        let wanted = &options.data_dir;
        std::fs::create_dir_all(wanted).context("create", wanted)?;
        let data_dir = std::fs::canonicalize(wanted).context("find", wanted)?;
        let lock = Lock::take(&data_dir)?;
        let owner = Owner::choose()?;
        let home = Home::prepare(&data_dir, &owner)?;
        let programs = Programs::find(home.made_by())?;
        cluster::ensure(&home, &owner, &programs, options.fsync, Self::DATABASE).await?;
        let adopted = postmaster::settle(&home).await?;
        config::write(&home, &owner, options.fsync, &options.settings)?;
        let server = Self {
            home,
            owner,
            programs,
            _lock: lock,
        };
        if adopted {
            tracing::info!(home = %server.home.root.display(), "took over the private PostgreSQL that runs already");
            server.pg_ctl("pg_ctl reload", &["reload"]).await?;
        } else {
            server.launch().await?;
        }
        Ok(server)
    }

    /// Stops the server that an earlier process left running on this data folder; false where there is none.
    pub async fn stop_left_over(data_dir: &Path) -> Result<bool, LocalPgError> {
        let Ok(data_dir) = std::fs::canonicalize(data_dir) else {
            return Ok(false);
        };
        let Some(home) = Home::existing(&data_dir) else {
            return Ok(false);
        };
        let lock = Lock::take(&data_dir)?;
        if postmaster::running(&home).is_none() {
            return Ok(false);
        }
        let owner = Owner::choose()?;
        let programs = Programs::find(home.made_by())?;
        let server = Self {
            home,
            owner,
            programs,
            _lock: lock,
        };
        server.stop().await.map(|()| true)
    }

    /// The URL of the database [`LocalPg::DATABASE`], over the Unix socket.
    pub fn url(&self) -> String {
        self.url_of(Self::DATABASE)
    }

    /// The URL of another database of this server.
    pub fn url_of(&self, database: &str) -> String {
        url_over(&self.home, database)
    }

    /// The URL of a database of the server that runs on `data_dir`, for another process that uses it too; none where none runs.
    pub fn url_at(data_dir: &Path, database: &str) -> Option<String> {
        let home = Home::existing(&std::fs::canonicalize(data_dir).ok()?)?;
        postmaster::running(&home).map(|_| url_over(&home, database))
    }

    /// The folder of the cluster's files.
    pub fn folder(&self) -> &Path {
        &self.home.data
    }

    /// The process id of the server, while it runs.
    pub fn pid(&self) -> Option<u32> {
        postmaster::running(&self.home)
    }

    /// Ends all sessions, writes everything to disk and stops the server.
    pub async fn stop(self) -> Result<(), LocalPgError> {
        if postmaster::running(&self.home).is_none() {
            return Ok(());
        }
        self.pg_ctl("pg_ctl stop", &["stop", "--mode=fast", "--wait", "--timeout=120"])
            .await
    }

    /// `pg_ctl` gives the server a session of its own, so that neither our end nor a Ctrl-C meant for us reaches it.
    async fn launch(&self) -> Result<(), LocalPgError> {
        let log = &self.home.log;
        if std::fs::metadata(log).is_ok_and(|found| found.len() > MAX_LOG) {
            std::fs::remove_file(log).context("remove", log)?;
        }
        let log_path = log.to_string_lossy();
        let arguments = ["start", "--wait", "--timeout=300", "--log", &log_path];
        self.pg_ctl("pg_ctl start", &arguments)
            .await
            .map_err(|error| match error {
                LocalPgError::Program { program, output } => {
                    let said = tail(&std::fs::read_to_string(log).unwrap_or_default(), 8);
                    LocalPgError::Program {
                        program,
                        output: format!("{output}\n{said}"),
                    }
                }
                other => other,
            })
    }

    async fn pg_ctl(&self, name: &'static str, arguments: &[&str]) -> Result<(), LocalPgError> {
        let mut command = self.owner.command(&self.programs.path("pg_ctl"), &self.home.root);
        command.args(arguments).arg("--pgdata").arg(&self.home.data);
        run(name, command).await
    }
}

/// The URL of a database over a home's socket.
fn url_over(home: &Home, database: &str) -> String {
    let socket = percent_encode(&home.socket.to_string_lossy());
    format!("postgres://postgres@localhost/{database}?host={socket}")
}

/// Everything but letters, digits and `/-._` as `%XX`.
fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            // Writing to a String can't fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_spaces_becomes_a_url() {
        assert_eq!(percent_encode("/a b/ü-1_x.y"), "/a%20b/%C3%BC-1_x.y");
    }
}
