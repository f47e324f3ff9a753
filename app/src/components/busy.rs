//! The quiet bar over a page that reads.

use leptos::prelude::*;

use crate::live::use_live;

/// Shows while what the reader asked for is read. A live page that reads again by itself shows none: nothing moves unless the
/// system did.
#[component]
pub fn Busy(
    /// Whether something is being read.
    pending: ReadSignal<bool>,
) -> AnyView {
    let live = use_live();
    let at_rest = StoredValue::new(0);
    let on = Memo::new(move |_| {
        let tick = live.tick.get_untracked();
        if pending.get() {
            return at_rest.get_value() == tick;
        }
        at_rest.set_value(tick);
        false
    });
    view! { <div class="busy" class:on=on aria-hidden="true"></div> }.into_any()
}
