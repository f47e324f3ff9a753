//! Sign out.

use pointsman_domain::people::Action;
use pointsman_store::people::sessions;
use serde_json::Value;

use super::Secret;
use crate::access::Target;
use crate::{Desk, Problem};

impl Desk {
    /// Ends the caller's session, if there is one. The answer is what the sign-out at the identity provider takes, where the session came
    /// from there.
    pub async fn sign_out(&self) -> Result<Option<Secret>, Problem> {
        let (Some(person), Some(id)) = (self.caller().person(), self.caller().session) else {
            return Ok(None);
        };
        let change = self.change(Action::SignOut, &person.name).await?;
        let mut change = change.ask(Target::Everything).await?;
        let Some(id_token) = sessions::end(&mut change.tx, id, person.id).await? else {
            return Ok(None);
        };
        change.done("signed out", Value::Null, Value::Null).await?;
        Ok(id_token.map(Secret::from))
    }
}
