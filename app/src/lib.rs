//! The console: what a person sees. The last stage of the pipeline, and the only one that knows HTML.
//!
//! ```text
//!  URL --> pages/ --> serverfns/ --> control::UseCases    (on the server, and from the browser over /fn/...)
//!            |
//!            +--> components/ --> HTML + SVG              (the same code on both sides)
//! ```
//!
//! Every view is a URL: the time range, the filters and the order of a table stand in it ([`url`]), so that a page can
//! be shared, reads without JavaScript, and hydrates to what was sent. [`site_map`] lists the pages. A page reads its parameters, makes its
//! resources and composes components; a part of it that would hold the rest up, or that follows another clock, reads by itself (recent
//! traces, ownership, a chosen span). What pages share takes data and signals; of it only the frame (who reads), the palette (names of services)
//! and an empty search (whether anything was ever received) read anything. [`live`] tells pages when to read again.
//!
//! Invariant: no SQL and no rule. What is rendered depends on the data and the URL alone, never on the clock of the browser.

#![recursion_limit = "512"]
#![allow(clippy::needless_pass_by_value, reason = "components own their props")]

pub mod app;
pub mod codec;
pub mod components;
pub mod failure;
pub mod format;
pub mod lazy;
pub mod live;
pub mod pages;
mod provider;
pub mod serverfns;
pub mod site_map;
pub mod url;
pub mod views;

pub use app::App;
#[cfg(feature = "ssr")]
pub use app::shell;
pub use provider::Provider;
