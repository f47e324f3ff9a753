//! A private server through its life, with a real PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use pointsman_localpg::{LocalPg, LocalPgError, LocalPgOptions};

fn options(data_dir: &Path) -> LocalPgOptions {
    LocalPgOptions {
        fsync: false,
        settings: vec![("shared_buffers".to_owned(), "16MB".to_owned())],
        ..LocalPgOptions::new(data_dir)
    }
}

/// Asks the server something with psql.
fn ask(url: &str, sql: &str) -> String {
    let output = Command::new("psql").args(["-XAtqc", sql, url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn starts_keeps_its_data_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = LocalPg::start(options(folder.path())).await.unwrap();
    ask(&server.url(), "create table kept (n int); insert into kept values (42)");
    assert_eq!(ask(&server.url(), "show listen_addresses"), "");
    assert_eq!(ask(&server.url(), "show shared_buffers"), "16MB");
    let home = folder.path().join("postgres");
    assert_eq!(std::fs::metadata(&home).unwrap().permissions().mode() & 0o777, 0o700);

    let second = LocalPg::start(options(folder.path())).await.unwrap_err();
    let own = std::process::id().to_string();
    assert!(
        matches!(&second, LocalPgError::InUse { pid, .. } if *pid == own),
        "{second}"
    );

    server.stop().await.unwrap();
    let again = LocalPg::start(options(folder.path())).await.unwrap();
    assert_eq!(ask(&again.url(), "select n from kept"), "42");
    again.stop().await.unwrap();
    assert!(!LocalPg::stop_left_over(folder.path()).await.unwrap());
}

#[tokio::test]
async fn takes_over_the_server_that_a_killed_process_left() {
    let folder = tempfile::tempdir().unwrap();
    let first = LocalPg::start(options(folder.path())).await.unwrap();
    let pid = first.pid().unwrap();
    // What is left of a killed process: a running server and a lock that nobody holds.
    drop(first);
    let second = LocalPg::start(options(folder.path())).await.unwrap();
    assert_eq!(second.pid(), Some(pid));
    assert_eq!(ask(&second.url(), "select 1"), "1");
    drop(second);
    assert!(LocalPg::stop_left_over(folder.path()).await.unwrap());
}

#[tokio::test]
async fn recovers_when_the_server_itself_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let first = LocalPg::start(options(folder.path())).await.unwrap();
    ask(&first.url(), "create table kept (n int)");
    ask(&first.url(), "checkpoint");
    let pid = first.pid().unwrap().to_string();
    assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    drop(first);
    let second = LocalPg::start(options(folder.path())).await.unwrap();
    assert_ne!(second.pid().unwrap().to_string(), pid);
    assert_eq!(ask(&second.url(), "select count(*) from kept"), "0");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_of_another_program_does_not_keep_it_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let server = LocalPg::start(options(folder.path())).await.unwrap();
    server.stop().await.unwrap();
    let pid_file = folder.path().join("postgres/data/postmaster.pid");
    let stale = format!("{}\n/elsewhere\n1\n5432\n/run\n\n 1 2\nready\n", std::process::id());
    std::fs::write(pid_file, stale).unwrap();
    let again = LocalPg::start(options(folder.path())).await.unwrap();
    assert_eq!(ask(&again.url(), "select 1"), "1");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_half_made_cluster_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("postgres");
    for half in ["data", "data.new"] {
        std::fs::create_dir_all(home.join(half)).unwrap();
        std::fs::write(home.join(half).join("something"), "").unwrap();
    }
    let server = LocalPg::start(options(folder.path())).await.unwrap();
    assert_eq!(ask(&server.url(), "select 1"), "1");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_long_path_gets_a_short_socket() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder
        .path()
        .join("a folder with a long name ".repeat(3))
        .join("and another ".repeat(3));
    std::fs::create_dir_all(&long).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let server = LocalPg::start(options(&long)).await.unwrap();
    assert_eq!(ask(&server.url(), "select 1"), "1");
    server.stop().await.unwrap();
}
