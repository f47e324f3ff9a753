//! Pointsman: frontend.
