//! Of several verdicts the one that counts.

use pointsman_domain::health::{Cause, Health, HealthVerdict};

/// The worst of several verdicts, with its cause; the first of equals that errors caused, else the first.
pub(super) fn worst(verdicts: impl IntoIterator<Item = HealthVerdict>) -> HealthVerdict {
    verdicts.into_iter().fold(HealthVerdict::default(), |worst, next| {
        let by_errors = |verdict: &HealthVerdict| verdict.cause == Some(Cause::Errors);
        let worse = (next.health, by_errors(&next)) > (worst.health, by_errors(&worst));
        if worse { next } else { worst }
    })
}

/// Whether someone should look at it.
pub(super) fn needs_attention(health: Health) -> bool {
    health >= Health::Degraded
}
