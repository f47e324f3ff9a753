//! One figure with its unit and, on hover, focus or touch, what it was made from.

use leptos::prelude::*;

/// A labelled figure.
#[component]
pub fn Figure(
    #[prop(into)] label: String,
    /// The figure, as it is read.
    #[prop(into)]
    value: String,
    /// Its unit, small after it.
    #[prop(optional, into)]
    unit: String,
    /// From what: window, sample size, formula.
    #[prop(optional, into)]
    from: String,
    /// A class for its state, such as [`super::state_class`] gives.
    #[prop(optional, into)]
    class: String,
) -> AnyView {
    // A stop of the keyboard only where there is something to tell.
    let stop = (!from.is_empty()).then_some("0");
    let from = (!from.is_empty()).then(|| view! { <span class="figure-from">{from}</span> });
    view! {
        <div class=format!("figure {class}") tabindex=stop>
            <dt>{label}</dt>
            <dd>
                <span class="figure-value">{value}</span>
                <span class="unit">{unit}</span>
                {from}
            </dd>
        </div>
    }
    .into_any()
}
