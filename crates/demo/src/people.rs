//! The demo's accounts, one of each role, and its teams: made through the command line of the same program, as anybody would.
//! Passwords are random, new at each start, and nowhere but on the terminal.

use anyhow::Context;
use rand::Rng;
use serde::Deserialize;

use crate::cli::Cli;

/// Why, as the audit says.
const REASON: &str = "the demo has one account of each role";

/// Each with its name, its role and how pages call it.
const ACCOUNTS: [(&str, &str, &str); 4] = [
    ("viewer", "viewer", "Vera Viewer"),
    ("engineer", "engineer", "Emil Engineer"),
    ("manager", "manager", "Mina Manager"),
    ("admin", "admin", "Ada Admin"),
];

/// Each with its name, its title, who is in it and what it owns. One service is left to nobody, so that there is one to give.
const TEAMS: [(&str, &str, &[&str], &[&str]); 2] = [
    ("payments-team", "Payments", &["engineer"], &["payments"]),
    (
        "shop-team",
        "Shop",
        &[],
        &["storefront", "catalog", "cart", "pricing", "checkout", "shipping"],
    ),
];

/// Without those that are easily mistaken for others.
const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// An account, as it is told on the terminal.
pub struct Account {
    /// What one signs in with.
    pub name: &'static str,
    /// What one is.
    pub role: &'static str,
    /// The password of this run.
    pub password: String,
}

/// What the token of the shop's services is called.
const TOKEN: &str = "shop";

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Numbered {
    id: i64,
    name: String,
    owner: Option<String>,
}

/// Makes the accounts and teams that are not there yet, gives all accounts new passwords, and answers them.
pub async fn prepare(database: &str) -> anyhow::Result<Vec<Account>> {
    let cli = Cli { database };
    let users = names(&cli, "user").await?;
    let mut accounts = Vec::new();
    for (name, role, called) in ACCOUNTS {
        let password = password();
        if users.iter().any(|user| user == name) {
            cli.tell(&["user", "password", name], REASON, &password).await?;
        } else {
            let add = ["user", "add", name, "--role", role, "--display-name", called];
            cli.tell(&add, REASON, &password).await?;
        }
        accounts.push(Account { name, role, password });
    }
    let teams = names(&cli, "team").await?;
    for (team, title, members, services) in TEAMS {
        // Whoever has changed one that is there meant to.
        if teams.iter().any(|name| name == team) {
            continue;
        }
        cli.tell(&["team", "add", team, "--title", title], REASON, "").await?;
        for member in members {
            cli.tell(&["team", "join", team, member], REASON, "").await?;
        }
        for service in services {
            cli.tell(&["team", "own", team, service], REASON, "").await?;
        }
    }
    Ok(accounts)
}

/// A token for the shop's services, for where telemetry is not taken without; those of earlier runs end.
pub async fn shop_token(database: &str) -> anyhow::Result<String> {
    let cli = Cli { database };
    let listed = cli.run(&["token", "list", "--json"], "").await?;
    let tokens: Vec<Numbered> = serde_json::from_str(&listed).context("can't read the list of tokens")?;
    for old in tokens
        .iter()
        .filter(|token| token.name == TOKEN && token.owner.is_none())
    {
        cli.tell(&["token", "revoke", &old.id.to_string()], REASON, "").await?;
    }
    let secret = cli
        .run(&["token", "create", TOKEN, "--scope", "ingest", "--days", "30"], "")
        .await?;
    Ok(secret.trim().to_owned())
}

/// The names that `pointsman user list` or `team list` gives.
async fn names(cli: &Cli<'_>, what: &str) -> anyhow::Result<Vec<String>> {
    let listed = cli.run(&[what, "list", "--json"], "").await?;
    let named: Vec<Named> = serde_json::from_str(&listed).with_context(|| format!("can't read the list of {what}s"))?;
    Ok(named.into_iter().map(|named| named.name).collect())
}

/// The accounts as a table for the terminal.
pub fn table(accounts: &[Account]) -> String {
    let row = |name: &str, role: &str, password: &str| format!("    {name:<10} {role:<10} {password}\n");
    let rows = accounts
        .iter()
        .map(|account| row(account.name, account.role, &account.password));
    std::iter::once(row("Name", "Role", "Password")).chain(rows).collect()
}

/// Four groups of five: about 100 bits.
fn password() -> String {
    let mut random = rand::rng();
    let mut group = || -> String {
        let letters = (0..5).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]));
        letters.collect()
    };
    [group(), group(), group(), group()].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_differ_and_are_long_enough() {
        let (one, other) = (password(), password());
        assert_ne!(one, other);
        assert_eq!(one.len(), 23);
    }

    #[test]
    fn the_table_names_each_account() {
        let accounts = [Account {
            name: "admin",
            role: "admin",
            password: "abcde-fghij".to_owned(),
        }];
        assert_eq!(
            table(&accounts),
            "    Name       Role       Password\n    admin      admin      abcde-fghij\n"
        );
    }
}
