//! A table of records: heads from a list of columns, rows from the page. What sorts itself or keeps rows in place while they are read has
//! heads of its own ([`super::SortHead`]).

use leptos::prelude::*;

/// A column: what its head says, and how its cells stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    label: String,
    unit: &'static str,
    figures: bool,
    unseen: bool,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: "",
            figures: false,
            unseen: false,
        }
    }

    /// A column of figures, which stand at the right.
    pub fn figure(label: impl Into<String>) -> Self {
        Self {
            figures: true,
            ..Self::text(label)
        }
    }

    /// A column of moments, in UTC.
    pub fn moment(label: impl Into<String>) -> Self {
        Self::text(label).of("UTC")
    }

    /// A column whose head is only read out, because its cells say what they are: buttons, links, lines.
    pub fn unseen(label: impl Into<String>) -> Self {
        Self {
            unseen: true,
            ..Self::text(label)
        }
    }

    /// The same with a unit, small after the label.
    #[must_use]
    pub fn of(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    fn head(self) -> AnyView {
        if self.unseen {
            return view! { <th scope="col"><span class="only-read">{self.label}</span></th> }.into_any();
        }
        let unit = (!self.unit.is_empty()).then(|| view! { " " <span class="unit">{self.unit}</span> });
        view! { <th scope="col" class:num=self.figures>{self.label} {unit}</th> }.into_any()
    }
}

/// The table, which scrolls by itself where it is wider than the page.
#[component]
pub fn DataTable(
    /// Its columns, from the left.
    columns: Vec<Column>,
    /// The class that gives it its look.
    #[prop(optional)]
    class: &'static str,
    /// Whether it has no rows, and is not shown.
    #[prop(default = Signal::stored(false), into)]
    hidden: Signal<bool>,
    /// Its rows.
    children: Children,
) -> AnyView {
    let heads = columns.into_iter().map(Column::head).collect_view();
    view! {
        <div class="table-wrap" hidden=move || hidden.get()>
            <table class=class>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
