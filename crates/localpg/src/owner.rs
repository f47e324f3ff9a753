//! Who runs PostgreSQL: ourselves, or, where we are root, a user without rights.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use nix::unistd::{Uid, User, geteuid};
use tokio::process::Command;

use crate::error::{Context, LocalPgError};

/// The user that PostgreSQL runs as, and the one that we are.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    /// Runs PostgreSQL and owns its files.
    pub(crate) uid: u32,
    gid: u32,
    /// The names that PostgreSQL lets in: our own and the owner's.
    pub(crate) names: Vec<String>,
    /// Whether files have to be handed over and programs started as another user.
    pub(crate) other: bool,
}

impl Owner {
    /// Decides by who we are.
    pub(crate) fn choose() -> Result<Self, LocalPgError> {
        let known = |found: nix::Result<Option<User>>| found.ok().flatten();
        let me = geteuid();
        let own = known(User::from_uid(me));
        let user = if me.is_root() {
            known(User::from_name("postgres")).or_else(|| known(User::from_name("nobody")))
        } else {
            own.clone()
        };
        let user = user.ok_or(LocalPgError::NoUser)?;
        let mut names: Vec<String> = own.into_iter().map(|own| own.name).collect();
        names.push(user.name);
        names.dedup();
        Ok(Self {
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
            names,
            other: user.uid != me,
        })
    }

    /// A command that runs as this user, in a folder that it can enter, without the PG... variables of whoever called us.
    pub(crate) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(std::process::Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if self.other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes a folder (with those above it) that is this user's alone, or checks that it is.
    pub(crate) fn private_folder(&self, path: &Path) -> Result<(), LocalPgError> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).context("create", parent)?;
        }
        match std::fs::create_dir(path) {
            Ok(()) => self.hand_over(path)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).context("create", path),
        }
        let found = std::fs::symlink_metadata(path).context("look at", path)?;
        // Root may have made it just before it was stopped; then it is handed over now.
        if found.is_dir() && self.other && Uid::from_raw(found.uid()).is_root() {
            self.hand_over(path)?;
        } else if !found.is_dir() || found.uid() != self.uid {
            return Err(LocalPgError::NotPrivate {
                path: path.to_owned(),
                uid: self.uid,
            });
        }
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).context("protect", path)
    }

    /// Writes a file that is this user's.
    pub(crate) fn write(&self, path: &Path, text: &str) -> Result<(), LocalPgError> {
        std::fs::write(path, text).context("write", path)?;
        self.hand_over(path)
    }

    fn hand_over(&self, path: &Path) -> Result<(), LocalPgError> {
        if self.other {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid)).context("change the owner of", path)?;
        }
        Ok(())
    }

    /// Whether this user can pass through the folder and all above it.
    pub(crate) fn can_reach(&self, folder: &Path) -> bool {
        let passes = |folder: &Path| {
            std::fs::metadata(folder).is_ok_and(|found| {
                let shift = match (found.uid() == self.uid, found.gid() == self.gid) {
                    (true, _) => 6,
                    (false, true) => 3,
                    (false, false) => 0,
                };
                found.mode() >> shift & 1 == 1
            })
        };
        !self.other || folder.ancestors().all(passes)
    }
}
