//! Promise: what services are to keep, how they stand, and what is told of it.
//!
//! ```text
//! slo (objectives, alerts) --> sla (contracts: periods closed for ever) --> report (months and quarters, whole and by team)
//!        |                                                                     |
//!        +--> alerts ------------------> crate::notices <-- mail --------------+
//! ```

pub(crate) mod period;
pub mod report;
pub mod sla;
pub mod slo;
