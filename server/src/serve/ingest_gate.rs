//! The gate of a listener for OTLP: tokens, looked up through a cache, so that sending does not ask the database each time and
//! survives its short outages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pointsman_control::access::{Actor, Anybody, Denial, Program, Target, may};
use pointsman_control::{Control, Problem};
use pointsman_domain::people::Action;
use pointsman_ingest::gate::{Denied, Gate, Permit, Shown};

/// How long what was looked up is believed.
const FRESH: Duration = Duration::from_secs(30);
/// How long it is believed while the database can't be asked.
const OUTAGE: Duration = Duration::from_secs(600);
/// How long the database may take to say who somebody is who was known a moment ago.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long after it could not be asked it is asked anew for one who was known.
const PAUSE: Duration = Duration::from_secs(5);

/// The gate of one listener. Clones, and gates made by [`IngestGate::beside`], share what was looked up.
#[derive(Clone)]
pub struct IngestGate {
    control: Control,
    /// Whether it takes no token.
    open: bool,
    known: Arc<Mutex<HashMap<String, Known>>>,
}

#[derive(Clone)]
struct Known {
    program: Program,
    /// When the database said so.
    at: Instant,
    /// From when on it is asked again.
    ask_at: Instant,
}

impl IngestGate {
    /// For a listener that takes no token, or needs one.
    pub fn new(control: Control, open: bool) -> Self {
        Self {
            control,
            open,
            known: Arc::default(),
        }
    }

    /// For another listener of the same server.
    pub fn beside(&self, open: bool) -> Self {
        Self { open, ..self.clone() }
    }

    async fn program(&self, token: &str) -> Result<Program, Denied> {
        let now = Instant::now();
        let known = self.known(token);
        if let Some(known) = known.as_ref().filter(|known| now < known.ask_at) {
            return Ok(known.program.clone());
        }
        let asked = self.control.program_by_token(token);
        let asked = match &known {
            None => asked.await,
            Some(_) => tokio::time::timeout(PATIENCE, asked)
                .await
                .unwrap_or(Err(Problem::Unavailable)),
        };
        match (asked, known) {
            (Ok(Some(program)), _) => {
                let known = Known {
                    program: program.clone(),
                    at: now,
                    ask_at: now + FRESH,
                };
                self.keep(token, Some(known));
                Ok(program)
            }
            (Ok(None), _) => {
                self.keep(token, None);
                let sentence = "the token is wrong, has expired or was revoked";
                Err(Denied::Unauthenticated(sentence.to_owned()))
            }
            (Err(_), Some(known)) if known.at.elapsed() < OUTAGE => {
                let program = known.program.clone();
                let ask_at = now + PAUSE;
                self.keep(token, Some(Known { ask_at, ..known }));
                Ok(program)
            }
            (Err(_), _) => Err(Denied::Unavailable),
        }
    }

    fn known(&self, token: &str) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(token).cloned()
    }

    /// Only good tokens are kept, so there are not more than were made; those of programs that are gone leave with the next one.
    fn keep(&self, token: &str, found: Option<Known>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Some(found) => {
                if !known.contains_key(token) {
                    known.retain(|_, other| other.at.elapsed() < OUTAGE);
                }
                known.insert(token.to_owned(), found);
            }
            None => drop(known.remove(token)),
        }
    }
}

impl Gate for IngestGate {
    async fn admit(&self, shown: Shown<'_>) -> Result<Permit, Denied> {
        let (actor, permit) = match shown {
            Shown::Unreadable => {
                let sentence = "the Authorization can't be read; send `Authorization: Bearer TOKEN` once";
                return Err(Denied::Unauthenticated(sentence.to_owned()));
            }
            Shown::Nothing => {
                let anybody = Anybody {
                    role: None,
                    ingest: self.open,
                };
                (Actor::Anonymous(anybody), Permit::open())
            }
            Shown::Token(token) => {
                let program = self.program(token).await?;
                let permit = Permit {
                    token: program.name.clone(),
                    services: program.services.clone(),
                };
                (Actor::Program(program), permit)
            }
        };
        match may(&actor, Action::Ingest, Target::Everything) {
            Ok(()) => Ok(permit),
            Err(Denial::SignIn) => Err(Denied::Unauthenticated(
                "this port takes telemetry with a token only: send `Authorization: Bearer TOKEN`".to_owned(),
            )),
            Err(Denial::Forbidden(sentence)) => Err(Denied::Forbidden(sentence)),
        }
    }
}
