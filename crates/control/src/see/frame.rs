//! How the store reads the windows that evidence is of.

use pointsman_store::rollup::Frame;
use pointsman_transform::evidence::Windows;

/// Point by point.
pub(super) fn by_point(windows: &Windows) -> Frame {
    Frame {
        step_ns: Some(windows.step_ns),
        ..as_one(windows)
    }
}

/// All of the range as one.
pub(super) fn as_one(windows: &Windows) -> Frame {
    Frame {
        resolution: windows.resolution,
        range: windows.range,
        step_ns: None,
    }
}
