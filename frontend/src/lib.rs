//! The WASM entry point: takes over the page that the server rendered. Nothing else.

use pointsman_app::lazy::{self, page_at};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the hydration script once the module has loaded. The code of the page that is shown comes first, so that all of it is
/// taken over at once. Where it does not come, the page stays as it was sent, and says so.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        let path = leptos::prelude::window().location().pathname().unwrap_or_default();
        let loaded = match page_at(&path) {
            Some(page) => page.load().await,
            None => Ok(()),
        };
        match loaded {
            Ok(()) => leptos::mount::hydrate_body(pointsman_app::App),
            Err(_) => lazy::tell_not_loaded(),
        }
    });
}
