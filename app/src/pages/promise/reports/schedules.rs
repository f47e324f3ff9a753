//! Who gets reports by mail, and where the reader may say so.

use leptos::prelude::*;
use pointsman_domain::Text;
use pointsman_domain::report::{Schedule, Sending};
use pointsman_domain::slo::CalendarUnit;

use crate::components::{Change, ChangeFailure, Column, Confirm, DataTable, Reason, Section, Select};
use crate::serverfns::report::{BeginReportSchedule, EndReportSchedule};

/// Schedules, and a form for another.
#[component]
pub(super) fn Schedules(
    sending: Sending,
    teams: Vec<Text>,
    begin: ServerAction<BeginReportSchedule>,
    end: ServerAction<EndReportSchedule>,
) -> AnyView {
    let Sending { schedules, mail } = sending;
    let none = schedules.is_empty();
    let rows = schedules.into_iter().map(|schedule| view! { <Row schedule end /> });
    let rows = rows.collect_view();
    let offer = if mail.is_empty() {
        view! { <p class="quiet">"Reports are sent to email channels; admins create them under "<a href="/alerts/channels">"Notification channels"</a>"."</p> }
            .into_any()
    } else {
        view! { <Offer mail teams begin /> }.into_any()
    };
    view! {
        <Section id="sending" title="Email delivery" class="no-print">
            <ChangeFailure action=begin />
            <ChangeFailure action=end />
            {none.then(|| view! { <p class="quiet">"No reports are sent by email yet."</p> })}
            <DataTable class="people" hidden=none columns=vec![
                Column::text("To"),
                Column::text("Every"),
                Column::text("Scope"),
                Column::text("Next"),
                Column::unseen("Actions"),
            ]>
                {rows}
            </DataTable>
            {offer}
        </Section>
    }
    .into_any()
}

fn every(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Quarter => "quarter",
        _ => "month",
    }
}

#[component]
fn Row(schedule: Schedule, end: ServerAction<EndReportSchedule>) -> AnyView {
    let what = format!("No more reports are sent to {}.", schedule.channel_name);
    let of = schedule
        .team
        .map_or_else(|| "all teams".to_owned(), |team| team.to_string());
    view! {
        <tr>
            <th scope="row">{schedule.channel_name.to_string()}</th>
            <td>{every(schedule.unit)}</td>
            <td>{of}</td>
            <td>{schedule.next.spoken()}</td>
            <td class="row-change">
                <Confirm action=end verb="Stop sending" what>
                    <input type="hidden" name="id" value=schedule.id.to_string() />
                </Confirm>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Offer(mail: Vec<(i64, Text)>, teams: Vec<Text>, begin: ServerAction<BeginReportSchedule>) -> AnyView {
    let channels = mail.into_iter().map(|(id, name)| (id.to_string(), name.to_string()));
    let own = |team: Text| (team.to_string(), team.to_string());
    let of = std::iter::once((String::new(), "all teams".to_owned())).chain(teams.into_iter().map(own));
    let (channels, of): (Vec<_>, Vec<_>) = (channels.collect(), of.collect());
    let units = ["month", "quarter"].map(|unit| (unit.to_owned(), unit.to_owned()));
    view! {
        <details class="offer">
            <summary>"Send reports"</summary>
            <Change action=begin label="Send reports">
                <Select name="channel" label="To" options=channels />
                <Select name="unit" label="Every" options=units.to_vec() />
                <Select name="team" label="Scope" options=of />
                <Reason />
                <button class="button primary" type="submit">"Save"</button>
            </Change>
        </details>
    }
    .into_any()
}
