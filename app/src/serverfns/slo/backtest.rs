//! Tries a draft of an objective.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::{Backtest, ObjectiveForm};
#[cfg(feature = "ssr")]
use pointsman_domain::time::RangeSpec;

use crate::failure::Failure;

/// What a draft would have said of the recorded past.
#[server(prefix = "/fn", endpoint = "slo_backtest", input = GetUrl, output = crate::codec::Json)]
pub async fn try_slo(
    /// The draft.
    #[server(default)]
    form: ObjectiveForm,
    /// How far back: `7d`.
    #[server(default)]
    past: String,
) -> Result<Backtest, Failure> {
    let draft = super::super::answer(form.parse())?;
    let past = RangeSpec::parse(Some(past.as_str()).filter(|past| !past.is_empty()), None, None);
    let past = super::super::answer(past)?;
    super::super::answer(super::super::desk()?.backtest(draft, past).await)
}
