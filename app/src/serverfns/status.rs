//! Server functions of the pipeline's status.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::read::PipelineStatus;

use crate::failure::Failure;

/// How far what is shown lags behind what was acknowledged.
#[server(prefix = "/fn", endpoint = "status", input = GetUrl, output = crate::codec::Json)]
pub async fn read_status() -> Result<PipelineStatus, Failure> {
    super::answer(super::use_cases()?.see().status().await)
}
