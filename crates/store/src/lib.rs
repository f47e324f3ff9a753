//! Pointsman: store.
