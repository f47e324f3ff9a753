//! Evidence: what was counted over a range, summed up to the parts that are judged, and what follows from it.
//!
//! ```text
//! rows of nodes, series, edges --> Services, Edges     what each part served, what went over each edge
//!                                       |
//!                                       +--> attention()  which service is bad, down to the version or node, since when
//!                                       +--> overview(), ServiceDetailEvidence::detail(), TopologyEvidence::topology()
//! ```
//!
//! Who has the database reads the rows, a piece at a time, and hands them in; [`Windows`] says which. Whatever judges a part of the system
//! over time stands on the same sums: pages today, and whatever compares a version with another.

mod attention;
mod edges;
mod judged;
mod overview;
#[cfg(test)]
mod samples;
mod service;
mod services;
mod summary;
mod topology;
mod windows;

pub use attention::attention;
pub use edges::{EdgeEvidence, EdgeRow, Edges};
pub use overview::overview;
pub use service::ServiceDetailEvidence;
pub use services::{NodeRow, Part, SeriesRow, ServiceEvidence, Services};
pub use topology::TopologyEvidence;
pub use windows::{Windows, WindowsKey};
