//! The habits of every table: an order that stands in the URL, heads that change it without JavaScript, and rows that keep
//! their places while they are being read.

use std::cmp::Ordering;
use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::health::Health;
use pointsman_domain::read::Red;

use crate::url::use_query;

/// By what a table is sorted: `sort=p95&dir=asc` in the URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// The column, or empty for the page's own order.
    pub column: String,
    /// Smallest first.
    pub ascending: bool,
}

impl Order {
    /// The order in the URL of the page that is open.
    pub fn of_page() -> Memo<Self> {
        let query = use_query();
        Memo::new(move |_| {
            query.with(|query| Self {
                column: query.text("sort").unwrap_or_default(),
                ascending: query.get("dir") == Some("asc"),
            })
        })
    }

    /// Compares two rows by the columns that all tables of figures have: `state`, `name`, `rate`, `errors`, `p50`, `p95` and `p99`. Equal where the
    /// order is by another column.
    pub fn of_figures<N: Ord>(&self, a: (Health, &N, &Red), b: (Health, &N, &Red)) -> Ordering {
        let ((a_health, a_name, a), (b_health, b_name, b)) = (a, b);
        match self.column.as_str() {
            "state" => a_health.cmp(&b_health),
            "name" => a_name.cmp(b_name),
            "rate" => a.rate.total_cmp(&b.rate),
            "errors" => a.error_ratio.total_cmp(&b.error_ratio),
            "p50" => a.p50_ns.cmp(&b.p50_ns),
            "p95" => a.p95_ns.cmp(&b.p95_ns),
            "p99" => a.p99_ns.cmp(&b.p99_ns),
            _ => Ordering::Equal,
        }
    }

    /// Turns a comparison around where the greatest is to come first.
    pub fn directed(&self, ordering: Ordering) -> Ordering {
        if self.ascending { ordering } else { ordering.reverse() }
    }
}

/// A column's head that sorts by it.
#[component]
pub fn SortHead(
    /// Its name in the URL.
    column: &'static str,
    /// Its head.
    label: &'static str,
    /// The unit of its figures, small after the head.
    #[prop(optional)]
    unit: &'static str,
    /// Whether it holds figures, which stand at the right.
    #[prop(optional)]
    numeric: bool,
    /// Whether it begins with the greatest although it holds no figures, such as a state.
    #[prop(optional)]
    worst_first: bool,
    /// The order of the page.
    order: Memo<Order>,
) -> AnyView {
    let (query, location) = (use_query(), use_location());
    let greatest_first = numeric || worst_first;
    let sorted = move || order.with(|order| (order.column == column).then_some(order.ascending));
    let aria = move || sorted().map(|ascending| if ascending { "ascending" } else { "descending" });
    let mark = move || sorted().map_or("", |ascending| if ascending { "↑" } else { "↓" });
    // Figures begin with the greatest, names with the first; a second click turns the order, a third gives it back.
    let href = move || {
        let (column, dir) = match sorted() {
            None if greatest_first => (column, ""),
            Some(ascending) if ascending == greatest_first => ("", ""),
            Some(true) => (column, "desc"),
            None | Some(false) => (column, "asc"),
        };
        let query = query.get().with("sort", column).with("dir", dir);
        location.pathname.with(|path| query.link(path))
    };
    view! {
        <th scope="col" class:num=numeric aria-sort=aria>
            <a href=href data-noscroll="true">
                {label}
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> })}
                <span class="sort-mark" aria-hidden="true">{mark}</span>
            </a>
        </th>
    }
    .into_any()
}

/// Keeps the rows of a table where they are while the pointer is over it or the focus in one of them.
#[derive(Debug, Clone, Copy)]
pub struct Steady {
    over: RwSignal<bool>,
    focused: RwSignal<bool>,
    places: StoredValue<(Order, HashMap<String, usize>)>,
}

impl Default for Steady {
    fn default() -> Self {
        Self {
            over: RwSignal::new(false),
            focused: RwSignal::new(false),
            places: StoredValue::new((Order::default(), HashMap::new())),
        }
    }
}

impl Steady {
    /// Tell it when the pointer comes: `on:pointerenter=move |_| steady.enter()`.
    pub fn enter(self) {
        self.over.set(true);
    }

    /// Tell it when the pointer goes.
    pub fn leave(self) {
        self.over.set(false);
    }

    /// Tell it whether the focus is in a row: `on:focusin=move |_| steady.focus(true)` and `on:focusout`, both at the body.
    pub fn focus(self, inside: bool) {
        self.focused.set(inside);
    }

    /// Puts rows that were there before where they were, new ones after them; only while the table is being read and the
    /// reader has not asked for another order.
    pub fn arrange<T>(self, rows: &mut [T], order: &Order, key: impl Fn(&T) -> String) {
        let held = self.over.get_untracked() || self.focused.get_untracked();
        self.places.update_value(|(before, places)| {
            if held && before == order {
                rows.sort_by_key(|row| places.get(&key(row)).copied().unwrap_or(usize::MAX));
            }
            before.clone_from(order);
            *places = rows.iter().enumerate().map(|(i, row)| (key(row), i)).collect();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_places_while_they_are_read_until_another_order_is_asked_for() {
        let names = |rows: &[&'static str]| rows.concat();
        Owner::new().with(|| {
            let steady = Steady::default();
            let by = |column: &str| Order {
                column: column.to_owned(),
                ascending: false,
            };
            let mut rows = ["a", "b", "c"];
            steady.arrange(&mut rows, &by("rate"), ToString::to_string);
            steady.enter();
            let mut rows = ["d", "c", "a", "b"];
            steady.arrange(&mut rows, &by("rate"), ToString::to_string);
            assert_eq!(names(&rows), "abcd");
            let mut rows = ["c", "d", "a", "b"];
            steady.arrange(&mut rows, &by("p95"), ToString::to_string);
            assert_eq!(names(&rows), "cdab");
            steady.leave();
            let mut rows = ["b", "a", "c", "d"];
            steady.arrange(&mut rows, &by("p95"), ToString::to_string);
            assert_eq!(names(&rows), "bacd");
            steady.focus(true);
            let mut rows = ["a", "b", "c", "d"];
            steady.arrange(&mut rows, &by("p95"), ToString::to_string);
            assert_eq!(names(&rows), "bacd");
        });
    }
}
