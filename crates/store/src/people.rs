//! People: who they are, what they own, by what they are known, and what they did.
//!
//! ```text
//! team --< membership >-- person --< session, api_token
//!   `--< service_record                       audit: only ever added to
//! ```
//!
//! Secrets come here as hashes and never leave; whose rule it is what may be done is `control`'s.

pub mod attempts;
pub mod audit;
pub mod browsers;
pub mod flows;
pub mod services;
pub mod sessions;
pub mod setup;
pub mod teams;
pub mod tokens;
pub mod users;

use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::people::Role;
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;

/// How long a token is still listed after its end.
const EXPIRED_TOKENS: Duration = Duration::from_secs(30 * 86_400);

/// Removes what has ended: sessions, those too that were not used for `idle`, sign-ins under way, set-up links, counts of failures,
/// browsers that are no longer known, and tokens 30 days after their end. Answers how many rows.
pub async fn sweep(conn: &mut crate::Connection, now_ns: UnixNanos, idle: Duration) -> Result<u64, StoreError> {
    let ago = |length: Duration| now_ns.saturating_sub(length.as_nanos() as u64);
    Ok(sessions::sweep(conn, now_ns, ago(idle)).await?
        + flows::sweep(conn, now_ns).await?
        + setup::sweep(conn, now_ns).await?
        + attempts::sweep(conn, now_ns).await?
        + browsers::sweep(conn, now_ns).await?
        + tokens::sweep(conn, ago(EXPIRED_TOKENS)).await?)
}

/// A role by its number.
fn role(number: i16) -> Result<Role, StoreError> {
    let known = usize::try_from(number).ok().and_then(|number| Role::ALL.get(number));
    known
        .copied()
        .ok_or_else(|| StoreError::corrupt(format_args!("an account has the role {number}")))
}

fn texts(texts: Vec<String>) -> Vec<Text> {
    texts.into_iter().map(Text::from).collect()
}

fn strings(texts: &[Text]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
