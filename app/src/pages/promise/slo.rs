//! One objective (`/slos/{name}`): the objective in a sentence, how it stands and from what, where its budget went, its alerts,
//! and what does not count.

mod about;
mod alerts;
mod budget;
mod burns;
mod examples;
mod exclusions;
mod figures;
mod spending;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::slo::SloView;

use self::about::About;
use self::alerts::Alerts;
use self::budget::Budget;
use self::burns::Burns;
use self::examples::Examples;
use self::exclusions::Exclusions;
use self::figures::Answer;
use self::spending::SpendingByPart;
use crate::components::{AlertChanges, ChangeFailure, Empty, LiveData, LiveLoaded, use_change};
use crate::live::use_live;
use crate::serverfns::slo::{BeginExclusion, EndExclusion, RemoveSlo, SetBudgetPolicy, read_slo};
use crate::url::{use_shared, use_subject};

/// What the page offers to change.
#[derive(Clone, Copy)]
struct Changes {
    alerts: AlertChanges,
    exclude: ServerAction<BeginExclusion>,
    end_exclusion: ServerAction<EndExclusion>,
    policy: ServerAction<SetBudgetPolicy>,
    remove: ServerAction<RemoveSlo>,
}

/// One objective.
#[component]
pub fn SloPage() -> AnyView {
    let live = use_live();
    let name = use_subject("slos");
    let changes = Changes {
        alerts: AlertChanges {
            acknowledge: use_change(),
            silence: use_change(),
            end: use_change(),
        },
        exclude: use_change(),
        end_exclusion: use_change(),
        policy: use_change(),
        remove: use_change(),
    };
    let resource = Resource::new(move || (name.get(), live.tick.get()), |(name, _)| read_slo(name));
    let as_of: fn(&Option<SloView>) -> _ = |view| view.as_ref().map(|view| view.at_ns);
    view! {
        <Title text=move || name.get() />
        <ChangeFailure action=changes.remove />
        <LiveLoaded resource as_of let:data>
            <Whole data name changes />
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Whole(data: LiveData<Option<SloView>>, name: Memo<String>, changes: Changes) -> impl IntoView {
    let there = Memo::new(move |_| data.with(Option::is_some));
    let view = Memo::new(move |_| data.with(Clone::clone));
    move || {
        if there.get() {
            view! { <Detail view=Known(view) name changes /> }.into_any()
        } else {
            view! { <NoObjective name=name.get() /> }.into_any()
        }
    }
}

/// An objective that there is. There is none only while the page turns to one that is not there.
#[derive(Clone, Copy)]
struct Known(Memo<Option<SloView>>);

impl Known {
    /// A part of what is known, followed by itself: what is made of it stays while other parts change.
    fn part<T: Clone + PartialEq + Send + Sync + 'static>(self, read: fn(&SloView) -> T) -> Memo<Option<T>> {
        Memo::new(move |_| self.0.with(|view| view.as_ref().map(read)))
    }
}

#[component]
fn Detail(view: Known, name: Memo<String>, changes: Changes) -> AnyView {
    view! {
        <Answer view />
        <Budget view />
        <Burns view />
        <Alerts view changes=changes.alerts />
        <SpendingByPart name />
        <Examples view name />
        <Exclusions view exclude=changes.exclude end=changes.end_exclusion />
        <About view policy=changes.policy remove=changes.remove />
    }
    .into_any()
}

/// There is no such objective, or no longer.
#[component]
pub(super) fn NoObjective(name: String) -> AnyView {
    crate::serverfns::not_found();
    let shared = use_shared();
    view! {
        <Empty title=format!("There is no SLO {name}")>
            <p>"It may have been removed or renamed. "
                <a href=move || shared.with(|shared| shared.link("/slos", &[]))>"All SLOs"</a> "."</p>
        </Empty>
    }
    .into_any()
}
