//! The backend that plotters draws on: SVG paths with classes for colours, so that a chart follows the theme, and so
//! that the server and the browser write the same text. It draws no text: labels are the page's.

use std::fmt::Write;

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

/// Where the paths go.
pub(super) struct Paths<'a> {
    out: &'a mut String,
    size: (u32, u32),
}

impl<'a> Paths<'a> {
    pub(super) fn new(out: &'a mut String, size: (u32, u32)) -> Self {
        Self { out, size }
    }

    fn path(&mut self, color: BackendColor, kind: &str, points: impl IntoIterator<Item = BackendCoord>, close: bool) {
        if color.alpha == 0.0 {
            return;
        }
        // The red of a colour is the number of its class; see `super::draw`.
        let _ = write!(self.out, r#"<path class="{kind}-{}" d=""#, color.rgb.0);
        for (i, (x, y)) in points.into_iter().enumerate() {
            let _ = write!(self.out, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
        }
        self.out.push_str(if close { "z\"/>" } else { "\"/>" });
    }
}

type Drawn = Result<(), DrawingErrorKind<std::fmt::Error>>;

impl DrawingBackend for Paths<'_> {
    type ErrorType = std::fmt::Error;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _point: BackendCoord, _color: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.path(style.color(), "line", [from, to], false);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.path(style.color(), "line", path, false);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.path(style.color(), "area", path, true);
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, _text: &str, _style: &T, _at: BackendCoord) -> Drawn {
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        _text: &str,
        _style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<std::fmt::Error>> {
        Ok((0, 0))
    }
}
