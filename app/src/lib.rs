//! Pointsman: app.
