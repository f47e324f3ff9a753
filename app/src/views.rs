//! What pages show, worked out before it is drawn: pure functions from data to positions, rows and words.

pub mod diff;
pub mod filters;
pub mod layout;
pub mod logscale;
pub mod overview;
pub mod people;
pub mod report;
pub mod service;
pub mod severity;
pub mod slo;
pub mod slo_form;
pub mod slo_slider;
pub mod topology;
pub mod trace;
pub mod waterfall;
