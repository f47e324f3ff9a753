//! Closed reports, which the schema lets nobody change, and who gets them by mail.

pub mod records;
pub mod schedules;
