//! Service level objectives: what is promised ([`Objective`]), what counts as good ([`Tally`], [`Count`]), what a target leaves ([`Budget`]),
//! how fast that is spent ([`burn_rate`]), when somebody is called ([`burn_windows`]), and how all of it stands ([`Status`]).
//!
//! ```text
//! rollups --[ Objective::counts_*, good ]--> Tally by minute, hour, day --[ span ]--> Measure of a window --> Status, alerts
//!                                                  `--[ Slice ]--> good and bad slices
//! ```
//!
//! Terms are OpenSLO's, formulas those of the Site Reliability Workbook, chapters 2 and 5.

mod alert;
mod backtest;
mod board;
mod budget;
mod channel;
mod channel_fields;
mod count;
mod draft;
mod form;
mod level;
mod measure;
mod notice;
mod objective;
mod page;
mod slice;
mod status;

pub use alert::{AlertSeverity, BurnWindow, MIN_BAD, burn_windows};
pub use backtest::{Backtest, Called, QUIET, Traffic, backtest};
pub use board::{AlertBoard, ChannelBoard, SloCourse, SloList, SloView, Spending, Spent};
pub use budget::{Budget, Target, burn_rate, burn_rate_at_least, hours_to_exhaustion};
pub use channel::{Channel, ChannelForm, ChannelKind, MailSecurity};
pub use channel_fields::ChannelFields;
pub use count::{Count, Tally, Z};
pub use draft::ObjectiveDraft;
pub use form::ObjectiveForm;
pub use level::{Interval, Level, intervals};
pub use measure::Measure;
pub use notice::{Notice, NoticeEvent, Notification, ReportNotice};
pub use objective::{Budgeting, CalendarUnit, Indicator, Limit, MAX_MEMBERS, Member, Objective, Window};
pub use page::{
    Alert, AlertQuery, Alerts, Deploy, Exclusion, ExclusionForm, Failing, Policy, PolicyRow, PolicyVerdict, Silence,
    SilenceForm, SloDetail, SloPoint, SloSummary,
};
pub use slice::{Slice, covers, touches, whole_slices};
pub use status::{Burn, Excluded, Figures, Status};
