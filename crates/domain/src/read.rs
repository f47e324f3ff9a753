//! What a page or a program gets to read of telemetry: the answers of `control`, the props of `app`, the JSON of `/api/v1`.

mod log;
mod overview;
mod red;
mod service;
mod status;
mod topology;
mod trace;

pub use log::{LogLine, LogPage};
pub use overview::{Attention, Choices, Overview, ServiceSummary, VersionSummary};
pub use red::{Red, Series};
pub use service::{NodeSummary, OperationSummary, ServiceDetail};
pub use status::{CLOCK_TOLERANCE_NS, JournalFull, LiveEvent, PipelineStatus};
pub use topology::{Topology, TopologyEdge, TopologyNode};
pub use trace::{SpanView, TraceDetail, TracePage, TraceSummary};
