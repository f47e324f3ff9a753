//! Pointsman: demo.
