//! A part of a page under its own heading.

use leptos::prelude::*;

/// A region of the page, named by its heading.
#[component]
pub fn Section(
    /// The id of the heading, as links into the page have it.
    id: &'static str,
    /// The heading.
    #[prop(into)]
    title: String,
    /// Classes beside `section`, such as `no-print`.
    #[prop(optional)]
    class: &'static str,
    /// What stands beside the heading: the way to all of it, or what it is of.
    #[prop(optional)]
    beside: Option<AnyView>,
    /// What is in it.
    children: Children,
) -> AnyView {
    let heading = view! { <h2 id=id>{title}</h2> };
    let head = match beside {
        Some(beside) => view! { <div class="section-head">{heading} {beside}</div> }.into_any(),
        None => heading.into_any(),
    };
    let class = if class.is_empty() {
        "section".to_owned()
    } else {
        format!("section {class}")
    };
    view! {
        <section class=class aria-labelledby=id>
            {head}
            {children()}
        </section>
    }
    .into_any()
}
