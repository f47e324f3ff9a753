//! Pointsman: transform.
