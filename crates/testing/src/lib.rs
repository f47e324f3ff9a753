//! Pointsman: testing.
