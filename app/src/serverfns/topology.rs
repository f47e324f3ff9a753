//! Server functions of the topology.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::read::Topology;

use crate::failure::Failure;
use crate::url::RangeForm;

/// The topology of this range.
#[server(prefix = "/fn", endpoint = "topology", input = GetUrl, output = crate::codec::Json)]
pub async fn read_topology(
    /// As in the URL.
    #[server(default)]
    range: RangeForm,
) -> Result<Topology, Failure> {
    let range = super::answer(range.parse())?;
    super::answer(super::use_cases()?.see().topology(range).await)
}
