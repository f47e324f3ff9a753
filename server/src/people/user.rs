//! `pointsman user`.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use pointsman_domain::people::Role;
use pointsman_domain::people::form::UserForm;
use pointsman_domain::people::read::UserSummary;
use pointsman_domain::time::format_moment;

use super::open::Beside;
use super::table::{joined, say};
use super::{Because, Format, password};

/// What `pointsman user` can be told.
#[derive(Debug, Clone, Args)]
pub struct UserArgs {
    #[command(flatten)]
    beside: Beside,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, Subcommand)]
enum Verb {
    /// Make an account; its password is asked for, or is the first line of standard input
    Add(AddArgs),
    /// List all accounts
    List(Format),
    /// Set what somebody is
    Role {
        /// Who
        name: String,
        /// viewer, engineer, manager or admin
        role: Role,
        #[command(flatten)]
        because: Because,
    },
    /// Keep somebody out, without forgetting them; their tokens don't work meanwhile
    Disable {
        /// Who
        name: String,
        #[command(flatten)]
        because: Because,
    },
    /// Let somebody in again
    Enable {
        /// Who
        name: String,
        #[command(flatten)]
        because: Because,
    },
    /// Set somebody's password, which is asked for, or is the first line of standard input
    Password {
        /// Who
        name: String,
        #[command(flatten)]
        because: Because,
    },
    /// Sign somebody out everywhere
    EndSessions {
        /// Who
        name: String,
        #[command(flatten)]
        because: Because,
    },
}

#[derive(Debug, Clone, Args)]
struct AddArgs {
    /// What they sign in with
    name: String,
    /// viewer, engineer, manager or admin
    #[arg(long, default_value_t = Role::Viewer)]
    role: Role,
    /// How pages call them; without it, by their name
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
    display_name: String,
    /// Where mail reaches them
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ADDRESS")]
    email: String,
    /// Ask for no password: until they get one, they can't sign in
    #[arg(long)]
    no_password: bool,
    #[command(flatten)]
    because: Because,
}

impl UserArgs {
    pub(super) async fn run(self) -> Result<()> {
        let use_cases = self.beside.use_cases().await?;
        match self.verb {
            Verb::Add(args) => {
                let form = UserForm {
                    password: if args.no_password {
                        String::new()
                    } else {
                        password::read().await?
                    },
                    name: args.name,
                    display_name: args.display_name,
                    email: args.email,
                    role: args.role,
                };
                use_cases.people().create_user(&form, &args.because.reason).await?;
                say(&format!("Made the account {} ({}).", form.name, form.role))
            }
            Verb::List(format) => {
                let heads = ["NAME", "ROLE", "TEAMS", "STATE", "LAST SEEN", "DISPLAY NAME", "EMAIL"];
                format.write(&use_cases.people().users().await?, heads, row)
            }
            Verb::Role { name, role, because } => {
                use_cases.people().set_role(&name, role, &because.reason).await?;
                say(&format!("{name} has the role {role} now, and is signed out."))
            }
            Verb::Disable { name, because } => {
                use_cases.people().set_disabled(&name, true, &because.reason).await?;
                say(&format!("{name} is disabled and signed out."))
            }
            Verb::Enable { name, because } => {
                use_cases.people().set_disabled(&name, false, &because.reason).await?;
                say(&format!("{name} is enabled."))
            }
            Verb::Password { name, because } => {
                let password = password::read().await?;
                if password.is_empty() {
                    bail!("no password was given; nothing was changed");
                }
                use_cases
                    .people()
                    .set_password(&name, &password, &because.reason)
                    .await?;
                say(&format!("{name} has a new password, and is signed out."))
            }
            Verb::EndSessions { name, because } => {
                use_cases.people().end_sessions(&name, &because.reason).await?;
                say(&format!("{name} is signed out everywhere."))
            }
        }
    }
}

fn row(user: &UserSummary) -> [String; 7] {
    let state = match (user.disabled, user.has_password, user.from_oidc) {
        (true, ..) => "disabled",
        (_, false, false) => "no password",
        (_, false, true) => "identity provider",
        (_, true, _) => "password",
    };
    [
        user.name.to_string(),
        user.role.to_string(),
        joined(&user.teams),
        state.to_owned(),
        user.last_seen_ns.map_or_else(|| "-".to_owned(), format_moment),
        user.display_name.to_string(),
        user.email.to_string(),
    ]
}
