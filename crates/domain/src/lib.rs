//! Pointsman: domain.
