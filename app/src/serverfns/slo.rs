//! Server functions of objectives (SLOs), of what is excluded from them, and of the error budget policy.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use pointsman_domain::slo::ExclusionForm;
use pointsman_domain::slo::{Backtest, ObjectiveForm, SloCourse, SloList, SloView, Spending};
#[cfg(feature = "ssr")]
use pointsman_domain::time::RangeSpec;

use crate::failure::Failure;
use crate::url::RangeForm;

/// The objectives, the one with the least budget left first.
#[server(prefix = "/fn", endpoint = "slos", input = GetUrl, output = crate::codec::Json)]
pub async fn list_slos(
    /// Only those of this service.
    #[server(default)]
    service: Option<String>,
) -> Result<SloList, Failure> {
    super::answer(super::use_cases()?.promise().slo_list(service.as_deref()).await)
}

/// One objective; `None` where there is none of this name.
#[server(prefix = "/fn", endpoint = "slo", input = GetUrl, output = crate::codec::Json)]
pub async fn read_slo(name: String) -> Result<Option<SloView>, Failure> {
    super::answer(super::use_cases()?.promise().slo_view(&name).await)
}

/// What was counted in this range, piece by piece; `None` where the objective has no events of its own.
#[server(prefix = "/fn", endpoint = "slo_course", input = GetUrl, output = crate::codec::Json)]
pub async fn read_slo_course(
    /// The objective's name.
    name: String,
    /// As in the URL.
    #[server(default)]
    range: RangeForm,
) -> Result<Option<SloCourse>, Failure> {
    let range = super::answer(range.parse())?;
    super::answer(super::use_cases()?.promise().slo_course(&name, range).await)
}

/// Where the bad events of an objective's window came from; `None` where it has none of its own.
#[server(prefix = "/fn", endpoint = "slo_spending", input = GetUrl, output = crate::codec::Json)]
pub async fn read_slo_spending(
    /// The objective's name.
    name: String,
) -> Result<Option<Spending>, Failure> {
    super::answer(super::use_cases()?.promise().slo_spending(&name).await)
}

/// What a draft would have said of the recorded past.
#[server(prefix = "/fn", endpoint = "slo_backtest", input = GetUrl, output = crate::codec::Json)]
pub async fn backtest_slo(
    /// The draft.
    #[server(default)]
    form: ObjectiveForm,
    /// How far back: `7d`.
    #[server(default)]
    past: String,
) -> Result<Backtest, Failure> {
    let draft = super::answer(form.parse())?;
    let past = RangeSpec::parse(Some(past.as_str()).filter(|past| !past.is_empty()), None, None);
    let past = super::answer(past)?;
    super::answer(super::use_cases()?.promise().backtest(draft, past).await)
}

/// Makes an objective; then its page.
#[server(prefix = "/fn", endpoint = "slo_create")]
pub async fn create_slo(
    /// The objective, as the form has it.
    #[server(flatten)]
    form: ObjectiveForm,
    /// What the audit says it was done for: 3 to 500 characters.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let made = async {
        let objective = form.parse()?;
        super::use_cases()?
            .promise()
            .create_slo(objective, &reason)
            .await
            .map_err(Failure::from)
    };
    let objective = super::changed(made.await)?;
    super::go(&format!("/slos/{}", objective.name));
    Ok(())
}

/// Replaces an objective; then its page.
#[server(prefix = "/fn", endpoint = "slo_edit")]
pub async fn edit_slo(
    /// The name that it has so far.
    old: String,
    /// The objective as it is to be.
    #[server(flatten)]
    form: ObjectiveForm,
    /// What the audit says it was done for: 3 to 500 characters.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let edited = async {
        let objective = form.parse()?;
        super::use_cases()?
            .promise()
            .edit_slo(&old, objective, &reason)
            .await
            .map_err(Failure::from)
    };
    let objective = super::changed(Box::pin(edited).await)?;
    super::go(&format!("/slos/{}", objective.name));
    Ok(())
}

/// Removes an objective; then the page of all objectives. Its alerts stay in the history.
#[server(prefix = "/fn", endpoint = "slo_remove")]
pub async fn remove_slo(
    name: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().remove_slo(&name, &reason).await)?;
    super::go("/slos");
    Ok(())
}

/// Excludes time from the figures of a service or an objective.
#[server(prefix = "/fn", endpoint = "exclusion_begin")]
pub async fn begin_exclusion(
    service: String,
    /// Of which objective of it; empty for all.
    #[server(default)]
    objective: String,
    /// From when on, as RFC 3339.
    from: String,
    /// Until when, as RFC 3339.
    to: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    let form = ExclusionForm {
        service,
        objective,
        from,
        to,
        reason,
    };
    super::changed(super::use_cases()?.promise().exclude(&form).await.map(|_| ()))
}

/// Removes an exclusion: its time counts again.
#[server(prefix = "/fn", endpoint = "exclusion_end")]
pub async fn end_exclusion(
    /// The exclusion's number.
    id: i64,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().end_exclusion(id, &reason).await)
}

/// Says what a spent budget of a service does.
#[server(prefix = "/fn", endpoint = "policy_set")]
pub async fn set_budget_policy(
    /// `service.name`.
    service: String,
    /// `nothing`, `warn` or `block`.
    policy: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    let policy = policy.parse().map_err(|message| {
        Failure::Field(pointsman_domain::kit::field::FieldError {
            field: "policy".to_owned(),
            message,
        })
    });
    let set = async {
        super::use_cases()?
            .promise()
            .set_policy(&service, policy?, &reason)
            .await
            .map_err(Failure::from)
    };
    super::changed(set.await)
}
