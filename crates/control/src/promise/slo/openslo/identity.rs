//! Which objective an entry of a document is. An entry is known by its displayName (its target where it has none) and never by its place, so
//! that objectives, their budgets and what names them stay what they were when entries are moved, added or taken out.

use pointsman_domain::Text;
use pointsman_domain::slo::{Objective, ObjectiveDraft};

use super::read::{Part, Slo};

/// The names of the entries, in their order. `known` are the objectives that there are.
///
/// An entry is the objective `NAME-KEY` where there is one. Else it is `NAME` where it is the only entry, or is what `NAME` says: by the same
/// title, or in all but the title. Else it is new, as `NAME` where it is the only one and as `NAME-KEY` where not.
pub(super) fn names(slo: &Slo, known: &[Objective]) -> Vec<Text> {
    let lone = slo.parts.len() == 1;
    let own = |part: &Part| -> Text {
        if part.key.is_empty() {
            slo.name.clone()
        } else {
            format!("{}-{}", slo.name, part.key).into()
        }
    };
    let is_there = |name: &Text| known.iter().any(|objective| objective.name == *name);
    let mut names: Vec<Text> = slo.parts.iter().map(own).collect();
    let first = known.iter().find(|objective| objective.name == slo.name);
    let free = || (0..slo.parts.len()).filter(|&at| !is_there(&names[at]));
    let whole = if lone {
        free().next()
    } else {
        first.and_then(|first| {
            let titled = |&at: &usize| same_title(&slo.parts[at].objective, first);
            let alike = |&at: &usize| same_content(&slo.parts[at].objective, first);
            free().find(titled).or_else(|| free().find(alike))
        })
    };
    if let Some(at) = whole {
        names[at].clone_from(&slo.name);
    }
    names
}

fn same_title(a: &ObjectiveDraft, b: &ObjectiveDraft) -> bool {
    !a.title.is_empty() && a.title == b.title
}

fn same_content(a: &ObjectiveDraft, b: &ObjectiveDraft) -> bool {
    let plain = |draft: &ObjectiveDraft| ObjectiveDraft {
        name: Text::default(),
        title: Text::default(),
        ..draft.clone()
    };
    plain(a) == plain(b)
}
