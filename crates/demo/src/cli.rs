//! The command line of this program: how the demo makes what it needs in Pointsman, as anybody would.

use std::process::Stdio;

use anyhow::bail;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The command line of this program, beside the database of Pointsman.
pub(crate) struct Cli<'a> {
    pub(crate) database: &'a str,
}

impl Cli<'_> {
    /// Changes something; what is secret goes by standard input.
    pub(crate) async fn tell(&self, command: &[&str], reason: &str, secret: &str) -> anyhow::Result<()> {
        let command = [command, &["--reason", reason]].concat();
        self.run(&command, secret).await?;
        Ok(())
    }

    /// Runs a command and answers what it says.
    pub(crate) async fn run(&self, command: &[&str], input: &str) -> anyhow::Result<String> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(command)
            .env("DATABASE_URL", self.database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not ask has closed it; its exit status says how it went.
            let _ = stdin.write_all(format!("{input}\n").as_bytes()).await;
        }
        let output = child.wait_with_output().await?;
        if !output.status.success() {
            let what = command.iter().take(3).copied().collect::<Vec<_>>().join(" ");
            bail!(
                "`pointsman {what}` failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
