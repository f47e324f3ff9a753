//! The parts that pages are made of, each built once. They take data and signals, and fetch nothing.

mod amount;
mod chart;
mod empty;
mod figure;
mod frame;
mod graph;
mod held;
mod jump;
mod live_mark;
mod loaded;
mod log_line;
mod moment;
mod name;
mod problem;
mod sparkline;
mod state;
mod station_panel;
mod table;
mod time_range;
mod topology_table;

pub use amount::{Duration, Percent, Rate};
pub use chart::{ChartLink, ChartMark, TimeChart};
pub use empty::{Empty, FirstSpan};
pub use figure::Figure;
pub use frame::Frame;
pub use graph::Graph;
pub use held::{Data, Held};
pub use jump::Jump;
#[cfg(feature = "ssr")]
pub(crate) use live_mark::THEME_SCRIPT;
pub use live_mark::{LiveMark, ThemeSwitch};
pub use loaded::Loaded;
pub use log_line::{LogLines, SeverityWord};
pub use moment::Moment;
pub use name::{Chip, ServiceName};
pub use problem::Problem;
pub use sparkline::{Sparkline, sparkline_path};
pub use state::{State, StateGlyph, state_class, state_path};
pub use station_panel::ChosenPanel;
pub use table::{Order, SortHead, Steady};
pub use time_range::TimePicker;
pub use topology_table::TopologyTable;
