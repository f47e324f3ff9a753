//! See: reads of telemetry, a file each. Each adds up its rows in one snapshot of the store, a piece at a time, in its turn and beside the
//! runtime ([`crate::reads`]), and what follows from them is [`pointsman_transform::evidence`]'s.

mod choices;
mod frame;
mod logs;
mod overview;
mod redact;
mod service;
mod status;
mod topology;
mod trace;
mod traces;
