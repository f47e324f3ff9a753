//! `pointsman user`, `team` and `token`: the use cases about people for whoever has the database at hand, without the console.
//!
//! ```text
//! arguments --> use cases of the operator --> the same rules and the same audit as the console's
//! ```

pub(crate) mod open;
mod password;
pub(crate) mod table;
mod team;
mod token;
mod user;

use anyhow::Result;
use clap::Args;

pub use team::TeamArgs;
pub use token::TokenArgs;
pub use user::UserArgs;

/// Why something is done.
#[derive(Debug, Clone, Args)]
pub(crate) struct Because {
    /// Why: the audit keeps it
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Format {
    /// Write JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// Makes, lists and changes accounts.
pub async fn user(args: UserArgs) -> Result<()> {
    args.run().await
}

/// Makes, lists and changes teams.
pub async fn team(args: TeamArgs) -> Result<()> {
    args.run().await
}

/// Makes, lists and ends tokens.
pub async fn token(args: TokenArgs) -> Result<()> {
    args.run().await
}
