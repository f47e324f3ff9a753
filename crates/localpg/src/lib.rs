//! Pointsman: localpg.
