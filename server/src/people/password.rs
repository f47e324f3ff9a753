//! Where a password comes from: a prompt on a terminal, else the first line of standard input. Never an argument, which other users of the
//! machine can see.

use std::io::{IsTerminal, stdin};

use anyhow::{Context, Result, bail};
use tokio::task::spawn_blocking;

/// Reads a password; empty where none was given.
pub async fn read() -> Result<String> {
    spawn_blocking(|| if stdin().is_terminal() { ask() } else { line() }).await?
}

fn ask() -> Result<String> {
    let password = prompt("Password (empty for none): ")?;
    if !password.is_empty() && prompt("Once more: ")? != password {
        bail!("the two are not the same; nothing was changed");
    }
    Ok(password)
}

fn prompt(text: &str) -> Result<String> {
    rpassword::prompt_password(text).context("can't read a password from the terminal")
}

fn line() -> Result<String> {
    let mut line = String::new();
    stdin()
        .read_line(&mut line)
        .context("can't read a password from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
