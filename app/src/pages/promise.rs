//! What is promised of services, and what came of it: objectives, alerts, agreements, reports.

pub mod alerts;
#[cfg(feature = "ssr")]
pub mod channels;
#[cfg(feature = "ssr")]
pub mod report;
#[cfg(feature = "ssr")]
pub mod reports;
#[cfg(feature = "ssr")]
pub mod sla;
#[cfg(feature = "ssr")]
pub mod sla_form;
#[cfg(feature = "ssr")]
pub mod slas;
pub mod slo;
pub mod slo_form;
pub mod slos;
