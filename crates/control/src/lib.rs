//! Pointsman: control.
