//! Links inside a drawing. The router sees links in HTML only.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Follows a link that is an SVG element, which the router does not see: without loading the page anew, and without scrolling.
pub fn follow(href: impl Fn() -> String + 'static) -> impl Fn(MouseEvent) + 'static {
    let navigate = use_navigate();
    move |event| {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.button() == 0 && !modified {
            event.prevent_default();
            let here = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&untrack(&href), here);
        }
    }
}
