//! Watches the disk that the private PostgreSQL lies on, so that telemetry is refused while there is still room to work off what waits: of a
//! disk that is full nothing can even be deleted. Another database's disk can't be seen from here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::statvfs::statvfs;
use pointsman_store::Store;
use tokio_util::sync::CancellationToken;

const PERIOD: Duration = Duration::from_secs(2);

/// Tells the journal, until it is time to stop, whether fewer than `least` bytes are free.
pub fn watch(store: &Store, folder: &Path, least: u64, stop: CancellationToken) {
    let (store, folder) = (store.clone(), folder.to_owned());
    tokio::spawn(async move {
        let mut was_short = false;
        loop {
            let found = free(folder.clone()).await;
            let is_short = found.is_some_and(|free| free < least);
            store.journal().disk_is_short(is_short);
            if is_short != was_short {
                if is_short {
                    tracing::error!(
                        disk.free = found,
                        disk.least = least,
                        "the disk of the private PostgreSQL is almost full: telemetry is refused until there is room again"
                    );
                } else {
                    tracing::info!(disk.free = found, "there is room on the disk again");
                }
                was_short = is_short;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PERIOD) => {}
            }
        }
    });
}

/// Free bytes of the file system that a folder is on, for those who are not root; `None` where it can't be told.
async fn free(folder: PathBuf) -> Option<u64> {
    let asked = tokio::task::spawn_blocking(move || statvfs(&folder)).await;
    let found = asked.ok()?.ok()?;
    Some(found.blocks_available().saturating_mul(found.fragment_size()))
}
