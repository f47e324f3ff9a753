//! `pointsman serve`: joins the parts and takes them apart again.
//!
//! ```text
//!  settings -> ports reserved -> database (private or given), migrated -> journal, loops -> ports opened
//!  signal   -> ports closed, requests under way answered; loops -> connections to the database -> private PostgreSQL
//! ```
//!
//! Each step of the end has a limit, so that a database that does not answer keeps no replica from ending.

mod connections;
mod database;
mod free_disk;
mod ingest_gate;
mod journal_sink;
mod listeners;
mod run;
mod signals;
mod tls;

pub use run::run;
