//! See: reads of telemetry, a file each. Each adds up its rows in one snapshot of the store, a piece at a time, in its turn and beside the
//! runtime ([`crate::reads`]), and assembles its read model in a function that knows no database.

mod attention;
mod choices;
mod figures;
mod logs;
mod overview;
mod redact;
mod service;
mod status;
mod topology;
mod trace;
mod traces;
mod tracks;
mod windows;

pub(crate) use windows::{Key as WindowsKey, Windows};

#[cfg(test)]
mod samples;
