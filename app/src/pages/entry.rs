//! Pages for whoever is not signed in yet. They have no navigation.

#[cfg(feature = "ssr")]
pub mod setup;
#[cfg(feature = "ssr")]
pub mod sign_in;
