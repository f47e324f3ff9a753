//! Finds PostgreSQL's programs on the machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::LocalPgError;

/// The oldest major version that Pointsman works with.
pub const MIN_MAJOR: u32 = 15;

/// Whether a PostgreSQL that is new enough for a new cluster is on the machine.
pub fn is_installed() -> bool {
    Programs::find(None).is_ok()
}

/// A folder with `initdb`, `pg_ctl` and `postgres` of one version.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    bindir: PathBuf,
    major: u32,
}

impl Programs {
    /// The programs that fit a cluster of version `made_by`, or the newest where there is no cluster yet.
    ///
    /// Looks in `POINTSMAN_PG_BINDIR` (and then nowhere else), `pg_config --bindir`, Debian's folders, and `PATH`.
    pub(crate) fn find(made_by: Option<u32>) -> Result<Self, LocalPgError> {
        let found = candidates().into_iter().filter_map(|bindir| Self::in_folder(&bindir));
        let mut found: Vec<Self> = found.collect();
        found.sort_by_key(|programs| std::cmp::Reverse(programs.major));
        let fits = |p: &&Self| made_by.map_or(p.major >= MIN_MAJOR, |major| p.major == major);
        if let Some(programs) = found.iter().find(fits) {
            return Ok(programs.clone());
        }
        let others = match found.first() {
            None => "no PostgreSQL was found".to_owned(),
            Some(newest) => format!("only PostgreSQL {} was found", newest.major),
        };
        Err(LocalPgError::NotInstalled(match made_by {
            Some(major) => format!(
                "the data folder was made by PostgreSQL {major}, but {others}: install postgresql-{major} (Debian, Ubuntu), or \
                 set POINTSMAN_PG_BINDIR to the folder with its programs"
            ),
            None => format!(
                "{others}, and version {MIN_MAJOR} or newer is needed: install the package `postgresql` (Debian, Ubuntu: \
                 apt-get install postgresql; Fedora: postgresql-server; macOS: brew install postgresql), set \
                 POINTSMAN_PG_BINDIR to the folder with initdb and postgres, or set DATABASE_URL to a running server"
            ),
        }))
    }

    fn in_folder(bindir: &Path) -> Option<Self> {
        let complete = ["initdb", "pg_ctl"].iter().all(|name| bindir.join(name).is_file());
        let output = Command::new(bindir.join("postgres")).arg("--version").output().ok()?;
        let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
        complete.then(|| Self {
            bindir: bindir.to_owned(),
            major,
        })
    }

    /// The path of one program.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.bindir.join(name)
    }
}

/// The major version in `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..digits].parse().ok()
}

fn candidates() -> Vec<PathBuf> {
    if let Some(bindir) = std::env::var_os("POINTSMAN_PG_BINDIR").filter(|value| !value.is_empty()) {
        return vec![bindir.into()];
    }
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    folders.retain(|folder| folder.join("postgres").is_file());
    folders.dedup();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_postgres_prints_them() {
        assert_eq!(
            major_of("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("something else"), None);
    }
}
