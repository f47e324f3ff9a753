//! The house's own rules, those that neither the compiler nor clippy knows.

mod edges;
mod sources;
mod text;

use anyhow::bail;

use crate::command::{command, read, say};
use crate::workspace::root;

/// Checks all rules and names every breach, not only the first.
pub fn run() -> anyhow::Result<()> {
    say("tidy: crate edges, module docs, sizes, texts");
    let mut breaches = edges::check()?;
    for file in files()? {
        let Ok(content) = std::fs::read_to_string(root().join(&file)) else {
            continue; // An image, or deleted and not yet committed.
        };
        breaches.extend(
            sources::check(&file, &content)
                .into_iter()
                .map(|breach| format!("{file}: {breach}")),
        );
        breaches.extend(
            text::check(&file, &content)
                .into_iter()
                .map(|breach| format!("{file}: {breach}")),
        );
    }
    if breaches.is_empty() {
        return Ok(());
    }
    for breach in &breaches {
        eprintln!("{breach}");
    }
    bail!("tidy: {} breach(es) of the rules in xtask/src/tidy", breaches.len())
}

/// Every file that is, or could be, committed.
fn files() -> anyhow::Result<Vec<String>> {
    let listed = read(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    Ok(listed.lines().map(str::to_owned).collect())
}
