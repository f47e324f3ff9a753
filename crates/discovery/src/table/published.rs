//! A strategy as it was published, also where who gets it can't read it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Revision;
use crate::{Environment, ServiceName, Strategy};

/// A published strategy.
///
/// A strategy has no part that may be overlooked: with a condition less a rule routes more. So a client that is older than the server, and meets a part that
/// it does not know, takes none of it: it goes on with [the last one that it could read](Self::in_force), and says so with its acknowledgement.
#[derive(Debug, Clone)]
pub struct Published {
    service: ServiceName,
    environment: Environment,
    revision: Revision,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Read(Strategy),
    NotRead { why: Unreadable, last: Option<Strategy> },
}

/// A strategy that can't be read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Why.
    pub reason: String,
    /// As it was sent.
    pub sent: Value,
}

impl Published {
    /// A strategy as of its own revision, which counts the publications of this service and environment.
    pub fn new(revision: Revision, strategy: Strategy) -> Self {
        Self {
            service: strategy.service.clone(),
            environment: strategy.environment.clone(),
            revision,
            body: Body::Read(strategy),
        }
    }

    /// Whose it is.
    pub fn service(&self) -> &ServiceName {
        &self.service
    }

    /// In which environment it holds.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Its own revision, not the table's.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The strategy. Errors: it can't be read here.
    pub fn strategy(&self) -> Result<&Strategy, &Unreadable> {
        match &self.body {
            Body::Read(strategy) => Ok(strategy),
            Body::NotRead { why, .. } => Err(why),
        }
    }

    /// What is routed by: the strategy, or where it can't be read the one that was before it.
    pub fn in_force(&self) -> Option<&Strategy> {
        match &self.body {
            Body::Read(strategy) => Some(strategy),
            Body::NotRead { last, .. } => last.as_ref(),
        }
    }

    /// Where this one can't be read, the earlier one stays in force.
    pub(super) fn keep_in_force(&mut self, earlier: &Self) {
        if let Body::NotRead { last, .. } = &mut self.body {
            *last = earlier.in_force().cloned();
        }
    }
}

/// What was published is the same; what a reader had before is not looked at.
impl PartialEq for Published {
    fn eq(&self, other: &Self) -> bool {
        let body = match (&self.body, &other.body) {
            (Body::Read(one), Body::Read(two)) => one == two,
            (Body::NotRead { why: one, .. }, Body::NotRead { why: two, .. }) => one == two,
            _ => false,
        };
        let key = |of: &Self| (of.service.clone(), of.environment.clone(), of.revision);
        body && key(self) == key(other)
    }
}

impl Eq for Published {}

/// As it is written.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Published"))]
struct Form<S> {
    /// Whose strategy.
    service: ServiceName,
    /// In which environment it holds.
    #[serde(default)]
    environment: Environment,
    /// Its own revision, which counts the publications of this service and environment.
    revision: Revision,
    /// The strategy. Unlike the rest of a frame it has no part that may be overlooked.
    strategy: S,
}

impl Serialize for Published {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (service, environment, revision) = (self.service.clone(), self.environment.clone(), self.revision);
        match &self.body {
            Body::Read(strategy) => Form {
                service,
                environment,
                revision,
                strategy,
            }
            .serialize(serializer),
            Body::NotRead { why, .. } => Form {
                service,
                environment,
                revision,
                strategy: &why.sent,
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Published {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = Form::<Value>::deserialize(deserializer)?;
        let read = Strategy::deserialize(&form.strategy).map_err(|error| error.to_string());
        let of_it =
            |strategy: &Strategy| (&strategy.service, &strategy.environment) == (&form.service, &form.environment);
        let body = match read {
            Ok(strategy) if of_it(&strategy) => Body::Read(strategy),
            other => {
                let reason = other
                    .err()
                    .unwrap_or_else(|| "it is of another service or environment".to_owned());
                let why = Unreadable {
                    reason,
                    sent: form.strategy,
                };
                Body::NotRead { why, last: None }
            }
        };
        Ok(Self {
            service: form.service,
            environment: form.environment,
            revision: form.revision,
            body,
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Published {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Published".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::<Strategy>::json_schema(generator)
    }
}
