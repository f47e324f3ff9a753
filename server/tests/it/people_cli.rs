//! `pointsman user`, `team` and `token`, as an operator types them.

use std::process::{Output, Stdio};

use pointsman_control::people::SignInError;
use pointsman_domain::people::audit::{ActorKind, AuditQuery, Via};
use pointsman_domain::people::read::{NewToken, TeamSummary, TokenSummary, UserSummary};
use pointsman_domain::people::{Role, Scope, Services};
use pointsman_testing::TestDb;
use serde::de::DeserializeOwned;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use crate::people::People;
use crate::running::{PATIENCE, Setup, pointsman};

const PASSWORD: &str = "correct horse battery";

/// An operator at a terminal.
struct Operator {
    database: Vec<String>,
}

impl Operator {
    fn on(db: &TestDb) -> Self {
        Self {
            database: vec!["--database-url".to_owned(), db.url().to_owned()],
        }
    }

    /// Types a line, and gives this on standard input.
    async fn types(&self, line: &str, input: &str) -> Output {
        let mut child = pointsman()
            .args(line.split(' '))
            .args(&self.database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        // One that asks for nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
        timeout(PATIENCE, child.wait_with_output()).await.unwrap().unwrap()
    }

    /// Types a line that works; what it writes.
    async fn does(&self, line: &str, input: &str) -> String {
        let output = self.types(line, input).await;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Types a line that does not work; why not.
    async fn fails(&self, line: &str, input: &str) -> String {
        let output = self.types(line, input).await;
        assert!(!output.status.success(), "{line} was to fail");
        String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
    }

    async fn lists<T: DeserializeOwned>(&self, what: &str) -> Vec<T> {
        serde_json::from_str(&self.does(&format!("{what} list --json"), "").await).unwrap()
    }
}

#[tokio::test]
async fn accounts_are_made_listed_and_changed() {
    let db = TestDb::new().await;
    let operator = Operator::on(&db);
    let said = operator
        .does("user add ada --role engineer --reason new", &format!("{PASSWORD}\n"))
        .await;
    assert_eq!(said, "Made the account ada (engineer).");
    operator.does("user add bob --no-password --reason new", "").await;
    let users: Vec<UserSummary> = operator.lists("user").await;
    let shown: Vec<_> = users
        .iter()
        .map(|user| (user.name.as_str(), user.role, user.has_password))
        .collect();
    assert_eq!(shown, [("ada", Role::Engineer, true), ("bob", Role::Viewer, false)]);
    let people = People::on(&db).await;
    let signs_in = async |password: &str| people.operator().people().sign_in("ada", password, "").await;
    let session = signs_in(PASSWORD).await.unwrap();
    let is_open = async || {
        let found = people.control.person_by_session(session.secret.reveal()).await;
        found.unwrap().is_some()
    };
    assert!(is_open().await);
    operator.does("user end-sessions ada --reason lost-a-laptop", "").await;
    assert!(!is_open().await);
    operator
        .does("user password ada --reason forgotten", "battery horse correct\n")
        .await;
    assert_eq!(signs_in(PASSWORD).await, Err(SignInError::Wrong));
    assert!(signs_in("battery horse correct").await.is_ok());
    operator.does("user disable ada --reason left", "").await;
    assert_eq!(signs_in("battery horse correct").await, Err(SignInError::Wrong));
    operator.does("user enable ada --reason back", "").await;
    operator.does("user role ada admin --reason promoted", "").await;
    let table = operator.does("user list", "").await;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("NAME  ROLE    TEAMS     STATE"), "{table}");
    assert!(lines[1].starts_with("ada   admin   platform  password"), "{table}");
    assert!(lines[2].starts_with("bob   viewer  -         no password"), "{table}");

    // The audit knows who did it, by which way, and why.
    let audit = people.operator().people().audit(&AuditQuery::default()).await.unwrap();
    let entry = &audit.entries[0];
    assert_eq!((entry.actor_kind, entry.via), (ActorKind::Operator, Via::CommandLine));
    assert_eq!((entry.reason.as_str(), entry.address.as_str()), ("promoted", ""));
    assert!(!entry.actor.is_empty());
}

#[tokio::test]
async fn teams_are_made_filled_and_given_services() {
    let db = TestDb::new().await;
    let operator = Operator::on(&db);
    operator.does("user add ada --no-password --reason new", "").await;
    for line in [
        "team add checkout --title Checkout --reason new",
        "team join checkout ada --reason new",
        "team own checkout cart --reason new",
        "team rename checkout Till --reason new",
    ] {
        operator.does(line, "").await;
    }
    let teams: Vec<TeamSummary> = operator.lists("team").await;
    assert_eq!((teams[0].title.as_str(), teams[0].members), ("Till", 1));
    assert_eq!(teams[0].services, ["cart"]);
    let table = operator.does("team list", "").await;
    assert_eq!(
        table,
        "NAME      TITLE     MEMBERS  SERVICES\ncheckout  Till      1        cart\nplatform  Platform  0        -"
    );
    operator.does("team disown cart --reason moved", "").await;
    operator.does("team leave checkout ada --reason moved", "").await;
    operator.does("team remove checkout --reason moved", "").await;
    assert_eq!(
        operator.lists::<TeamSummary>("team").await.len(),
        1,
        "the platform team stays"
    );
}

#[tokio::test]
async fn tokens_are_made_listed_and_ended() {
    let db = TestDb::new().await;
    let operator = Operator::on(&db);
    // The secret alone is on standard output, for whoever puts it somewhere.
    let secret = operator.does("token create collector --scope ingest", "").await;
    assert!(secret.starts_with("pmt_") && secret.len() == 47);
    let made = operator
        .does(
            "token create report --scope ingest,read --service cart,payments --days 7 --json",
            "",
        )
        .await;
    let made: NewToken = serde_json::from_str(&made).unwrap();
    let people = People::on(&db).await;
    let program = people.control.program_by_token(&made.secret).await.unwrap().unwrap();
    assert_eq!(program.scopes, [Scope::Ingest, Scope::Read]);
    assert_eq!(program.services, Services::of(["cart".into(), "payments".into()]));
    let tokens: Vec<TokenSummary> = operator.lists("token").await;
    let names: Vec<&str> = tokens.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(names, ["report", "collector"]);
    let table = operator.does("token list", "").await;
    assert!(table.contains("(command line)") && !table.contains("pmt_"), "{table}");
    let revoke = format!("token revoke {} --reason leaked", made.token.id);
    operator.does(&revoke, "").await;
    assert_eq!(people.control.program_by_token(&made.secret).await, Ok(None));
    assert!(operator.fails(&revoke, "").await.contains("There is no such token"));
}

#[tokio::test]
async fn what_does_not_work_is_told_in_a_sentence() {
    let db = TestDb::new().await;
    let operator = Operator::on(&db);
    operator
        .does("user add root --role admin --reason new", &format!("{PASSWORD}\n"))
        .await;
    for (line, input, sentence) in [
        ("user add root --reason new", "", "name: is taken by another account"),
        ("user add a/b --reason new", "", "name: takes up to 128 letters"),
        (
            "user add ada --reason new",
            "short\n",
            "password: takes 12 to 256 characters",
        ),
        (
            "user add ada --role owner --reason new",
            "",
            "`owner` is no role: choose one of viewer",
        ),
        ("user add ada", "", "--reason <TEXT>"),
        (
            "user role root viewer --reason why",
            "",
            "root is the only admin who can sign in",
        ),
        (
            "user disable root --reason why",
            "",
            "root is the only admin who can sign in",
        ),
        ("user disable nobody --reason why", "", "There is no account nobody."),
        ("user password root --reason why", "", "no password was given"),
        ("user enable root --reason x", "", "reason: takes 3 to 500 characters"),
        (
            "team add Check --reason why",
            "",
            "name: takes up to 63 lower-case letters",
        ),
        ("team join nobody root --reason why", "", "There is no team nobody."),
        ("team own nobody cart --reason why", "", "There is no such team."),
        (
            "token create ci --scope everything",
            "",
            "`everything` is no scope: choose one of ingest, read",
        ),
        ("token create ci --scope read --days 400", "", "days: are 1 to 366"),
        ("token create ci", "", "--scope <SCOPE>"),
    ] {
        let said = operator.fails(line, input).await;
        assert!(said.contains(sentence), "{line}: {said}");
        assert!(!said.contains("short\n"), "a password was told: {said}");
    }
    let nobody = Operator {
        database: vec!["--data-dir".to_owned(), "nowhere".to_owned()],
    };
    let said = nobody.fails("user list", "").await;
    assert!(said.contains("no Pointsman runs on the data folder nowhere"), "{said}");
    let unreachable = Operator {
        database: vec![
            "--database-url".to_owned(),
            "postgres://pointsman:hunter2@127.0.0.1:1/pointsman".to_owned(),
        ],
    };
    let said = unreachable.fails("user list", "").await;
    assert!(
        said.contains("can't use the database") && !said.contains("hunter2"),
        "{said}"
    );
}

#[tokio::test]
async fn a_running_server_is_found_by_its_data_folder() {
    let setup = Setup::private();
    let server = setup.start().await;
    let operator = Operator {
        database: vec!["--data-dir".to_owned(), setup.data().display().to_string()],
    };
    operator.does("user add ada --no-password --reason new", "").await;
    assert_eq!(operator.lists::<UserSummary>("user").await[0].name, "ada");
    server.stop().await;
}
