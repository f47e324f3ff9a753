//! What small components look like as HTML, for those who read it without styles: screen readers, text browsers, tests.
#![cfg(feature = "ssr")]

use leptos::prelude::*;
use pointsman_app::components::{Empty, Figure, Sparkline, State};
use pointsman_domain::health::Health;

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new().with(|| view().into_view().to_html())
}

#[test]
fn state_has_shape_word_and_colour() {
    let html = html(|| view! { <State health=Health::Failing /> });
    insta::assert_snapshot!(html, @"");
}

#[test]
fn another_word_keeps_the_shape() {
    let html = html(|| view! { <State health=Health::NoTraffic word="never heard of" /> });
    insta::assert_snapshot!(html, @"");
}

#[test]
fn empty_says_what_to_do_next() {
    let html = html(|| view! { <Empty title="No traces in this range"><p>"Choose a longer range."</p></Empty> });
    insta::assert_snapshot!(html, @"");
}

#[test]
fn a_figure_says_from_what() {
    let html = html(|| view! { <Figure label="Errors" value="7.1" unit="%" from="71 of 1,000 requests" /> });
    insta::assert_snapshot!(html, @"");
}

#[test]
fn a_sparkline_has_a_name() {
    let html = html(|| view! { <Sparkline values=vec![0.0, 1.0] label="Requests per second, at most 1" /> });
    insta::assert_snapshot!(html, @"");
}
