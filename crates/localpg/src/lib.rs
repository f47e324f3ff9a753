//! A private PostgreSQL, made of the machine's own programs, for a Pointsman that was given no database.
//!
//! It stands beside the pipeline: `server` starts it when there is no `DATABASE_URL`, the tests start one for themselves.
//! It knows no schema; it hands out a URL.
//!
//! ```text
//! DATA_DIR/postgres.lock        held by the process that uses the server; names its pid
//! DATA_DIR/postgres/            the server's home, 0700, owned by the user that runs PostgreSQL
//!     data/                     the cluster (made as data.new, renamed when complete)
//!     run/                      the Unix socket; a short folder under the system's temporary one where the path is too long
//!     server.log
//! ```
//!
//! **Who can reach it.** There is no TCP port. The socket lies in a folder with mode 0700, and PostgreSQL lets in by *peer*
//! authentication only the two users concerned: the one that started Pointsman and the one that PostgreSQL runs as. So no
//! password is stored anywhere, and another user of the machine gets in neither by the folder nor by the database.
//!
//! **Root.** PostgreSQL refuses to run as root. There it runs as the user `postgres`, or `nobody` where there is none. That user must be
//! able to pass through the folders above its home. Where it can't (a data folder under `/root`, say), the home lies in
//! `/var/lib/pointsman/` and `DATA_DIR/postgres` is a link to it.
//!
//! **Crashes.** The server runs in a session of its own and goes on when the process that started it is killed. The next
//! start finds it alive and takes it over. A cluster that was only half made is thrown away and made again.

mod cluster;
mod config;
mod error;
mod home;
mod owner;
mod postmaster;
mod programs;
mod server;

pub use error::LocalPgError;
pub use programs::{MIN_MAJOR, is_installed};
pub use server::{LocalPg, LocalPgOptions};
