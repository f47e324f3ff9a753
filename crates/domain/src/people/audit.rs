//! The audit: who did what, on which service, why, and what came of it.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::Text;
use crate::kit::field::FieldError;
use crate::kit::text::filled;
use crate::kit::words::words;
use crate::telemetry::UnixNanos;

/// What kind of actor did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Somebody with an account.
    Person,
    /// A program with a token.
    Token,
    /// Whoever has the database at hand: the command line.
    Operator,
    /// Nobody that is known.
    Anonymous,
    /// A loop of Pointsman itself, alone or on somebody's behalf.
    Automation,
}

words!(ActorKind, "kind of actor", {
    Person => "person",
    Token => "token",
    Operator => "operator",
    Anonymous => "anonymous",
    Automation => "automation",
});

impl ActorKind {
    /// What pages say beside the name; nothing of a person, who is the rule.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "",
            Self::Token => "token",
            Self::Operator => "command line",
            Self::Anonymous => "not signed in",
            Self::Automation => "automation",
        }
    }
}

/// Which surface something came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The console's pages.
    Console,
    /// `/api/v1`.
    Api,
    /// OTLP.
    Ingest,
    /// `pointsman user`, `team`, `token`.
    CommandLine,
    /// No surface: a loop of the server did it.
    Loop,
}

words!(Via, "surface", {
    Console => "console",
    Api => "api",
    Ingest => "ingest",
    CommandLine => "command_line",
    Loop => "loop",
});

impl Via {
    /// How pages name it within a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::Console => "the console",
            Self::Api => "the API",
            Self::Ingest => "OTLP",
            Self::CommandLine => "the command line",
            Self::Loop => "Pointsman itself",
        }
    }
}

/// Whether what was asked for was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AuditOutcome))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done, and what it changed is in the same transaction.
    Done,
    /// It was refused, and nothing changed.
    Refused,
}

words!(Outcome, "outcome", { Done => "done", Refused => "refused" });

/// One thing that somebody did, or was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Grows with time; 0 until it is stored.
    pub id: i64,
    /// When it was done, by the database's clock.
    pub at_ns: UnixNanos,
    /// A person, a program, the command line, or nobody that is known.
    pub actor_kind: ActorKind,
    /// Their name: of an account, of a token, of a user of the operating system, of an automation (`period-closer`; `... for ada` where it acts on
    /// somebody's behalf).
    pub actor: Text,
    /// The surface that it came by.
    pub via: Via,
    /// From which address; empty on the command line and of automation.
    pub address: Text,
    /// What they wanted to do.
    pub action: Action,
    /// On which service, if on one.
    pub service: Option<Text>,
    /// On what: the name of a service, team, account or token.
    pub target: Text,
    /// Whether it was done or refused.
    pub outcome: Outcome,
    /// Why, in the actor's words; empty where none was asked for.
    pub reason: Text,
    /// In a sentence what was done, or why it was refused.
    pub detail: Text,
    /// How it was before; `Null` where there was nothing.
    pub before: serde_json::Value,
    /// How it was after; `Null` where there is nothing.
    pub after: serde_json::Value,
}

/// Entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// At most as many as were asked for, newest first.
    pub entries: Vec<AuditEntry>,
    /// What to ask for to see older ones; `None` where there are none.
    pub next_before: Option<i64>,
}

/// How many entries a page has.
pub const PAGE: u32 = 50;
/// The most entries that one answer has.
pub const MAX_PAGE: u32 = 1000;

/// The search's form, as it stands in a URL. Empty texts are no filter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct AuditForm {
    /// The name of an account, a token or a user of the operating system, exactly.
    pub actor: String,
    /// What was done, by the word of an action, such as `slo.edit`.
    #[cfg_attr(feature = "openapi", param(value_type = Option<Action>, inline))]
    pub action: String,
    /// A service, exactly as it calls itself.
    pub service: String,
    /// What came of it: `done` or `refused`.
    #[cfg_attr(feature = "openapi", param(pattern = "^(done|refused)?$"))]
    pub outcome: String,
    /// Words that stand in target, reason or detail, in any order.
    pub q: String,
    /// The first moment, as RFC 3339.
    pub from: String,
    /// The first moment that is not included, as RFC 3339.
    pub to: String,
    /// Only entries with smaller ids: `next_before` of the page before.
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub before: String,
    /// How many; clamped to 1 to 1,000, 50 where it is not given.
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub limit: String,
}

/// Which entries: those for which all that is given holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditQuery {
    /// Only by the actor of this name.
    pub actor: Option<Text>,
    /// Only of this kind.
    pub action: Option<Action>,
    /// Only on this service.
    pub service: Option<Text>,
    /// Only done ones, or only refused ones.
    pub outcome: Option<Outcome>,
    /// Words, all of which stand in target, reason or detail.
    pub words: Vec<Text>,
    /// Only at this moment or later.
    pub from_ns: Option<UnixNanos>,
    /// Only before this moment.
    pub to_ns: Option<UnixNanos>,
    /// Only entries with smaller ids.
    pub before: Option<i64>,
    /// At most this many, newest first; 1 to [`MAX_PAGE`].
    pub limit: u32,
}

impl AuditForm {
    /// The query that the fields make. Errors: the first field that can't be read.
    pub fn parse(&self) -> Result<AuditQuery, FieldError> {
        let moment = |field: &str, given: &str| {
            filled(given)
                .map(|given| crate::time::parse_moment(&given))
                .transpose()
                .map_err(|error| FieldError::new(field, error))
        };
        let number = |field: &str, given: &str| {
            filled(given)
                .map(|given| given.parse::<i64>())
                .transpose()
                .map_err(|_| FieldError::new(field, format!("`{given}` is not a number")))
        };
        Ok(AuditQuery {
            actor: filled(&self.actor),
            action: filled(&self.action)
                .map(|word| word.parse())
                .transpose()
                .map_err(|why| FieldError::new("action", why))?,
            // A name is what was sent, with its blanks.
            service: Some(self.service.as_str())
                .filter(|name| !name.is_empty())
                .map(Text::from),
            outcome: filled(&self.outcome)
                .map(|word| word.parse())
                .transpose()
                .map_err(|why| FieldError::new("outcome", why))?,
            words: self.q.split_whitespace().take(10).map(Text::from).collect(),
            from_ns: moment("from", &self.from)?,
            to_ns: moment("to", &self.to)?,
            before: number("before", &self.before)?,
            limit: number("limit", &self.limit)?.map_or(PAGE, |limit| limit.clamp(1, i64::from(MAX_PAGE)) as u32),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_field_by_field() {
        let form = AuditForm {
            actor: " ada ".to_owned(),
            action: "service.edit".to_owned(),
            q: "runbook  new".to_owned(),
            limit: "5000".to_owned(),
            ..AuditForm::default()
        };
        let query = form.parse();
        let expected = AuditQuery {
            actor: Some("ada".into()),
            action: Some(Action::EditService),
            words: vec!["runbook".into(), "new".into()],
            limit: MAX_PAGE,
            ..AuditQuery::default()
        };
        assert_eq!(query, Ok(expected));
        let field = |form: AuditForm| form.parse().map_err(|error| error.field);
        for (form, name) in [
            (
                AuditForm {
                    action: "x".to_owned(),
                    ..AuditForm::default()
                },
                "action",
            ),
            (
                AuditForm {
                    outcome: "x".to_owned(),
                    ..AuditForm::default()
                },
                "outcome",
            ),
            (
                AuditForm {
                    from: "x".to_owned(),
                    ..AuditForm::default()
                },
                "from",
            ),
            (
                AuditForm {
                    before: "x".to_owned(),
                    ..AuditForm::default()
                },
                "before",
            ),
        ] {
            assert_eq!(field(form), Err(name.to_owned()));
        }
    }
}
