//! What is left of a budget, as a bar that empties from the right; what it is in words stands beside it.

use leptos::prelude::*;
use pointsman_domain::health::Health;

use super::state_class;

/// A bar of 100 by 8. Where all is spent, how much beyond is in the words beside it.
#[component]
pub fn BudgetBar(
    /// The share that is left; negative where more than all is spent.
    left: f64,
    /// How the objective stands.
    health: Health,
) -> AnyView {
    let width = format!("{:.1}", left.clamp(0.0, 1.0) * 100.0);
    view! {
        <svg class=format!("budget-bar {}", state_class(health)) viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="budget-all" width="100" height="8" />
            <rect class="budget-left" width=width height="8" />
        </svg>
    }
    .into_any()
}
