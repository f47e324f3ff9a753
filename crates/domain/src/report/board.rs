//! The page of reports.

use serde::{Deserialize, Serialize};

use super::{ReportIndex, Schedule};
use crate::Text;

/// The reports that there are, and who gets them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReportBoard {
    /// All reports that the reader may see.
    pub index: ReportIndex,
    /// Schedules of mails; `None` for readers who may not set them.
    pub sending: Option<Sending>,
}

/// Schedules by which reports are mailed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sending {
    /// The schedules that there are.
    pub schedules: Vec<Schedule>,
    /// The number and name of each channel that is mail.
    pub mail: Vec<(i64, Text)>,
}
