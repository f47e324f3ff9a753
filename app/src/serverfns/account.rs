//! Server functions of one's own account: who reads, their profile, sessions and password.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::{Me, Profile};

use crate::failure::Failure;

/// Who reads, and what they may.
#[server(prefix = "/fn", endpoint = "me", input = GetUrl, output = crate::codec::Json)]
pub async fn read_me() -> Result<Me, Failure> {
    super::answer(super::use_cases()?.people().me().await)
}

/// The own sessions and tokens.
#[server(prefix = "/fn", endpoint = "profile", input = GetUrl, output = crate::codec::Json)]
pub async fn read_profile() -> Result<Profile, Failure> {
    super::answer(super::use_cases()?.people().profile().await)
}

/// Ends one of the own sessions.
#[server(prefix = "/fn", endpoint = "session_end")]
pub async fn end_session(id: i64) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().end_session(id).await)
}

/// Ends all own sessions but this one.
#[server(prefix = "/fn", endpoint = "sessions_end_others")]
pub async fn end_other_sessions() -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().end_other_sessions().await)
}

/// Changes the own password; then the profile says so.
#[server(prefix = "/fn", endpoint = "password_change")]
pub async fn change_own_password(
    /// The one that holds.
    old: String,
    /// The one that is to hold.
    new: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().change_password(&old, &new).await)?;
    super::go("/profile?done=password");
    Ok(())
}
