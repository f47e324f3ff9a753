//! Pages for whoever is not signed in yet. They have no navigation.

pub mod setup;
pub mod sign_in;
