//! Rows for the tables of the assembly's tests.
#![allow(clippy::unwrap_used, reason = "a test that can't build its rows is wrong")]
