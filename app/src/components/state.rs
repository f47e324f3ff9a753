//! State, always by three carriers: shape, word and colour. It reads in grey print and to the colour-blind.

use leptos::prelude::*;
use pointsman_domain::health::Health;

/// The class that gives `--state`, `--state-soft` and `--state-ink` to what is inside.
pub fn state_class(health: Health) -> &'static str {
    match health {
        Health::Healthy => "state-clear",
        Health::Degraded => "state-caution",
        Health::Failing => "state-danger",
        Health::NoTraffic => "state-unknown",
    }
}

/// The shape in a box of 12 by 12: filled disc, triangle, square with a notch, ring. Fill it by `evenodd`.
pub fn state_path(health: Health) -> &'static str {
    match health {
        Health::Healthy => "M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z",
        Health::Degraded => "M6 1L11.4 10.6H0.6z",
        Health::Failing => "M1 1H4.4V4.6H7.6V1H11V11H1z",
        Health::NoTraffic => {
            "M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9zM6 3.1a2.9 2.9 0 1 0 0 5.8a2.9 2.9 0 1 0 0-5.8z"
        }
    }
}

/// The shape alone, for where the word stands beside it already.
#[component]
pub fn StateGlyph(health: Health) -> AnyView {
    view! {
        <svg class=format!("glyph {}", state_class(health)) viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d=state_path(health) fill-rule="evenodd" />
        </svg>
    }
    .into_any()
}

/// Shape, word and colour.
#[component]
pub fn State(
    health: Health,
    /// Another word than the state's own.
    #[prop(optional, into)]
    word: Option<String>,
) -> AnyView {
    let word = word.unwrap_or_else(|| health.word().to_owned());
    view! {
        <span class=format!("state {}", state_class(health))>
            <StateGlyph health />
            <span class="state-word">{word}</span>
        </span>
    }
    .into_any()
}
