//! Rows of figures as arrays of columns.
