//! `pointsman team`.

use anyhow::Result;
use clap::{Args, Subcommand};
use pointsman_domain::people::read::TeamSummary;

use super::open::Beside;
use super::table::{joined, say};
use super::{Because, Format};

/// What `pointsman team` can be told.
#[derive(Debug, Clone, Args)]
pub struct TeamArgs {
    #[command(flatten)]
    beside: Beside,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, Subcommand)]
enum Verb {
    /// Make a team
    Add {
        /// Its name in URLs: lower-case letters, digits and hyphens
        name: String,
        /// How pages call it; without it, by its name
        #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
        title: String,
        #[command(flatten)]
        because: Because,
    },
    /// List all teams
    List(Format),
    /// Change how pages call a team
    Rename {
        /// Which team
        name: String,
        /// How pages call it from now on
        title: String,
        #[command(flatten)]
        because: Because,
    },
    /// Remove a team; what it owned has no owner then
    Remove {
        /// Which team
        name: String,
        #[command(flatten)]
        because: Because,
    },
    /// Put somebody in a team
    Join {
        /// Which team
        team: String,
        /// Who
        user: String,
        #[command(flatten)]
        because: Because,
    },
    /// Take somebody out of a team
    Leave {
        /// Which team
        team: String,
        /// Who
        user: String,
        #[command(flatten)]
        because: Because,
    },
    /// Give a service to a team
    Own {
        /// Which team
        team: String,
        /// Which service
        service: String,
        #[command(flatten)]
        because: Because,
    },
    /// Take a service from the team that owns it
    Disown {
        /// Which service
        service: String,
        #[command(flatten)]
        because: Because,
    },
}

impl TeamArgs {
    pub(super) async fn run(self) -> Result<()> {
        let use_cases = self.beside.use_cases().await?;
        match self.verb {
            Verb::Add { name, title, because } => {
                use_cases.people().create_team(&name, &title, &because.reason).await?;
                say(&format!("Made the team {name}."))
            }
            Verb::List(format) => {
                let heads = ["NAME", "TITLE", "MEMBERS", "SERVICES"];
                format.write(&use_cases.people().teams().await?.teams, heads, row)
            }
            Verb::Rename { name, title, because } => {
                use_cases.people().rename_team(&name, &title, &because.reason).await?;
                say(&format!("Pages call the team {name} {title} now."))
            }
            Verb::Remove { name, because } => {
                use_cases.people().remove_team(&name, &because.reason).await?;
                say(&format!("Removed the team {name}."))
            }
            Verb::Join { team, user, because } => {
                use_cases.people().add_member(&team, &user, &because.reason).await?;
                say(&format!("{user} is in the team {team} now."))
            }
            Verb::Leave { team, user, because } => {
                use_cases.people().remove_member(&team, &user, &because.reason).await?;
                say(&format!("{user} is not in the team {team} any more."))
            }
            Verb::Own { team, service, because } => {
                use_cases
                    .people()
                    .assign_service(&service, Some(&team), &because.reason)
                    .await?;
                say(&format!("{service} belongs to the team {team} now."))
            }
            Verb::Disown { service, because } => {
                use_cases
                    .people()
                    .assign_service(&service, None, &because.reason)
                    .await?;
                say(&format!("{service} belongs to no team now."))
            }
        }
    }
}

fn row(team: &TeamSummary) -> [String; 4] {
    [
        team.name.to_string(),
        team.title.to_string(),
        team.members.to_string(),
        joined(&team.services),
    ]
}
