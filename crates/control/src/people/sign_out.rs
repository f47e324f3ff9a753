//! Sign out.

use pointsman_domain::people::Action;
use pointsman_store::people::sessions;
use serde_json::Value;

use super::Secret;
use crate::access::Target;
use crate::{People, Problem};

impl People<'_> {
    /// Ends the caller's session, if there is one. The answer is what the sign-out at the identity provider takes, where the session came
    /// from there.
    pub async fn sign_out(&self) -> Result<Option<Secret>, Problem> {
        let (Some(person), Some(id)) = (self.0.caller().person(), self.0.caller().session) else {
            return Ok(None);
        };
        let ended = self
            .0
            .transact("", async |change| {
                let allowed = change.ask(Action::SignOut, &person.name, Target::Everything)?;
                let ended = sessions::end(&mut change.tx, id, person.id).await?;
                if ended.is_some() {
                    change.note(allowed, "signed out", Value::Null, Value::Null);
                }
                Ok(ended)
            })
            .await?;
        Ok(ended.flatten().map(Secret::from))
    }
}
