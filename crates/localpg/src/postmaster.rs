//! What is known of a running server from its `postmaster.pid` and from the system.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::kill;
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use crate::error::{Context, LocalPgError};
use crate::home::Home;

/// How long a server may take to recover after a crash, or to shut down.
const PATIENCE: Duration = Duration::from_secs(300);

/// What `postmaster.pid` says, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    ready: bool,
}

fn read(home: &Home) -> Option<PidFile> {
    let text = std::fs::read_to_string(home.data.join("postmaster.pid")).ok()?;
    parse(&text)
}

/// Line 1 is the process, line 8 its state.
fn parse(text: &str) -> Option<PidFile> {
    let pid = text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 1)?;
    let state = text.lines().nth(7).unwrap_or_default().trim();
    Some(PidFile {
        pid,
        ready: state == "ready",
    })
}

/// The process of the server that runs on this home, where one does.
pub(crate) fn running(home: &Home) -> Option<u32> {
    let file = read(home)?;
    is_ours(file.pid, home).then_some(file.pid.unsigned_abs())
}

/// All processes of a server have its data folder as their working folder. Where the system does not show that, a live
/// process with the right number has to do.
fn is_ours(pid: i32, home: &Home) -> bool {
    if Path::new("/proc/self/cwd").exists() {
        works_in(&pid.to_string(), home)
    } else {
        kill(Pid::from_raw(pid), None).is_ok()
    }
}

fn works_in(pid: &str, home: &Home) -> bool {
    let real = std::fs::canonicalize(&home.data);
    let cwd = std::fs::read_link(format!("/proc/{pid}/cwd"));
    matches!((real, cwd), (Ok(real), Ok(cwd)) if real == cwd)
}

/// Whether any process, be it one that a killed server left behind, still works in the cluster.
fn any_left(home: &Home) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return false;
    };
    processes.flatten().any(|process| {
        let name = process.file_name();
        name.to_str()
            .is_some_and(|pid| pid.bytes().all(|b| b.is_ascii_digit()) && works_in(pid, home))
    })
}

/// Waits until a server that runs already is ready (true), or until there is none (false).
///
/// Files whose number now belongs to another program (as happens when a container starts again) are removed, once no process is left
/// in the cluster.
pub(crate) async fn settle(home: &Home) -> Result<bool, LocalPgError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match read(home) {
            Some(file) if file.ready && is_ours(file.pid, home) => return Ok(true),
            Some(file) if is_ours(file.pid, home) => {}
            found if !any_left(home) => {
                remove_left_overs(home, found.map(|file| file.pid))?;
                return Ok(false);
            }
            _ => {}
        }
        wait(deadline, home, "settle").await?;
    }
}

/// Pid files name a process by its number alone, and PostgreSQL refuses to start over one whose number is taken. (A process
/// that was killed and that nobody has reaped takes its number too.)
fn remove_left_overs(home: &Home, pid: Option<i32>) -> Result<(), LocalPgError> {
    let mut files = vec![
        home.socket.join(".s.PGSQL.5432.lock"),
        home.socket.join(".s.PGSQL.5432"),
    ];
    // Where the number is free, PostgreSQL itself does better: it looks for shared memory that is still in use.
    if pid.is_some_and(|pid| kill(Pid::from_raw(pid), None).is_ok()) {
        files.push(home.data.join("postmaster.pid"));
    }
    for path in files.iter().filter(|path| path.exists()) {
        std::fs::remove_file(path).context("remove", path)?;
    }
    Ok(())
}

async fn wait(deadline: Instant, home: &Home, what: &'static str) -> Result<(), LocalPgError> {
    if Instant::now() >= deadline {
        return Err(LocalPgError::Late {
            home: home.root.clone(),
            what,
            seconds: PATIENCE.as_secs(),
        });
    }
    sleep(Duration::from_millis(50)).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_file_tells_process_and_state() {
        let text = "4711\n/data\n1790000000\n5432\n/run\n\n  1 2\nready   \n";
        let expected = PidFile { pid: 4711, ready: true };
        assert_eq!(parse(text), Some(expected));
        assert_eq!(parse("4711\n/data\n").map(|file| file.ready), Some(false));
        assert_eq!(parse(""), None);
        assert_eq!(parse("-1\n"), None);
    }
}
