//! What small components look like as HTML, for those who read it without styles: screen readers, text browsers, tests.
#![cfg(feature = "ssr")]

use leptos::prelude::*;
use pointsman_app::components::{Empty, Figure, Sparkline, State, TextInput};
use pointsman_domain::health::Health;

/// Without the marks by which the browser finds its place when it takes the page over.
fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let html = Owner::new().with(|| view().into_view().to_html());
    html.replace("<!>", "")
}

#[test]
fn state_has_shape_word_and_colour() {
    let html = html(|| view! { <State health=Health::Failing /> });
    insta::assert_snapshot!(html, @r#"<span class="state state-danger"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" class="glyph state-danger"><path d="M1 1H4.4V4.6H7.6V1H11V11H1z" fill-rule="evenodd"></path></svg><span class="state-word">failing</span></span>"#);
}

#[test]
fn another_word_keeps_the_shape() {
    let shape = |html: &str| html.split("state-word").next().map(str::to_owned);
    let plain = html(|| view! { <State health=Health::NoTraffic /> });
    let worded = html(|| view! { <State health=Health::NoTraffic word="never heard of" /> });
    assert_eq!(shape(&plain), shape(&worded));
    assert!(worded.contains(">never heard of<"), "{worded}");
}

#[test]
fn empty_says_what_to_do_next() {
    let html = html(|| view! { <Empty title="No traces in this range"><p>"Choose a longer range."</p></Empty> });
    insta::assert_snapshot!(html, @r#"<section class="empty"><h2>No traces in this range</h2><p>Choose a longer range.</p></section>"#);
}

#[test]
fn a_figure_says_from_what() {
    let html = html(|| view! { <Figure label="Errors" value="7.1" unit="%" from="71 of 1,000 requests" /> });
    insta::assert_snapshot!(html, @r#"<div tabindex="0" class="figure"><dt>Errors</dt><dd><span class="figure-value">7.1</span><span class="unit">%</span><span class="figure-from">71 of 1,000 requests</span></dd></div>"#);
}

#[test]
fn a_sparkline_has_a_name() {
    let html = html(|| view! { <Sparkline values=vec![0.0, 1.0] label="Requests per second, at most 1" /> });
    insta::assert_snapshot!(html, @r#"<svg viewBox="0 0 120 24" width="120" height="24" preserveAspectRatio="none" role="img" aria-label="Requests per second, at most 1" class="sparkline"><path d="M0.0 22.5L120.0 1.5"></path></svg>"#);
}

#[test]
fn a_hint_is_said_with_the_field_and_is_not_its_name() {
    let html = html(|| view! { <TextInput name="title" label="Title" hint="What pages call it" required=true /> });
    let label = html.split("</label>").next().unwrap_or_default();
    assert!(
        label.contains("<span>Title</span>") && label.contains(" required"),
        "{html}"
    );
    assert!(label.contains(r#"aria-description="What pages call it""#), "{html}");
    assert!(!label.contains("hint"), "{html}");
}
