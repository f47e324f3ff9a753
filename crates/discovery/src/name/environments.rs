//! The environments that a client looks in, one after the other.

use serde::{Deserialize, Serialize};

use super::Environment;
use crate::Invalid;

/// The most environments that are looked in.
pub const MAX_ENVIRONMENTS: usize = 8;

/// One environment, and those that it falls back to, in order: a developer runs one changed service in `ada`, the rest is
/// found in `staging`. 1 to 8, none twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Environment>", into = "Vec<Environment>")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("minItems" = 1, "maxItems" = 8)))]
pub struct Environments(Vec<Environment>);

impl Environments {
    /// These, the first of them first. Errors: none, too many, or one twice.
    pub fn new(chain: Vec<Environment>) -> Result<Self, Invalid> {
        if chain.is_empty() || chain.len() > MAX_ENVIRONMENTS {
            let wrong = format!("has {} environments", chain.len());
            return Err(Invalid::new(
                "",
                wrong,
                format!("Name 1 to {MAX_ENVIRONMENTS}, the own one first"),
            ));
        }
        for (at, environment) in chain.iter().enumerate() {
            if chain[..at].contains(environment) {
                return Err(Invalid::new(
                    format!("[{at}]"),
                    format!("{environment} is there twice"),
                    "Name each once",
                ));
            }
        }
        Ok(Self(chain))
    }

    /// The one that is looked in first.
    pub fn own(&self) -> &Environment {
        &self.0[0]
    }

    /// All, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Environment> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Environments {
    type Item = &'a Environment;
    type IntoIter = std::slice::Iter<'a, Environment>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Default for Environments {
    fn default() -> Self {
        Self(vec![Environment::default()])
    }
}

impl From<Environment> for Environments {
    fn from(own: Environment) -> Self {
        Self(vec![own])
    }
}

impl TryFrom<Vec<Environment>> for Environments {
    type Error = Invalid;

    fn try_from(chain: Vec<Environment>) -> Result<Self, Invalid> {
        Self::new(chain)
    }
}

impl From<Environments> for Vec<Environment> {
    fn from(environments: Environments) -> Self {
        environments.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_an_own_environment_and_names_none_twice() {
        let chain: Environments = serde_json::from_str(r#"["ada","staging"]"#).unwrap();
        assert_eq!(chain.own().as_str(), "ada");
        assert_eq!(chain.iter().count(), 2);
        for wrong in ["[]", r#"["a","a"]"#, r#"["1","2","3","4","5","6","7","8","9"]"#] {
            assert!(serde_json::from_str::<Environments>(wrong).is_err(), "{wrong}");
        }
    }
}
