//! Makes the cluster: under another name first, so that a half-made one is never taken for a whole one.

use std::path::Path;
use std::process::Output;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::error::{Context, LocalPgError};
use crate::home::Home;
use crate::owner::Owner;
use crate::programs::Programs;

/// Makes the cluster with an empty database of this name, unless it is there.
pub(crate) async fn ensure(
    home: &Home,
    owner: &Owner,
    programs: &Programs,
    fsync: bool,
    database: &str,
) -> Result<(), LocalPgError> {
    if home.made_by().is_some() {
        return Ok(());
    }
    for left_over in [&home.data, &home.data.with_extension("new")] {
        if left_over.exists() {
            std::fs::remove_dir_all(left_over).context("remove", left_over)?;
        }
    }
    tracing::info!(home = %home.root.display(), "making a private PostgreSQL");
    let new = home.data.with_extension("new");
    let mut initdb = owner.command(&programs.path("initdb"), &home.root);
    initdb.arg("--pgdata").arg(&new);
    initdb.args([
        "--username=postgres",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
    ]);
    if !fsync {
        initdb.arg("--no-sync");
    }
    run("initdb", initdb).await?;
    create_database(&new, home, owner, programs, database).await?;
    std::fs::rename(&new, &home.data).context("rename", &new)
}

/// Creates the database without a running server, so that it is there as soon as the cluster has its name.
async fn create_database(
    data: &Path,
    home: &Home,
    owner: &Owner,
    programs: &Programs,
    database: &str,
) -> Result<(), LocalPgError> {
    let program = programs.path("postgres");
    let mut single = owner.command(&program, &home.root);
    single.args(["--single", "-j", "-D"]).arg(data).arg("postgres");
    single.stdin(std::process::Stdio::piped());
    single
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped());
    let mut child = single.spawn().context("run", &program)?;
    if let Some(mut stdin) = child.stdin.take() {
        let statement = format!("CREATE DATABASE \"{}\"\n", database.replace('"', "\"\""));
        stdin
            .write_all(statement.as_bytes())
            .await
            .context("talk to", &program)?;
    }
    check(
        "postgres --single",
        child.wait_with_output().await.context("run", &program)?,
    )
}

/// Runs a program of PostgreSQL to its end.
pub(crate) async fn run(program: &'static str, mut command: Command) -> Result<(), LocalPgError> {
    let path = Path::new(command.as_std().get_program()).to_owned();
    check(program, command.output().await.context("run", &path)?)
}

fn check(program: &'static str, output: Output) -> Result<(), LocalPgError> {
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    Err(LocalPgError::Program {
        program,
        output: tail(&String::from_utf8_lossy(&said), 12),
    })
}

/// The last lines of a text.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
