//! One module a page, in the folder of its area ([`crate::site_map::Area`]): it reads its parameters from the URL, makes its resources and
//! composes components. Components that only one page has live with it. Documents (see [`crate::lazy`]) are on the server alone.

pub mod entry;
pub mod people;
pub mod promise;
pub mod see;
