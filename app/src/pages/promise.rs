//! What is promised of services, and what came of it: objectives, alerts, agreements, reports.

pub mod alerts;
pub mod channels;
pub mod report;
pub mod reports;
pub mod sla;
pub mod sla_form;
pub mod slas;
pub mod slo;
pub mod slo_form;
pub mod slos;
