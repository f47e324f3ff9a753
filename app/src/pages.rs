//! One module a page: it reads its parameters from the URL, makes its resources and composes components.

pub mod alerts;
pub mod audit;
pub mod channels;
pub mod logs;
pub mod new_token;
pub mod overview;
pub mod profile;
pub mod report;
pub mod reports;
pub mod service;
pub mod setup;
pub mod sign_in;
pub mod sla;
pub mod sla_form;
pub mod slas;
pub mod slo;
pub mod slo_form;
pub mod slos;
pub mod team;
pub mod teams;
pub mod topology;
pub mod trace;
pub mod traces;
pub mod users;
