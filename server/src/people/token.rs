//! `pointsman token`.

use anyhow::Result;
use clap::{Args, Subcommand};
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::read::TokenSummary;
use pointsman_domain::people::{Scope, Services};
use pointsman_domain::time::format_moment;

use super::open::Beside;
use super::table::{joined, say};
use super::{Because, Format};

/// What `pointsman token` can be told.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    #[command(flatten)]
    beside: Beside,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, Subcommand)]
enum Verb {
    /// Make a token and write its secret to standard output: it is shown this once
    Create {
        /// What to call it: where it is used
        name: String,
        /// What it is for: ingest, read, or both with a comma between them
        #[arg(long, required = true, value_delimiter = ',', value_name = "SCOPE")]
        scope: Vec<Scope>,
        /// For which services, with commas between them; without it, for all
        #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
        service: Vec<String>,
        /// For how many days, 1 to 366
        #[arg(long, default_value_t = TokenForm::default().days, value_name = "N")]
        days: u32,
        #[command(flatten)]
        format: Format,
    },
    /// List all tokens, without their secrets
    List(Format),
    /// End a token
    Revoke {
        /// Its number, as the list shows it
        id: i64,
        #[command(flatten)]
        because: Because,
    },
}

impl TokenArgs {
    pub(super) async fn run(self) -> Result<()> {
        let use_cases = self.beside.use_cases().await?;
        match self.verb {
            Verb::Create {
                name,
                scope,
                service,
                days,
                format,
            } => {
                let form = TokenForm {
                    name,
                    scopes: scope,
                    services: service.join(","),
                    days,
                };
                let made = use_cases.people().create_token(&form).await?;
                if format.json {
                    return say(&serde_json::to_string_pretty(&made)?);
                }
                let ends = format_moment(made.token.expires_ns);
                eprintln!(
                    "Made the token {} ({}) for {}, until {ends}. Its secret is shown this once:",
                    made.token.name,
                    joined(&made.token.scopes),
                    services(&made.token)
                );
                say(&made.secret)
            }
            Verb::List(format) => {
                let heads = ["ID", "NAME", "OWNER", "SCOPES", "SERVICES", "ENDS", "LAST USED"];
                format.write(&use_cases.people().tokens().await?, heads, row)
            }
            Verb::Revoke { id, because } => {
                use_cases.people().revoke_token(id, &because.reason).await?;
                say(&format!("Ended the token {id}."))
            }
        }
    }
}

fn services(token: &TokenSummary) -> String {
    match &token.services {
        Services::All => "all services".to_owned(),
        Services::Named(names) => joined(&names.iter().collect::<Vec<_>>()),
    }
}

fn row(token: &TokenSummary) -> [String; 7] {
    [
        token.id.to_string(),
        token.name.to_string(),
        token.owner.as_ref().map_or("(command line)", |owner| owner).to_owned(),
        joined(&token.scopes),
        services(token),
        format_moment(token.expires_ns),
        token.last_used_ns.map_or_else(|| "-".to_owned(), format_moment),
    ]
}
