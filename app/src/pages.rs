//! One module a page: it reads its parameters from the URL, makes its resources and composes components.

pub mod logs;
pub mod overview;
pub mod service;
pub mod topology;
pub mod trace;
pub mod traces;
