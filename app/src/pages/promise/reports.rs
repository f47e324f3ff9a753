//! The reports (`/reports`): of the month and the quarter that run, and all that are closed; and who gets them by mail.

mod schedules;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::Text;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{ReportBoard, ReportIndex, ReportRow, ReportState};

use self::schedules::Schedules;
use crate::components::{Column, DataTable, Loaded, use_change};
use crate::format;
use crate::live::use_live;
use crate::serverfns::report::{BeginReportSchedule, EndReportSchedule, list_reports};
use crate::site_map;
use crate::url::encode;

/// The reports.
#[component]
pub fn ReportsPage() -> AnyView {
    let live = use_live();
    let begin = use_change::<BeginReportSchedule>();
    let end = use_change::<EndReportSchedule>();
    let board = Resource::new(move || live.asked.get(), |_| list_reports());
    view! {
        <Title text=site_map::REPORTS.title />
        <h1 class="only-read">{site_map::REPORTS.title}</h1>
        <Loaded resource=board let:board>
            <Board board begin end />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Board(
    board: ReportBoard,
    begin: ServerAction<BeginReportSchedule>,
    end: ServerAction<EndReportSchedule>,
) -> AnyView {
    let ReportBoard { index, sending } = board;
    let answer = answer(&index);
    let teams = index.teams.clone();
    let rows = periods(index).into_iter().map(|period| view! { <Row period /> });
    let rows = rows.collect_view();
    let sending = sending.map(|sending| view! { <Schedules sending teams begin end /> });
    view! {
        <p class="answer">{answer}</p>
        <DataTable class="people reports" columns=vec![
            Column::text("Period"),
            Column::text("State"),
            Column::figure("SLOs met"),
            Column::text("By team"),
        ]>
            {rows}
        </DataTable>
        {sending}
    }
    .into_any()
}

/// "October 2026 is the latest closed period: 4 of 5 SLOs were met."
fn answer(index: &ReportIndex) -> String {
    let mut closed = index.reports.iter();
    let last = closed.find(|row| row.head.state == ReportState::Closed && row.head.team.is_none());
    last.map_or_else(
        || {
            "No period has closed yet. Months and quarters close one day after they end; their figures are final then."
                .to_owned()
        },
        |row| {
            let period = format::begun(&row.head.label.spoken());
            let of = format::counted(row.judged.into(), "SLO was", "SLOs were");
            format!("{period} is the latest closed period: {} of {of} met.", row.met)
        },
    )
}

/// A period, with its report of all and those of teams.
#[derive(Clone)]
struct Period {
    whole: ReportRow,
    teams: Vec<Text>,
}

/// The periods in the order of the index. One that runs has a report of every team.
fn periods(index: ReportIndex) -> Vec<Period> {
    let mut found: Vec<Period> = Vec::new();
    for row in index.reports {
        let known = found
            .iter_mut()
            .find(|period| period.whole.head.label == row.head.label);
        match (known, &row.head.team) {
            (Some(period), Some(team)) => period.teams.push(team.clone()),
            (Some(period), None) => period.whole = row,
            (None, team) => found.push(Period {
                teams: match (row.head.state, team) {
                    (ReportState::Running, _) => index.teams.clone(),
                    (_, Some(team)) => vec![team.clone()],
                    (_, None) => Vec::new(),
                },
                whole: row,
            }),
        }
    }
    found
}

fn path(label: PeriodLabel, team: Option<&str>) -> String {
    match team {
        Some(team) => format!("/reports/{label}?team={}", encode(team)),
        None => format!("/reports/{label}"),
    }
}

#[component]
fn Row(period: Period) -> AnyView {
    let Period { whole, teams } = period;
    let label = whole.head.label;
    let met = if whole.judged == 0 {
        format::NONE.to_owned()
    } else {
        format!("{} of {}", whole.met, whole.judged)
    };
    let teams = teams.into_iter().map(|team| {
        let href = path(label, Some(&team));
        view! { <li><a href=href>{team.to_string()}</a></li> }
    });
    let state = match whole.head.state {
        ReportState::Running => "in progress".to_owned(),
        ReportState::Ended => "closes within a day".to_owned(),
        ReportState::Closed => format!("closed on {}", format::day(whole.head.made_ns)),
    };
    view! {
        <tr>
            <th scope="row"><a href=path(label, None)>{format::begun(&label.spoken())}</a></th>
            <td>{state}</td>
            <td class="num">{met}</td>
            <td><ul class="names">{teams.collect_view()}</ul></td>
        </tr>
    }
    .into_any()
}
