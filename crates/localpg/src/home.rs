//! Where the server's files are, and the lock that keeps two processes from using one server.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::error::{Context, LocalPgError};
use crate::owner::Owner;

/// The longest socket path that the system takes is 107 bytes; PostgreSQL adds `/.s.PGSQL.5432` and, for its lock, `.lock`.
const MAX_SOCKET_FOLDER: usize = 107 - "/.s.PGSQL.5432.lock".len();

/// Where homes lie that can't be in their data folder.
const ELSEWHERE: &str = "/var/lib/pointsman";

/// The folders of one server.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    /// All of it; private to the owner.
    pub(crate) root: PathBuf,
    /// The cluster.
    pub(crate) data: PathBuf,
    /// The folder of the socket.
    pub(crate) socket: PathBuf,
    /// What the server writes.
    pub(crate) log: PathBuf,
}

impl Home {
    /// Finds or makes the home for a data folder, which must be absolute, exist and be locked.
    pub(crate) fn prepare(data_dir: &Path, owner: &Owner) -> Result<Self, LocalPgError> {
        let place = data_dir.join("postgres");
        let linked = std::fs::symlink_metadata(&place).is_ok_and(|found| found.is_symlink());
        if !linked && owner.other {
            // The data folder is ours: opening it for passing through shows nothing of what is in it.
            let mode = std::fs::metadata(data_dir)
                .context("look at", data_dir)?
                .permissions()
                .mode();
            std::fs::set_permissions(data_dir, std::fs::Permissions::from_mode(mode | 0o111))
                .context("change the mode of", data_dir)?;
        }
        let root = if linked || !owner.can_reach(data_dir) {
            let elsewhere = Path::new(ELSEWHERE).join(short_name(data_dir));
            tracing::info!(home = %elsewhere.display(), "PostgreSQL's user can't enter the data folder; its files are elsewhere");
            owner.private_folder(&elsewhere)?;
            if !linked {
                symlink(&elsewhere, &place).context("link", &place)?;
            }
            elsewhere
        } else {
            owner.private_folder(&place)?;
            place
        };
        let home = Self::at(root);
        owner.private_folder(&home.socket)?;
        Ok(home)
    }

    /// The home that an earlier start has made, if there is one.
    pub(crate) fn existing(data_dir: &Path) -> Option<Self> {
        let root = std::fs::canonicalize(data_dir.join("postgres")).ok()?;
        Some(Self::at(root))
    }

    fn at(root: PathBuf) -> Self {
        let mut socket = root.join("run");
        if socket.as_os_str().len() > MAX_SOCKET_FOLDER {
            socket = std::env::temp_dir().join(format!("pointsman-{}", short_name(&root)));
        }
        Self {
            data: root.join("data"),
            log: root.join("server.log"),
            socket,
            root,
        }
    }

    /// The version that made the cluster, where there is a complete one.
    pub(crate) fn made_by(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.data.join("PG_VERSION")).ok()?;
        text.trim().parse().ok()
    }
}

/// A short name for a path that is the same at every start.
fn short_name(path: &Path) -> String {
    // FNV-1a: the standard library's own hasher may change between releases, and this name must not.
    let hash = path
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// Held as long as this process uses the server; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "closing the file releases the lock")] File);

impl Lock {
    /// Takes the lock of a data folder, or says who has it.
    pub(crate) fn take(data_dir: &Path) -> Result<Self, LocalPgError> {
        let path = data_dir.join("postgres.lock");
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .context("open", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = std::fs::read_to_string(&path).unwrap_or_default();
                let pid = Some(pid.trim()).filter(|pid| !pid.is_empty()).unwrap_or("(unknown)");
                return Err(LocalPgError::InUse {
                    data_dir: data_dir.to_owned(),
                    pid: pid.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(error).context("lock", &path),
        }
        file.set_len(0).context("write", &path)?;
        writeln!(file, "{}", std::process::id()).context("write", &path)?;
        Ok(Self(file))
    }
}
