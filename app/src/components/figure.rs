//! One figure with its unit and, on hover or focus, what it was made from.

use leptos::prelude::*;

/// A labelled figure.
#[component]
pub fn Figure(
    /// What it is.
    #[prop(into)]
    label: String,
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
    let title = from.clone();
    view! {
        <div class=format!("figure {class}") title=title>
            <dt>{label}</dt>
            <dd>
                <span class="figure-value">{value}</span>
                <span class="unit">{unit}</span>
                <span class="only-read">{from}</span>
            </dd>
        </div>
    }
    .into_any()
}
