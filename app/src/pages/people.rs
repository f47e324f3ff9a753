//! Accounts, teams, and what they did.

pub mod audit;
pub mod new_token;
pub mod profile;
pub mod team;
pub mod teams;
pub mod users;
