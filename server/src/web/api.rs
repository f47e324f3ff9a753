//! `/api/v1`: what the pages show, as JSON; the parameters are those of the pages' URLs. Objectives and
//! contracts can be changed here too.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::routing::{any, on};
use axum::{Json, Router};
use pointsman_control::Control;

use pointsman_domain::ids::TraceId;
use pointsman_domain::query::{FieldError, LogForm, TraceForm};
use pointsman_domain::read::{LogPage, Overview, PipelineStatus, ServiceDetail, Topology, TraceDetail, TracePage};
use pointsman_domain::time::RangeSpec;
use serde::Deserialize;

mod alerts;
mod audit;
mod channels;
mod exclusions;
pub mod failure;
mod given;
mod policies;
mod reports;
mod slas;
mod slos;

use super::routes::Api;
use super::use_cases::UseCases;
use failure::Failure;

type Answer<T> = Result<Json<T>, Failure>;
type Given<T> = Result<Query<T>, QueryRejection>;

/// All of [`Api`], and a JSON answer for every other path.
pub fn router(control: Control) -> Router {
    let add = |router: Router<Control>, route: &Api| {
        let method = route.filter();
        let handler = match route {
            Api::Overview => on(method, overview),
            Api::Topology => on(method, topology),
            Api::Services => on(method, services),
            Api::Service => on(method, service),
            Api::Traces => on(method, traces),
            Api::Trace => on(method, trace),
            Api::Logs => on(method, logs),
            Api::Status => on(method, status),
            Api::Audit => on(method, audit::audit),
            Api::Slos => on(method, slos::list),
            Api::SloNew => on(method, slos::create),
            Api::Slo => on(method, slos::detail),
            Api::SloEdit => on(method, slos::edit),
            Api::SloRemove => on(method, slos::remove),
            Api::Backtest => on(method, slos::backtest),
            Api::OpenSloOut => on(method, slos::export),
            Api::OpenSloIn => on(method, slos::import),
            Api::Alerts => on(method, alerts::list),
            Api::AlertAck => on(method, alerts::acknowledge),
            Api::SilenceNew => on(method, alerts::silence),
            Api::SilenceEnd => on(method, alerts::end_silence),
            Api::Exclusions => on(method, exclusions::list),
            Api::ExclusionNew => on(method, exclusions::create),
            Api::ExclusionEnd => on(method, exclusions::end),
            Api::Channels => on(method, channels::list),
            Api::ChannelNew => on(method, channels::create),
            Api::ChannelEdit => on(method, channels::edit),
            Api::ChannelRemove => on(method, channels::remove),
            Api::Policies => on(method, policies::list),
            Api::PolicySet => on(method, policies::set),
            Api::Slas => on(method, slas::list),
            Api::SlaNew => on(method, slas::create),
            Api::Sla => on(method, slas::detail),
            Api::SlaEdit => on(method, slas::edit),
            Api::SlaRemove => on(method, slas::remove),
            Api::SlaPeriods => on(method, slas::periods),
            Api::SlaCorrect => on(method, slas::correct),
            Api::Reports => on(method, reports::list),
            Api::Report => on(method, reports::report),
            Api::Schedules => on(method, reports::schedules),
            Api::ScheduleNew => on(method, reports::schedule),
            Api::ScheduleEnd => on(method, reports::end_schedule),
        };
        router.route(route.path(), handler)
    };
    Api::ALL
        .iter()
        .fold(Router::new(), add)
        .route("/api/{*rest}", any(nothing))
        .with_state(control)
}

async fn nothing() -> Failure {
    Failure::NotFound("There is nothing at this path of /api/v1.".to_owned())
}

/// The time range of a URL.
#[derive(Deserialize)]
struct RangeForm {
    range: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl RangeForm {
    fn parse(&self) -> Result<RangeSpec, FieldError> {
        let range = RangeSpec::parse(self.range.as_deref(), self.from.as_deref(), self.to.as_deref());
        range.map_err(|error| FieldError {
            field: "range".to_owned(),
            message: error.to_string(),
        })
    }
}

async fn overview(use_cases: UseCases, form: Given<RangeForm>) -> Answer<Overview> {
    Ok(Json(use_cases.see().overview(form?.parse()?).await?))
}

async fn topology(use_cases: UseCases, form: Given<RangeForm>) -> Answer<Topology> {
    Ok(Json(use_cases.see().topology(form?.parse()?).await?))
}

async fn services(use_cases: UseCases, form: Given<RangeForm>) -> Answer<Vec<pointsman_domain::read::ServiceSummary>> {
    Ok(Json(use_cases.see().overview(form?.parse()?).await?.services))
}

async fn service(use_cases: UseCases, Path(name): Path<String>, form: Given<RangeForm>) -> Answer<ServiceDetail> {
    let found = use_cases.see().service(&name, form?.parse()?).await?;
    let missing = || Failure::NotFound(format!("No service named `{name}` was ever heard of."));
    found.map(Json).ok_or_else(missing)
}

async fn traces(use_cases: UseCases, form: Given<TraceForm>) -> Answer<TracePage> {
    Ok(Json(use_cases.see().traces(&form?.parse()?).await?))
}

async fn trace(use_cases: UseCases, Path(id): Path<String>) -> Answer<TraceDetail> {
    let id: TraceId = id.parse().map_err(|error| FieldError {
        field: "id".to_owned(),
        message: format!("`{id}` {error}"),
    })?;
    let found = use_cases.see().trace(id).await?;
    let missing = || Failure::NotFound(format!("Nothing of the trace {id} is stored."));
    found.map(Json).ok_or_else(missing)
}

async fn logs(use_cases: UseCases, form: Given<LogForm>) -> Answer<LogPage> {
    Ok(Json(use_cases.see().logs(&form?.parse()?).await?))
}

async fn status(use_cases: UseCases) -> Answer<PipelineStatus> {
    Ok(Json(use_cases.see().status().await?))
}
