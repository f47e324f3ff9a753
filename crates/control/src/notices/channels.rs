//! Where alerts are sent. For admins alone: a channel's address may be a secret itself.

use pointsman_domain::people::Action;
use pointsman_domain::slo::{Channel, ChannelForm};
use pointsman_store::Tx;
use pointsman_store::slo::channels;
use serde_json::{Value, json};

use super::send::check_mail;
use crate::access::Target;
use crate::{Change, Problem, Promise};

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

impl Promise<'_> {
    /// All channels, without their secrets.
    pub async fn channels(&self) -> Result<Vec<Channel>, Problem> {
        self.0.may(Action::EditChannels, Target::Everything)?;
        Ok(channels::all(&mut *self.0.control.store.conn().await?).await?)
    }

    /// Makes a channel; its number. See [`create`].
    pub async fn create_channel(&self, form: ChannelForm, reason: &str) -> Result<i64, Problem> {
        self.0.transact(reason, async |change| create(change, form).await).await
    }

    /// Replaces a channel; see [`replace`].
    pub async fn edit_channel(&self, id: i64, form: ChannelForm, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| replace(change, id, form).await)
            .await
    }

    /// Removes a channel; see [`remove`].
    pub async fn remove_channel(&self, id: i64, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| remove(change, id).await).await
    }
}

/// Makes a channel; its number.
pub async fn create(change: &mut Change, form: ChannelForm) -> Result<i64, Problem> {
    let allowed = change.ask_because(Action::EditChannels, &form.name, Target::Everything)?;
    let form = form.checked(None)?;
    check_mail(&form.to)?;
    if channels::all(&mut change.tx).await?.len() >= MAX_CHANNELS {
        return Err(Problem::Conflict(format!(
            "There are {MAX_CHANNELS} channels already, which is the most."
        )));
    }
    let now_ns = change.now_ns();
    let id = channels::insert(&mut change.tx, &form, now_ns).await?;
    if let Some(secret) = &form.secret {
        let kept = change.control().keys.encrypt(id, secret)?;
        channels::set_secret(&mut change.tx, id, Some(&kept)).await?;
    }
    let detail = format!("made the channel {}", form.name);
    change.note(allowed, detail, Value::Null, noted(&form));
    Ok(id)
}

/// Replaces a channel. Without a secret the one that is kept stays, where it goes to the same place, as well secured.
pub async fn replace(change: &mut Change, id: i64, form: ChannelForm) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditChannels, &form.name, Target::Everything)?;
    let old = find(&mut change.tx, id).await?;
    let form = form.checked(old.has_secret.then_some(&old.to))?;
    check_mail(&form.to)?;
    channels::update(&mut change.tx, id, &form).await?;
    if let Some(secret) = &form.secret {
        let kept = change.control().keys.encrypt(id, secret)?;
        channels::set_secret(&mut change.tx, id, Some(&kept)).await?;
    } else if !form.to.keeps_secret_of(&old.to) {
        channels::set_secret(&mut change.tx, id, None).await?;
    }
    let detail = format!("changed the channel {}", old.name);
    let before = json!({ "name": old.name, "to": old.to, "least": old.least, "teams": old.teams });
    change.note(allowed, detail, before, noted(&form));
    Ok(())
}

/// Removes a channel, with what waits to be sent to it.
pub async fn remove(change: &mut Change, id: i64) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditChannels, &format!("channel {id}"), Target::Everything)?;
    let old = find(&mut change.tx, id).await?;
    channels::delete(&mut change.tx, id).await?;
    let detail = format!("removed the channel {}", old.name);
    change.note(allowed, detail, json!({ "name": old.name, "to": old.to }), Value::Null);
    Ok(())
}
