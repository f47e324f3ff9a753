//! What the demo's shop promises: made through the command line of the same program, as anybody would, from OpenSLO documents.

use crate::cli::Cli;

/// The documents. Members come before what is made of them.
const DOCUMENTS: &str = include_str!("promises.yaml");
/// Why, as the audit says.
const REASON: &str = "the demo promises what a shop would";

/// Makes the objectives where there are none yet; whoever has changed some meant to.
pub async fn prepare(database: &str) -> anyhow::Result<()> {
    let cli = Cli { database };
    if cli.run(&["slo", "list", "--json"], "").await?.trim() == "[]" {
        cli.tell(&["slo", "import", "-"], REASON, DOCUMENTS).await?;
    }
    Ok(())
}
