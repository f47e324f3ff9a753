//! Objectives of a report: how each went, what its budget went on, and its last periods.

use leptos::prelude::*;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{ObjectiveRow, trend_labels};

use crate::components::{Column, DataTable, Section, Sparkline, State};
use crate::format;
use crate::views::report as words;

/// How each went.
#[component]
pub(super) fn Objectives(rows: Vec<ObjectiveRow>) -> AnyView {
    let rows = rows.into_iter().map(|row| view! { <Row row /> });
    view! {
        <Section id="objectives" title="SLOs">
            <DataTable class="report-table" columns=vec![
                Column::text("SLO"),
                Column::text("Target"),
                Column::figure("Good").of("%"),
                Column::figure("Budget spent").of("%"),
                Column::figure("Alerts"),
            ]>
                {rows.collect_view()}
            </DataTable>
        </Section>
    }
    .into_any()
}

#[component]
fn Row(row: ObjectiveRow) -> AnyView {
    let (health, word) = words::met(row.met);
    let href = format!("/slos/{}", row.name);
    let title = row.title.to_string();
    let between = row.compliance.map(|_| {
        format!(
            "{} to {}",
            words::good(Some(row.confidence.0)),
            words::good(Some(row.confidence.1))
        )
    });
    let few =
        (!row.enough && row.compliance.is_some()).then(|| view! { <span class="slo-few">"too few to tell"</span> });
    let excluded = (row.excluded > 0).then(|| format!("{} excluded", format::count(row.excluded)));
    let spent = row.compliance.map_or_else(
        || format::NONE.to_owned(),
        |_| format!("{:.0}", row.budget_spent * 100.0),
    );
    let target = format!("{} %", format::exact_percent(row.target.share()));
    view! {
        <tr>
            <th scope="row">
                <a href=href>{title}</a>
                <span class="slo-sentence">{row.sentence}</span>
            </th>
            <td><State health word=word /> <span class="slo-sample">{target}</span></td>
            <td class="num">
                {words::good(row.compliance)}
                <span class="slo-sample">{between}</span>
                {few}
                <span class="slo-sample">{excluded}</span>
            </td>
            <td class="num">{spent}</td>
            <td class="num">{format::count((row.alerts.pages + row.alerts.tickets).into())}</td>
        </tr>
    }
    .into_any()
}

/// What spent the budgets, as far as anything was bad.
#[component]
pub(super) fn Causes(rows: Vec<ObjectiveRow>) -> AnyView {
    let any = rows.iter().any(|row| !row.spent_on.is_empty());
    let rows = rows.into_iter().flat_map(|row| {
        let of = row.spent_on.len();
        row.spent_on.into_iter().enumerate().map(move |(at, cause)| {
            let name =
                (at == 0).then(|| view! { <th scope="rowgroup" rowspan=of.to_string()>{row.name.to_string()}</th> });
            let label = (cause.label.as_str() != words::cause(cause.kind)).then(|| format::shown(&cause.label));
            view! {
                <tr>
                    {name}
                    <td>{words::cause(cause.kind)}</td>
                    <td>{label}</td>
                    <td class="num">{format::count(cause.bad)}</td>
                    <td class="num">{format::percent(cause.share)}</td>
                </tr>
            }
        })
    });
    any.then(|| {
        view! {
            <Section id="causes" title="What spent the budgets">
                <p class="quiet">"By the hour: bad events within two hours after a version was first seen are attributed to that change, otherwise to the alert that was firing, otherwise they are unexplained."</p>
                <DataTable class="report-table" columns=vec![
                    Column::text("SLO"),
                    Column::text("Cause"),
                    Column::text("Details"),
                    Column::figure("Bad"),
                    Column::figure("Share").of("%"),
                ]>
                    {rows.collect_view()}
                </DataTable>
            </Section>
        }
    })
    .into_any()
}

/// The last periods of each: a line, and the figures behind it.
#[component]
pub(super) fn Trend(rows: Vec<ObjectiveRow>, label: PeriodLabel) -> AnyView {
    let mut columns = vec![Column::text("SLO"), Column::unseen("Bad events")];
    columns.extend(
        trend_labels(label)
            .into_iter()
            .map(|label| Column::figure(label.to_string())),
    );
    let rows = rows.into_iter().map(|row| {
        let target = row.target.share();
        let known: Vec<f64> = row.trend.iter().flatten().copied().collect();
        // How far from perfect: the line goes up where it got worse.
        let bad: Vec<f64> = known.iter().map(|share| 1.0 - share).collect();
        let said = format!("Bad events of {} in its last periods", row.name);
        let cells = row.trend.iter().map(|share| {
            let missed = share.is_some_and(|share| share < target);
            let mark = missed.then(|| view! { <span class="missed"><span class="only-read">"missed "</span><span aria-hidden="true">"▲"</span></span> });
            view! { <td class="num">{mark}{words::good(*share)}</td> }
        });
        view! {
            <tr>
                <th scope="row">{row.name.to_string()}</th>
                <td class="trend-line">{(bad.len() > 1).then(|| view! { <Sparkline values=bad label=said /> })}</td>
                {cells.collect_view()}
            </tr>
        }
    });
    view! {
        <Section id="trend" title="Last twelve periods">
            <p class="quiet">"Good events in percent; the line shows bad events. ▲ marks a missed target."</p>
            <DataTable class="report-table trend" columns>{rows.collect_view()}</DataTable>
        </Section>
    }
    .into_any()
}
