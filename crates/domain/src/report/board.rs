//! The page of reports.

use serde::{Deserialize, Serialize};

use super::{ReportIndex, Schedule};
use crate::Text;

/// The reports that there are, and who gets them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReportBoard {
    /// The reports.
    pub index: ReportIndex,
    /// Who gets them by mail; `None` for whom it is not for.
    pub sending: Option<Sending>,
}

/// Who gets reports by mail, and who could.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sending {
    /// What is sent.
    pub schedules: Vec<Schedule>,
    /// The channels that are mail, by number and name.
    pub mail: Vec<(i64, Text)>,
}
