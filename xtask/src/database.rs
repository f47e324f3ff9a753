//! Chores around PostgreSQL.

use anyhow::Context;
use pointsman_localpg::{LocalPg, LocalPgOptions};

use crate::command::{cargo, command, find, run, say};
use crate::workspace::{root, target};

fn block_on<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("start a runtime")?;
    Ok(runtime.block_on(work))
}

/// Stops the server that `pointsman-testing` leaves running between runs of tests. The folder's name is that crate's.
pub fn stop_test_server() -> anyhow::Result<()> {
    if block_on(LocalPg::stop_left_over(&target().join("test-postgres")))?? {
        say("stopped the tests' PostgreSQL");
    }
    Ok(())
}

/// Writes what `query!` needs to be checked without a database: with a private server, migrated by psql.
pub fn sqlx_prepare() -> anyhow::Result<()> {
    let psql = find("psql").context("there is no psql; install postgresql-client")?;
    let folder = target().join("sqlx-postgres");
    if folder.exists() {
        block_on(LocalPg::stop_left_over(&folder))??;
        std::fs::remove_dir_all(&folder).context("remove the last run's server")?;
    }
    let options = LocalPgOptions {
        fsync: false,
        ..LocalPgOptions::new(&folder)
    };
    let server = block_on(LocalPg::start(options))??;
    let url = server.url();
    let prepared = migrate(&psql, &url).and_then(|()| check_queries(&url));
    block_on(server.stop())??;
    prepared
}

fn migrate(psql: &std::path::Path, url: &str) -> anyhow::Result<()> {
    let mut migrations: Vec<_> = std::fs::read_dir(root().join("migrations"))?
        .flatten()
        .map(|file| file.path())
        .collect();
    migrations.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    migrations.sort();
    for migration in migrations {
        let strict = [
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set",
            "ON_ERROR_STOP=1",
            "--file",
        ];
        run(command(psql).args(strict).arg(migration).arg(url))?;
    }
    Ok(())
}

fn check_queries(url: &str) -> anyhow::Result<()> {
    let answers = root().join(".sqlx");
    if answers.exists() {
        // So that answers to queries that are gone go too.
        std::fs::remove_dir_all(&answers).context("empty .sqlx")?;
    }
    std::fs::create_dir_all(&answers).context("make .sqlx")?;
    // The macros write as they are expanded, so the crate has to be compiled anew.
    let source = std::fs::File::options()
        .append(true)
        .open(root().join("crates/store/src/lib.rs"))?;
    source.set_modified(std::time::SystemTime::now())?;
    let mut check = cargo(&["check", "--package", "pointsman-store", "--all-targets"]);
    check
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &answers)
        .env("DATABASE_URL", url);
    run(&mut check)
}
