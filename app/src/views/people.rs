//! People in words: roles, tokens, browsers, and why a sign-in failed.

use pointsman_domain::Text;
use pointsman_domain::people::{Action, Role, Scope, Services};

use crate::format::list;

/// A role as one says it.
pub fn role_word(role: Role) -> &'static str {
    role.word()
}

/// What a role lets one do, to stand after its word.
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Viewer => "can read",
        Role::Engineer => "can read, and edit what their teams own",
        Role::Manager => "can read, including SLAs",
        Role::Admin => "can do everything",
    }
}

/// All roles, to choose from.
pub fn role_options() -> Vec<(String, String)> {
    let option = |role: &Role| (role.word().to_owned(), format!("{role}: {}", role_words(*role)));
    Role::ALL.iter().map(option).collect()
}

/// What a scope lets a program do.
pub fn scope_words(scope: Scope) -> &'static str {
    match scope {
        Scope::Ingest => "send telemetry",
        Scope::Read => "read what the console shows",
    }
}

/// `ingest, read`.
pub fn scopes(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(", ")
}

/// `send telemetry and read what the console shows`.
pub fn scopes_words(scopes: &[Scope]) -> String {
    list(scopes.iter().copied().map(scope_words))
}

/// `all services`, or their names.
pub fn services(services: &Services) -> String {
    match services {
        Services::All => "all services".to_owned(),
        Services::Named(names) => names.iter().map(Text::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// What was done, as the audit's table says it.
pub fn action_words(action: Action) -> &'static str {
    match action {
        Action::SignIn => "sign in",
        Action::SignOut => "sign out",
        Action::SetUp => "first set-up",
        Action::OwnAccount => "own account",
        Action::EditService => "edit a service",
        Action::AssignService => "assign a service",
        Action::EditTeam => "edit a team",
        Action::EditUser => "edit an account",
        Action::CreateToken => "create a token",
        Action::RevokeToken => "revoke a token",
        Action::EditObjective => "edit an SLO",
        Action::EditExclusion => "edit exclusions",
        Action::AckAlert => "acknowledge an alert",
        Action::Silence => "silence alerts",
        Action::EditChannels => "edit a channel",
        Action::EditPolicy => "set a budget policy",
        Action::ClosePeriods => "close a period",
        Action::MakeReports => "make a report",
        other => other.word(),
    }
}

/// A browser as one says it (`Firefox on Linux`), from how it names itself; that itself where it is none that is known.
pub fn browser(agent: &str) -> String {
    // The more particular first: most name those that they are like, too.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, word)| *word)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if agent.trim().is_empty() => "unknown browser".to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}

/// What the sign-in page says for a code in its URL. Nothing of the URL itself is shown: anybody can write one.
pub fn sign_in_problem(code: &str, minutes: Option<&str>) -> Option<String> {
    let sentence = match code {
        "too-many" => {
            let minutes = minutes.and_then(|minutes| minutes.parse::<u32>().ok());
            let minutes = minutes.filter(|minutes| (1..=60).contains(minutes)).unwrap_or(15);
            return Some(format!("Too many attempts. Try again in {minutes} min."));
        }
        "wrong" => "The name or the password is wrong.",
        "no-role" => "The identity provider knows you, but none of your groups has a role here. Ask an admin.",
        "no-groups" => {
            "The identity provider knows you, but did not say which groups you are in, so you have no role here. Ask an admin: the server log says what is \
             missing."
        }
        "expired" => "The sign-in took too long, or was started in another browser. Start again.",
        "provider" => {
            "The identity provider could not be reached, or its answer could not be verified. Try again; the server log has the reason."
        }
        "unavailable" => "The database can't be reached. Try again in a moment.",
        _ => return None,
    };
    Some(sentence.to_owned())
}

/// What the set-up page says for a code in its URL.
pub fn setup_problem(code: &str) -> Option<&'static str> {
    Some(match code {
        "too-many" => "Too many attempts. Try again in 15 minutes.",
        "name" => "The name takes up to 128 letters, digits and . - _ @ +, and must be free.",
        "display_name" | "display-name" => "The display name takes at most 100 characters.",
        "password" => "The password takes 12 to 256 characters; a passphrase works well.",
        "unavailable" => "The database can't be reached. Try again in a moment.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_one_says_it() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("", "unknown browser"),
            ("a tool", "a tool"),
        ] {
            assert_eq!(browser(agent), words);
        }
    }

    #[test]
    fn nothing_of_a_url_is_shown() {
        let too_many = |minutes| sign_in_problem("too-many", Some(minutes)).unwrap_or_default();
        assert_eq!(too_many("7"), "Too many attempts. Try again in 7 min.");
        assert_eq!(too_many("7 <b>"), "Too many attempts. Try again in 15 min.");
        assert_eq!(sign_in_problem("Call 555-1234 to unlock", None), None);
    }
}
