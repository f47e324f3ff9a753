//! Where alerts are sent. For admins alone: a channel's address may be a secret itself.

use pointsman_domain::people::Action;
use pointsman_domain::slo::{Channel, ChannelForm};
use pointsman_store::Tx;
use pointsman_store::slo::channels;
use serde_json::{Value, json};

use super::send::check_mail;
use crate::access::Target;
use crate::{Desk, Problem};

/// The most channels.
const MAX_CHANNELS: usize = 200;

/// For the audit, which holds no secret: that it was changed is enough.
fn noted(form: &ChannelForm) -> Value {
    json!({
        "name": form.name, "to": form.to, "least": form.least, "teams": form.teams, "secret_changed": form.secret.is_some(),
    })
}

async fn find(tx: &mut Tx, id: i64) -> Result<Channel, Problem> {
    let mut all = channels::all(tx).await?.into_iter();
    all.find(|channel| channel.id == id)
        .ok_or_else(|| Problem::Missing(format!("There is no channel {id}.")))
}

impl Desk {
    /// All channels, without their secrets.
    pub async fn channels(&self) -> Result<Vec<Channel>, Problem> {
        self.may(Action::EditChannels, Target::Everything)?;
        Ok(channels::all(&mut *self.store.conn().await?).await?)
    }

    /// Makes a channel; its number.
    pub async fn create_channel(&self, form: ChannelForm, reason: &str) -> Result<i64, Problem> {
        let change = self.change(Action::EditChannels, &form.name).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let form = form.checked(None)?;
        check_mail(&form.to)?;
        if channels::all(&mut change.tx).await?.len() >= MAX_CHANNELS {
            return Err(Problem::Conflict(format!(
                "There are {MAX_CHANNELS} channels already, which is the most."
            )));
        }
        let id = channels::insert(&mut change.tx, &form, self.clock.now_ns()).await?;
        if let Some(secret) = &form.secret {
            let kept = self.keys.encrypt(id, secret)?;
            channels::set_secret(&mut change.tx, id, Some(&kept)).await?;
        }
        let detail = format!("made the channel {}", form.name);
        change.done(detail, Value::Null, noted(&form)).await?;
        Ok(id)
    }

    /// Replaces a channel. Without a secret the one that is kept stays, where it goes to the same place, as well secured.
    pub async fn edit_channel(&self, id: i64, form: ChannelForm, reason: &str) -> Result<(), Problem> {
        let change = self.change(Action::EditChannels, &form.name).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let old = find(&mut change.tx, id).await?;
        let form = form.checked(old.has_secret.then_some(&old.to))?;
        check_mail(&form.to)?;
        channels::update(&mut change.tx, id, &form).await?;
        if let Some(secret) = &form.secret {
            let kept = self.keys.encrypt(id, secret)?;
            channels::set_secret(&mut change.tx, id, Some(&kept)).await?;
        } else if !form.to.keeps_secret_of(&old.to) {
            channels::set_secret(&mut change.tx, id, None).await?;
        }
        let detail = format!("changed the channel {}", old.name);
        let before = json!({ "name": old.name, "to": old.to, "least": old.least, "teams": old.teams });
        change.done(detail, before, noted(&form)).await
    }

    /// Removes a channel, with what waits to be sent to it.
    pub async fn remove_channel(&self, id: i64, reason: &str) -> Result<(), Problem> {
        let change = self.change(Action::EditChannels, &format!("channel {id}")).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let old = find(&mut change.tx, id).await?;
        channels::delete(&mut change.tx, id).await?;
        let detail = format!("removed the channel {}", old.name);
        change
            .done(detail, json!({ "name": old.name, "to": old.to }), Value::Null)
            .await
    }
}
