//! The jump box: words go to the trace search; pages, services and a pasted trace id are offered while typing. Ctrl K comes
//! here from anywhere. Without JavaScript it is a search form.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pointsman_domain::ids::TraceId;
use pointsman_domain::people::read::Me;

use crate::failure::Failure;
use crate::format::shown;
use crate::serverfns::choices::list_choices;
use crate::site_map::{PAGES, Page, Reach};
use crate::url::{Shared, use_shared};

/// How many places are offered at once.
const MOST: usize = 20;

/// A place to jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    label: String,
    kind: &'static str,
    href: String,
}

/// What fits what was typed: a trace by its id, then pages that the reader is led to and services whose names hold it, those that begin
/// so first.
fn targets(typed: &str, services: &[String], me: &Me, shared: &Shared) -> Vec<Target> {
    if let Some(id) = trace_id(typed) {
        return vec![Target {
            label: id.to_string(),
            kind: "trace",
            href: shared.trace(&id.to_string(), None),
        }];
    }
    let typed = typed.trim().to_lowercase();
    let led_to = |page: &&'static Page| page.reach != Reach::Links && (page.seen_by)(me);
    let pages = PAGES.into_iter().filter(led_to).map(|page| Target {
        label: page.title.to_owned(),
        kind: "page",
        href: shared.link(page.path, &[]),
    });
    let services = services.iter().map(|name| Target {
        label: name.clone(),
        kind: "service",
        href: shared.service(name),
    });
    let place = |target: &Target| target.label.to_lowercase().find(&typed);
    let mut found: Vec<_> = pages.chain(services).filter(|target| place(target).is_some()).collect();
    found.sort_by_key(|target| place(target) != Some(0));
    found.truncate(MOST);
    found
}

/// Where Enter leads: to the trace whose id was typed, else to the search for the words.
fn found_by(typed: &str, shared: &Shared) -> String {
    match trace_id(typed) {
        Some(id) => shared.trace(&id.to_string(), None),
        None => shared.link("/traces", &[("q", typed.trim())]),
    }
}

/// The id of a trace, where the text is one and nothing else.
pub fn trace_id(text: &str) -> Option<TraceId> {
    text.trim().parse().ok()
}

/// The jump box.
#[component]
pub fn Jump(
    /// Who reads.
    me: Resource<Result<Me, Failure>>,
) -> AnyView {
    let (shared, navigate) = (use_shared(), use_navigate());
    let input = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<usize>);
    let read = Action::new(|(): &()| list_choices(None));
    let services = Memo::new(move |_| match read.value().get() {
        Some(Ok(choices)) => choices.services.into_iter().map(|(name, _)| name.to_string()).collect(),
        _ => Vec::new(),
    });
    let found = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        // Nobody types before the page is taken over, so what is read here never keeps it waiting.
        let me = me.get().and_then(Result::ok).unwrap_or_default();
        services.with(|services| shared.with(|shared| typed.with(|typed| targets(typed, services, &me, shared))))
    });
    focus_on_ctrl_k(input);

    let close = move || {
        open.set(false);
        chosen.set(None);
    };
    let go = move |href: &str| {
        close();
        typed.set(String::new());
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            // A browser that can't take the focus away leaves it where it is.
            let _ = input.blur();
        }
        navigate(href, NavigateOptions::default());
    };
    let on_key = {
        let go = go.clone();
        move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => close(),
            "ArrowDown" | "ArrowUp" => {
                event.prevent_default();
                let count = found.with_untracked(Vec::len);
                chosen.update(|chosen| *chosen = step(*chosen, count, event.key() == "ArrowDown"));
            }
            "Enter" => {
                let target = chosen
                    .get_untracked()
                    .and_then(|i| found.with_untracked(|found| found.get(i).cloned()));
                if let Some(target) = target {
                    event.prevent_default();
                    go(&target.href);
                }
            }
            _ => {}
        }
    };
    let on_submit = {
        let go = go.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            go(&shared.with_untracked(|shared| typed.with_untracked(|typed| found_by(typed, shared))));
        }
    };
    let kept = move || {
        let pairs = shared.with(Shared::pairs).into_iter();
        pairs
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
            .collect_view()
    };
    let items = move || {
        let item = |(i, target): (usize, Target)| {
            let (go, href) = (go.clone(), target.href.clone());
            view! {
                <a
                    id=format!("jump-{i}")
                    role="option"
                    tabindex="-1"
                    href=target.href
                    aria-selected=move || (chosen.get() == Some(i)).to_string()
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |event| {
                        event.prevent_default();
                        go(&href);
                    }
                >
                    {shown(&target.label)}
                    <span class="kind">{target.kind}</span>
                </a>
            }
        };
        found.get().into_iter().enumerate().map(item).collect_view()
    };
    let expanded = move || found.with(|found| !found.is_empty());
    view! {
        <form class="jump" action="/traces" method="get" role="search" on:submit=on_submit>
            {kept}
            <input
                node_ref=input
                type="search"
                name="q"
                id="jump"
                role="combobox"
                placeholder="Search traces or jump"
                aria-label="Search traces, or jump to a service or page"
                aria-autocomplete="list"
                aria-controls="jump-list"
                aria-expanded=move || expanded().to_string()
                aria-activedescendant=move || chosen.get().map(|i| format!("jump-{i}"))
                aria-keyshortcuts="Control+K"
                autocomplete="off"
                on:focus=move |_| {
                    read.dispatch(());
                    open.set(true);
                }
                on:blur=move |_| close()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    open.set(true);
                    chosen.set(None);
                }
                on:keydown=on_key
            />
            <kbd aria-hidden="true">"Ctrl K"</kbd>
            <div class="jump-list" id="jump-list" role="listbox" aria-label="Pages, services and traces" hidden=move || !expanded()>
                {items}
            </div>
        </form>
    }
    .into_any()
}

/// The next or the one before, round the end; none stands between the last and the first.
fn step(chosen: Option<usize>, count: usize, down: bool) -> Option<usize> {
    match (chosen, down) {
        _ if count == 0 => None,
        (None, true) => Some(0),
        (None, false) => Some(count - 1),
        (Some(i), true) => (i + 1 < count).then_some(i + 1),
        (Some(i), false) => i.checked_sub(1),
    }
}

fn focus_on_ctrl_k(input: NodeRef<html::Input>) {
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                if let Some(input) = input.get_untracked() {
                    // Nothing to do where the browser refuses the focus.
                    let _ = input.focus();
                    input.select();
                }
            }
        });
        on_cleanup(move || listener.remove());
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::Query;

    #[test]
    fn names_that_begin_so_come_first_and_links_carry_the_range() {
        let shared = Shared::of(&Query::parse("range=1h"));
        let services = ["cart".to_owned(), "smart-log".to_owned(), "art".to_owned()];
        let found = targets("Art", &services, &Me::default(), &shared);
        let labels: Vec<_> = found.iter().map(|target| target.label.as_str()).collect();
        assert_eq!(labels, ["art", "cart", "smart-log"]);
        assert_eq!(found[0].href, "/services/art?range=1h");
    }

    #[test]
    fn a_trace_id_is_a_place() {
        let id = "88ebfbcebbbc0884eabd9178e1808940";
        let found = targets(&format!(" {id} "), &[], &Me::default(), &Shared::default());
        assert_eq!(found[0].href, format!("/traces/{id}"));
        // Pasted, and Enter before anything is offered.
        let shared = Shared::of(&Query::parse("range=1h"));
        assert_eq!(
            found_by(&format!(" {}\n", id.to_uppercase()), &shared),
            format!("/traces/{id}?range=1h")
        );
        assert_eq!(found_by("out of stock", &shared), "/traces?range=1h&q=out%20of%20stock");
    }

    #[test]
    fn every_page_that_the_reader_may_see_is_offered() {
        let offered = |me: &Me, typed: &str| {
            let found = targets(typed, &[], me, &Shared::default());
            found.into_iter().map(|target| target.href).collect::<Vec<_>>()
        };
        let me = Me {
            name: Some("ada".into()),
            may_read_audit: true,
            may_edit_slos: true,
            ..Me::default()
        };
        assert_eq!(offered(&me, "slo"), ["/slos", "/slos/new"]);
        assert_eq!(offered(&me, "audit"), ["/audit"]);
        assert_eq!(offered(&me, "profile"), ["/profile"]);
        assert_eq!(offered(&Me::default(), "new"), [""; 0]);
        // What has a parameter, answers a form or is for nobody yet known is no place to jump to.
        let everything = Me {
            name: Some("root".into()),
            may_read_teams: true,
            may_read_users: true,
            may_read_audit: true,
            may_read_contracts: true,
            may_edit_contracts: true,
            may_create_tokens: true,
            may_edit_teams: true,
            may_edit_slos: true,
            may_edit_channels: true,
            ..Me::default()
        };
        let pages = PAGES.iter().filter(|page| page.reach != Reach::Links);
        for page in pages {
            assert!(
                offered(&everything, page.title).contains(&page.path.to_owned()),
                "{}",
                page.path
            );
        }
        assert_eq!(offered(&everything, "sign in"), [""; 0]);
    }

    #[test]
    fn arrows_go_round() {
        assert_eq!(step(None, 2, true), Some(0));
        assert_eq!(step(Some(1), 2, true), None);
        assert_eq!(step(None, 2, false), Some(1));
        assert_eq!(step(Some(0), 2, false), None);
        assert_eq!(step(None, 0, true), None);
    }
}
